"""Annotations: messages that GitHub shows beside the lines of scenario files, written as workflow commands.

Source: GitHub Docs, "Workflow commands for GitHub Actions". The runner decodes `%25`, `%0D` and `%0A` everywhere, and
`%3A` and `%2C` in properties. A step shows at most ten errors and ten warnings; its log has the others too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from awsit.errors import AwsitError, InvalidInputError, Position
from awsit.model.result import RunResult
from awsit.reporting.failure_context import ContextOf
from awsit.reporting.terminal.positions import failures
from awsit.reporting.terminal.terminal import plain
from awsit.reporting.totals import Totals
from awsit.reporting.verdicts import Verdict, likely_cause, name_of, reason, verdict_of
from awsit.scenario.reading.source import Source

LONGEST = 4_000
"""Characters of a message. The report has the whole of it."""

LEVELS = {
    Verdict.LEFT_BEHIND: "warning",
    Verdict.CANCELLED: "notice",
    Verdict.SKIPPED: "notice",
    Verdict.RUNNING: "notice",
}
ERROR = "error"


def workflow_commands(results: Sequence[RunResult], context_of: ContextOf, workspace: str = "") -> Iterator[str]:
    """A command for each run that did not pass cleanly, worst first. Paths are relative to the folder `workspace`."""
    totals = Totals.of(results)
    for place in totals.worst_first:
        if totals.verdicts[place] is not Verdict.PASSED:
            result = results[place]
            yield _of_run(result, context_of(result).source, workspace)


def of_error(error: AwsitError, workspace: str = "") -> str:
    """A command for each problem of the error that kept everything from running, or one for the error itself."""
    problems = error.problems if isinstance(error, InvalidInputError) else ()
    messages = [(_joined(each.message, each.hint), each.position) for each in problems]
    messages = messages or [(_joined(error.message, error.hint), None)]
    return "".join(_command(ERROR, "awsit", text, position, workspace) for text, position in messages)


def _of_run(result: RunResult, source: Source | None, workspace: str) -> str:
    verdict = verdict_of(result)
    title = f"{name_of(result)}: {verdict.words}"
    cause = likely_cause(result)
    text = _joined(reason(result), f"likely cause: {cause}" if cause else "", f"run {result.run_id}")
    position = _position(result, source) if source else None
    return _command(LEVELS.get(verdict, ERROR), title, text, position, workspace)


def _position(result: RunResult, source: Source) -> Position:
    """The position of the first failure; the scenario's name where none has a position."""
    positions = (problem.position for problem in failures(result, source) if problem.position)
    return next(positions, None) or source.position("name")


def _command(level: str, title: str, text: str, position: Position | None, workspace: str) -> str:
    properties = {"title": plain(title)}
    if position:
        properties |= {
            "file": plain(_path(position.file, workspace)),
            "line": str(position.line),
            "col": str(position.column),
            "endColumn": str(position.column + position.length),
        }
    parameters = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {parameters}::{_data(plain(text[:LONGEST]))}\n"


def _path(file: str, workspace: str) -> str:
    path = Path(file).absolute()
    return path.relative_to(workspace).as_posix() if workspace and path.is_relative_to(workspace) else file


def _joined(*lines: str) -> str:
    return "\n".join(filter(None, lines))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
