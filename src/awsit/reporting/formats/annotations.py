"""Annotations beside the lines of scenario files, as workflow commands in the log of GitHub Actions.

Source: GitHub Docs, "Workflow commands for GitHub Actions"; the runner decodes `%25`, `%0D`, `%0A` everywhere, and in
properties `%3A` and `%2C` too. A step shows ten errors and ten warnings; the rest is in its log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from awsit.errors import AwsitError, InvalidInputError, Position
from awsit.model.result import RunResult
from awsit.reporting.terminal.places import places
from awsit.reporting.terminal.terminal import plain
from awsit.reporting.verdicts import Verdict, name_of, reason, verdict_of
from awsit.scenario.reading.source import Source

LONGEST = 4_000
"""Characters of a message; what is longer is read in the report."""

LEVELS = {
    Verdict.LEFT_BEHIND: "warning",
    Verdict.CANCELLED: "notice",
    Verdict.SKIPPED: "notice",
    Verdict.RUNNING: "notice",
}
ERROR = "error"

SourceOf = Callable[[RunResult], Source | None]
"""Finds the scenario that a run came from; None where it came from no file."""


def workflow_commands(results: Sequence[RunResult], source_of: SourceOf, workspace: str = "") -> str:
    """A line for each run that did not pass, worst first. `workspace` is the folder that paths are relative to."""
    bad = [result for result in results if verdict_of(result) is not Verdict.PASSED]
    bad.sort(key=lambda result: list(Verdict).index(verdict_of(result)))
    return "".join(_of_run(result, source_of(result), workspace) for result in bad)


def of_error(error: AwsitError, workspace: str = "") -> str:
    """A line for each problem that kept anything from running."""
    problems = error.problems if isinstance(error, InvalidInputError) else ()
    told = [(_joined(each.message, each.hint), each.position) for each in problems]
    told = told or [(_joined(error.message, error.hint), None)]
    return "".join(_command(ERROR, "awsit", text, place, workspace) for text, place in told)


def _of_run(result: RunResult, source: Source | None, workspace: str) -> str:
    verdict = verdict_of(result)
    title = f"{name_of(result)}: {verdict.words}"
    text = _joined(reason(result), f"run {result.run_id}")
    place = _place(result, source) if source else None
    return _command(LEVELS.get(verdict, ERROR), title, text, place, workspace)


def _place(result: RunResult, source: Source) -> Position:
    """The first thing that did not hold; the scenario's name where nothing of it is to blame."""
    found = (problem.position for problem in places(result, source) if problem.position)
    return next(found, None) or source.position("name")


def _command(level: str, title: str, text: str, place: Position | None, workspace: str) -> str:
    properties = {"title": plain(title)}
    if place:
        properties |= {
            "file": _path(place.file, workspace),
            "line": str(place.line),
            "col": str(place.column),
            "endColumn": str(place.column + place.length),
        }
    given = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {given}::{_data(plain(text[:LONGEST]))}\n"


def _path(file: str, workspace: str) -> str:
    path = Path(file).absolute()
    return path.relative_to(workspace).as_posix() if workspace and path.is_relative_to(workspace) else file


def _joined(*lines: str) -> str:
    return "\n".join(filter(None, lines))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
