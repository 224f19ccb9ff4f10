"""The page of a scenario's keys, from the schema by which scenarios are validated."""

from collections.abc import Iterator, Mapping
from typing import Any

from awsit.actions.registry import BY_TYPE
from awsit.model.json import exact
from awsit.scenario.json_schema.scenario import scenario_schema
from property_tables import NAMES, cell, description, first_paragraph, shown_default, type_text

INTRODUCTION = """
# Scenario keys

Every key of a scenario, with its type and its default. A key with an empty default may be left out, and does nothing
then. `params` are those of the action's [type](../actions/index.md). Assertions have their [operators](operators.md).
[Scenarios](../write/scenario.md) explains the keys with examples.
"""
TITLES = {
    "ActionSpec": "An action",
    "FollowUpSpec": "An action of `cleanup` or `on_failure`",
    "CaptureSpec": "A value of `pass_to_context`",
}
"""The titles of definitions that are not called after their key; `RetrySpec` is that of `retry`."""
ELSEWHERE = {"Assertion", "BranchSpec", "ChoiceSpec", "ParallelSpec"}
"""Definitions that other pages of the reference have."""
HEAD = "| key | type | default | |\n|---|---|---|---|"


def scenario_page() -> str:
    """The text of the page."""
    schema: dict[str, Any] = exact(scenario_schema(BY_TYPE))
    parts = [INTRODUCTION, "## A scenario\n", keys_table(schema)]
    for name, definition in definitions(schema):
        text = first_paragraph(definition.get("description"))
        parts += [f"## {title_of(name)}\n", *([f"{text}\n"] if text else []), keys_table(definition)]
    return "\n".join(parts)


def definitions(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The definitions that the page shows: actions first."""
    for name, definition in sorted(schema["$defs"].items(), key=lambda item: item[0] != "ActionSpec"):
        if name.endswith("Spec") and name not in ELSEWHERE:
            yield name, definition


def title_of(name: str) -> str:
    """The title of a definition: after what it describes."""
    return TITLES.get(name, f"`{key_of(name)}`")


def key_of(name: str) -> str:
    """The key whose value a definition describes: `retry` of `RetrySpec`."""
    return name.removesuffix("Spec").lower()


def keys_table(definition: Mapping[str, Any]) -> str:
    """The keys of an object, as a table whose types lead to the objects that they name."""
    required = set(definition.get("required", ()))
    rows = [
        f"| `{name}` | {linked(cell(type_text(detail)))} "
        f"| {'**required**' if name in required else shown_default(detail)} | {cell(description(detail))} |"
        for name, detail in definition["properties"].items()
    ]
    return "\n".join([HEAD, *rows, ""])


def linked(kind: str) -> str:
    """A type in words, in which the names of definitions are links."""
    words = (f"[`{key_of(word)}`](#{key_of(word)})" if is_definition(word) else word for word in kind.split(" "))
    return " ".join(words)


def is_definition(word: str) -> bool:
    """Whether a word of a type is the name of a definition."""
    return word.endswith("Spec") and word not in NAMES and word not in TITLES
