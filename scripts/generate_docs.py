"""Write the reference pages and the JSON Schemas from the code; with `--check`, only name those that are stale."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from action_pages import parameters_by_type
from configuration_page import configuration_page
from cost_page import cost_lines
from error_gallery import gallery_pages
from inverses_page import inverses_page
from limits_page import limits_table
from lines_page import lines_table
from operator_examples import operators_page
from performance_page import performance_table
from permissions_page import permissions_pages
from quotas_page import quotas_page
from scenario_page import scenario_page
from stack_page import stack_page
from template_examples import templates_page

DOCS = Path(__file__).parents[1] / "docs"
HELP_WIDTH = 100
NOTE = "<!-- Written by `make docs` from the code. Do not edit. -->\n"
EXIT_CODES = ("<!-- Exit codes: written by `make docs` from the code. -->", "<!-- End of the exit codes. -->")
COST = ("<!-- Cost: written by `make docs` from the code. -->", "<!-- End of the cost. -->")
LIMITS = ("<!-- Limits: written by `make docs` from the code. -->", "<!-- End of the limits. -->")
PARAMETERS = ("<!-- Parameters: written by `make docs` from the code. -->", "<!-- End of the parameters. -->")
LINES = (
    "<!-- Lines: written by `make docs` from benchmarks/lines and examples. -->",
    "<!-- End of the lines. -->",
)
PERFORMANCE = (
    "<!-- Performance: written by `make docs` from docs/performance.json. -->",
    "<!-- End of the performance. -->",
)


def pages() -> dict[str, str]:
    """The text of each generated page by its path below `docs`."""
    return {
        **command_pages(),
        **action_pages(),
        "reference/scenario.md": NOTE + scenario_page(),
        "reference/configuration.md": NOTE + configuration_page(),
        "reference/limits.md": with_lines("reference/limits.md", LIMITS, limits_table()),
        "reference/stack.md": NOTE + stack_page(),
        "reference/operators.md": NOTE + operators_page(),
        "reference/exit_codes.md": exit_codes_page(),
        "reference/metrics.md": metrics_page(),
        "reference/quotas.md": NOTE + quotas_page(),
        "../README.md": with_exit_codes("../README.md", brief=True),
        "troubleshooting.md": with_exit_codes("troubleshooting.md", brief=False),
        "reference/inverses.md": NOTE + inverses_page(),
        **reference_pages(permissions_pages()),
        "reference/templates.md": NOTE + templates_page(),
        **reference_pages(gallery_pages()),
        "operate/cost.md": with_lines("operate/cost.md", COST, cost_lines()),
        "compared.md": with_lines("compared.md", LINES, lines_table()),
        "run/performance.md": with_lines("run/performance.md", PERFORMANCE, performance_table()),
        **schemas(),
    }


def reference_pages(texts: Mapping[str, str]) -> dict[str, str]:
    """Pages of the reference that are wholly written from the code, by their paths."""
    return {f"reference/{name}.md": NOTE + text for name, text in texts.items()}


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


def command_pages() -> dict[str, str]:
    """A page for each command, with its `--help` and that of its subcommands, and a page that lists all."""
    from awsit.cli.main import cli

    root = click.Context(cli, info_name="awsit", terminal_width=HELP_WIDTH, **cli.context_settings)
    first = f"{NOTE}\n# Commands\n\nEvery command explains itself with `--help`; these pages have the same text.\n"
    pages = {"reference/commands/index.md": f"{first}\n{help_text(root)}"}
    for name, command in commands_of(root):
        parts = [f"{NOTE}\n# {command.command_path}\n\n{help_text(command)}"]
        parts += [f"## {each.command_path}\n\n{help_text(each)}" for _, each in commands_of(command)]
        pages[f"reference/commands/{name}.md"] = "\n".join(parts)
    return pages


def help_text(context: click.Context) -> str:
    """The output of a command's `--help` as a block of Markdown."""
    return f"```text\n{context.get_help().rstrip()}\n```\n"


def commands_of(context: click.Context) -> Iterator[tuple[str, click.Context]]:
    """The subcommands of a command with their names; none of one that is no group."""
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            command = context.command.get_command(context, name)
            if command is not None:
                yield name, click.Context(command, parent=context, info_name=name)


def action_pages() -> dict[str, str]:
    """The page of each action type, written by hand, with a table of its parameters at the end."""
    sections = parameters_by_type()
    without = sorted(name for name in sections if not (DOCS / f"actions/{name}.md").is_file())
    if without:
        raise SystemExit(f"docs/actions needs a page with an example of: {', '.join(without)}")
    return {
        f"actions/{name}.md": with_lines(f"actions/{name}.md", PARAMETERS, lines) for name, lines in sections.items()
    }


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
