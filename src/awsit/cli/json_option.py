"""`--json [FILE]`: JSON on the standard output, or in a file where one is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from awsit.cli import completion
from awsit.cli.lazy import ExampleCommand

OPTION = "--json"
STANDARD_OUTPUT = "-"

json = click.option(
    OPTION,
    "json",
    metavar="[FILE]",
    help="Write the report as JSON, to the standard output without FILE.",
    shell_complete=completion.files,
)


class JsonCommand(ExampleCommand):
    """A command with `--json [FILE]`, and with arguments that may be JSON files too.

    The word after `--json` is its FILE only if it can be a report: not a scenario, which is an argument.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words of the command line, with a FILE added to each `--json` that has none."""
        return super().parse_args(ctx, list(_with_value(args)))


def _with_value(args: Sequence[str]) -> Iterator[str]:
    rest = iter(args)
    for word in rest:
        if word == "--":
            yield from (word, *rest)
        elif word == OPTION:
            following = next(rest, None)
            if following is None or _is_file_to_write(following):
                yield f"{OPTION}={following or STANDARD_OUTPUT}"
            else:
                yield from (f"{OPTION}={STANDARD_OUTPUT}", *_with_value((following, *rest)))
        else:
            yield word


def _is_file_to_write(word: str) -> bool:
    """Whether a word is `-`, a JSON file that does not exist, or an earlier report; a scenario is none of these."""
    path = Path(word)
    return word == STANDARD_OUTPUT or (path.suffix == ".json" and (not path.exists() or is_report(path)))


def is_report(path: Path) -> bool:
    """Whether a file is an earlier report, of runs or of a load."""
    from awsit.load.result import LOAD_VERSION
    from awsit.model import json as reader
    from awsit.model.result import REPORT_VERSION

    try:
        document = reader.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    reports = document if isinstance(document, list) else [document]
    return all(isinstance(each, dict) and each.get("version") in {REPORT_VERSION, LOAD_VERSION} for each in reports)
