"""Tables in Markdown of what a JSON Schema says of an object: each property with its type, default and meaning."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from awsit.model.json import dumps, exact

PLAIN_TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "array": "list",
    "object": "object",
    "null": "null",
}
RANGE = {"exclusiveMinimum": "above", "minimum": "at least", "maximum": "at most"}
NAMES = {
    "ActionSpec": "action",
    "ActionOrUse": "action or `use`",
    "FollowUpOrUse": "action or `use`",
    "Assertion": "assertion",
}
"""What the definitions of the schema of scenarios are called that have no table of their own name."""


def schema_tables(schema: Mapping[str, Any]) -> Iterator[str]:
    """A table of the properties of an object, and one of each object that its JSON Schema defines."""
    if schema.get("properties"):
        yield property_table(schema)
    for name, definition in schema.get("$defs", {}).items():
        if definition.get("properties"):
            yield f"### {name}\n"
            if definition.get("description"):
                yield first_paragraph(definition["description"]) + "\n"
            yield property_table(definition)


def property_table(schema: Mapping[str, Any]) -> str:
    """The properties of an object as a Markdown table."""
    required = set(schema.get("required", ()))
    lines = ["| parameter | value | default | |", "|---|---|---|---|"]
    for name, detail in schema["properties"].items():
        default = "**required**" if name in required else shown_default(detail)
        lines.append(f"| `{name}` | {cell(type_text(detail))} | {default} | {cell(description(detail))} |")
    return "\n".join(lines) + "\n"


def description(detail: Mapping[str, Any]) -> str:
    """What a property is for, with its first example."""
    examples = detail.get("examples", ())
    return " ".join(
        [detail.get("description", ""), *(f"Example: `{dumps(exact(example))}`." for example in examples[:1])]
    )


def shown_default(detail: Mapping[str, Any]) -> str:
    """The cell of a default, empty for None and empty values."""
    default = detail.get("default")
    whole = int(default) if isinstance(default, float | Decimal) and default == int(default) else default
    return "" if default in (None, {}, [], "") else f"`{dumps(exact(whole))}`"


def type_text(detail: Mapping[str, Any]) -> str:
    """The type of a property in words, such as `list of text` or `whole number from 1 to 20`."""
    if "$ref" in detail:
        name = str(detail["$ref"]).rsplit("/", 1)[-1]
        return NAMES.get(name, name)
    for union in ("anyOf", "oneOf", "allOf"):
        if union in detail:
            kinds = dict.fromkeys(type_text(option) for option in detail[union] if option.get("type") != "null")
            return " or ".join(kinds)
    if "const" in detail or "enum" in detail:
        return ", ".join(map(_literal, detail.get("enum", [detail.get("const")])))
    if detail.get("type") == "array" and detail.get("items"):
        return f"list of {type_text(detail['items'])}"
    kinds = detail.get("type", "")
    words = " or ".join(PLAIN_TYPES[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds) if kind)
    return f"{words or 'any value'}{range_text(detail)}"


def _literal(value: Any) -> str:
    return f"`{value if isinstance(value, str) else dumps(exact(value))}`"


def range_text(detail: Mapping[str, Any]) -> str:
    """The limits of a number in words, such as ` above 0, at most 840`; empty when it has none."""
    limits = {key: f"{detail[key]:,}" for key in RANGE if key in detail}
    if {"minimum", "maximum"} <= limits.keys():
        return f" from {limits['minimum']} to {limits['maximum']}"
    return ",".join(f" {RANGE[key]} {value}" for key, value in limits.items())


def cell(text: str) -> str:
    """Text as the cell of a Markdown table: on one line, with `|` escaped."""
    return " ".join(text.split()).replace("|", "\\|")


def first_paragraph(text: str | None) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((text or "").strip().split("\n\n")[0].split())
