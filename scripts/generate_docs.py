"""Write the reference pages and the JSON Schemas from the code; with `--check`, only name those that are stale."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from error_gallery import gallery_page
from inverses_page import inverses_page
from operator_examples import operators_page
from performance_page import performance_table
from permissions_page import permissions_page
from quotas_page import quotas_page
from template_examples import templates_page

DOCS = Path(__file__).parents[1] / "docs"
HELP_WIDTH = 100
NOTE = "<!-- Written by `make docs` from the code. Do not edit. -->\n"
EXIT_CODES = ("<!-- Exit codes: written by `make docs` from the code. -->", "<!-- End of the exit codes. -->")
PERFORMANCE = (
    "<!-- Performance: written by `make docs` from docs/performance.json. -->",
    "<!-- End of the performance. -->",
)
PLAIN_TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "array": "list",
    "object": "object",
    "null": "null",
}


def pages() -> dict[str, str]:
    """The text of each generated page by its path below `docs`."""
    return {
        "reference/commands.md": commands_page(),
        "reference/actions.md": actions_page(),
        "reference/operators.md": NOTE + operators_page(),
        "reference/exit_codes.md": exit_codes_page(),
        "reference/metrics.md": metrics_page(),
        "reference/quotas.md": NOTE + quotas_page(),
        "../README.md": with_exit_codes("../README.md", brief=True),
        "troubleshooting.md": with_exit_codes("troubleshooting.md", brief=False),
        "reference/inverses.md": NOTE + inverses_page(),
        "reference/permissions.md": NOTE + permissions_page(),
        "reference/templates.md": NOTE + templates_page(),
        "reference/errors.md": NOTE + gallery_page(),
        "run/performance.md": with_lines("run/performance.md", PERFORMANCE, performance_table()),
        **schemas(),
    }


def exit_codes_page() -> str:
    """The page of exit codes."""
    from awsit.cli.exit_codes import MEANINGS, WORST_FIRST

    rows = [f"| {code:d} | {each.summary} | {each.cases} | {each.next_step} |" for code, each in MEANINGS.items()]
    order = ", ".join(str(int(code)) for code in WORST_FIRST)
    intro = f"The exit code of a command that made several runs is that of the worst: {order}.\n"
    return "\n".join(
        [NOTE, "# Exit codes\n", intro, "| code | means | when | look at |", "|---|---|---|---|", *rows, ""]
    )


def metrics_page() -> str:
    """The page of metrics: the catalogue by which they are emitted."""
    from awsit.metrics.catalogue import METRICS

    rows = [
        [f"`{each.name}`", each.unit, f"`{'`, `'.join(each.dimensions)}`", ", ".join(each.statistics), each.meaning]
        for each in METRICS
    ]
    intro = "What CloudWatch has of runs; [observability](../operate/observability.md#metrics) says where and when.\n"
    head = ["| metric | unit | dimensions | look at | what it is |", "|---|---|---|---|---|"]
    return "\n".join([NOTE, "# Metrics\n", intro, *head, *(f"| {' | '.join(row)} |" for row in rows), ""])


def with_exit_codes(path: str, *, brief: bool) -> str:
    """A page written by hand, with the table of exit codes between its marks."""
    from awsit.cli.exit_codes import MEANINGS

    if brief:
        lines = [
            "| code | means |",
            "|---|---|",
            *(f"| {code:d} | {each.summary} |" for code, each in MEANINGS.items()),
        ]
    else:
        lines = ["| exit code | means | look at |", "|---|---|---|"]
        lines += [f"| {code:d} | {each.cases} | {each.next_step} |" for code, each in MEANINGS.items()]
    return with_lines(path, EXIT_CODES, lines)


def with_lines(path: str, marks: tuple[str, str], lines: list[str]) -> str:
    """A page written by hand, with these lines between its marks."""
    begins, ends = marks
    before, _, rest = (DOCS / path).read_text(encoding="utf-8").partition(begins)
    _, _, after = rest.partition(ends)
    return "".join([before, begins, "\n".join(["", *lines, ""]), ends, after])


def commands_page() -> str:
    """The page of commands: the output of `--help` for each."""
    from awsit.cli.main import cli

    parts = [NOTE, "# Commands\n", "Every command explains itself with `--help`; this is the same text.\n"]
    root = click.Context(cli, info_name="awsit", terminal_width=HELP_WIDTH, **cli.context_settings)
    parts.extend(f"## {each.command_path}\n\n```text\n{each.get_help().rstrip()}\n```\n" for each in contexts(root))
    return "\n".join(parts)


def contexts(context: click.Context) -> Iterator[click.Context]:
    """The context of a command, and those of its subcommands."""
    yield context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            command = context.command.get_command(context, name)
            if command is not None:
                yield from contexts(click.Context(command, parent=context, info_name=name))


def actions_page() -> str:
    """The page of actions: the parameters of each, from the model that validates them."""
    from awsit.actions.registry import BY_TYPE
    from awsit.scenario.schema.control import CONTROL_PARAMS

    parts = [
        NOTE,
        "# Actions\n",
        "What stands under `params`, for each `type`; [scenarios](../write/scenario.md) has examples.\n",
    ]
    for action in BY_TYPE.values():
        if action.type not in CONTROL_PARAMS:
            parts.extend([f"## `{action.type}`\n", first_paragraph(type(action).__doc__) + "\n"])
            parts.extend(schema_tables(action.params_model.model_json_schema()))
    for name, model in CONTROL_PARAMS.items():
        parts.extend(
            [f"## `{name}`\n", first_paragraph(model.__doc__) + "\n", property_table(model.model_json_schema())]
        )
    return "\n".join(parts)


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
    from awsit.model.json import dumps, exact

    examples = detail.get("examples", ())
    return " ".join(
        [detail.get("description", ""), *(f"Example: `{dumps(exact(example))}`." for example in examples[:1])]
    )


def shown_default(detail: Mapping[str, Any]) -> str:
    """The cell of a default, empty for None and empty values."""
    from awsit.model.json import dumps, exact

    default = detail.get("default")
    return "" if default in (None, {}, [], "") else f"`{dumps(exact(default))}`"


def type_text(detail: Mapping[str, Any]) -> str:
    """The type of a property in words, such as `list of text`."""
    if "$ref" in detail:
        name = str(detail["$ref"]).rsplit("/", 1)[-1]
        return "action" if name == "ActionSpec" else name
    for union in ("anyOf", "oneOf", "allOf"):
        if union in detail:
            kinds = dict.fromkeys(type_text(option) for option in detail[union] if option.get("type") != "null")
            return " or ".join(kinds)
    if "const" in detail or "enum" in detail:
        return ", ".join(f"`{value}`" for value in detail.get("enum", [detail.get("const")]))
    if detail.get("type") == "array" and detail.get("items"):
        return f"list of {type_text(detail['items'])}"
    kinds = detail.get("type", "")
    return (
        " or ".join(PLAIN_TYPES[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds) if kind) or "any value"
    )


def cell(text: str) -> str:
    """Text as the cell of a Markdown table: on one line, with `|` escaped."""
    return " ".join(text.split()).replace("|", "\\|")


def first_paragraph(text: str | None) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((text or "").strip().split("\n\n")[0].split())


def schemas() -> dict[str, str]:
    """The JSON Schemas as `awsit schema` prints them, by their paths below `docs`."""
    from awsit.cli.schemas import SCHEMAS, schema_text

    return {f"schema/{name}.schema.json": schema_text(name) for name in SCHEMAS}


def main(arguments: list[str]) -> int:
    """Write the pages that changed; with `--check`, name them and fail."""
    stale = {path: text for path, text in pages().items() if not is_fresh(DOCS / path, text)}
    if "--check" in arguments:
        for path in stale:
            print(f"docs/{path} is stale: run `make docs`", file=sys.stderr)
        return 1 if stale else 0
    for path, text in stale.items():
        (DOCS / path).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / path).write_text(text, encoding="utf-8")
        print(f"docs/{path}")
    return 0


def is_fresh(path: Path, text: str) -> bool:
    """Whether the file has this text."""
    return path.is_file() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
