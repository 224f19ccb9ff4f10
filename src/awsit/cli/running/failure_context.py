"""What is found out about a run that did not pass: its scenario's text, its log, the command that runs it again."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from awsit.cli import rerun_command
from awsit.cli.session import Session
from awsit.config import LOCAL, Settings
from awsit.errors import AwsitError
from awsit.model.result import RunResult, RunStatus
from awsit.reporting.console_link import console_link
from awsit.reporting.failure_context import FailureContext
from awsit.reporting.verdicts import passed_cleanly
from awsit.scenario.reading.source import Source

MOST_LOGS = 10
"""Of so many runs that did not pass a command reads the log; CloudWatch allows few such calls in a second."""

Log = Mapping[tuple[str, int], tuple[str, ...]]


def failure_context(session: Session, settings: Settings, result: RunResult, report: str = "") -> FailureContext:
    """All that can be had; of a run that passed, only where its report is. Raises nothing for what cannot be had."""
    if passed_cleanly(result) or result.status is RunStatus.RUNNING:
        return FailureContext(report)
    known = session.asked.get(result.run_id)
    words = known.words if known else _words(settings, result)
    return FailureContext(
        report=report,
        rerun_command=rerun_command.command(words, settings),
        console_link="" if settings.sandbox else console_link(result.execution_arn),
        source=known.source if known and known.source else _source(session, settings, result),
        log=_log(session, settings, result),
    )


def _words(settings: Settings, result: RunResult) -> tuple[str, ...]:
    """Of a run that another command started; which variables it was given is not known any more.

    A row of a matrix has a name of its own, by which it is found in the project's folders.
    """
    file = Path(result.file).resolve()
    is_row = result.scenario.endswith("]")
    if is_row and result.file and any(file.is_relative_to(folder.resolve()) for folder in settings.scenarios):
        return rerun_command.words_for(result.scenario, {})
    named = result.file or result.scenario.partition("[")[0]
    return rerun_command.words_for(named, {}) if named else ()


def _source(session: Session, settings: Settings, result: RunResult) -> Source | None:
    """The scenario's file, if it is at hand and still says what ran."""
    from awsit.cli.selection.discovery import project_scenarios
    from awsit.cli.selection.paths import SelectedScenario, chosen_of, of_file
    from awsit.scenario.compile.fingerprint import fingerprint

    if not result.fingerprint:
        return None
    found: list[SelectedScenario] = []
    with suppress(AwsitError, OSError):
        found = [of_file(session, result.file)] if result.file else []
    with suppress(AwsitError, OSError):
        name = result.scenario.partition("[")[0]
        named = (
            each for each in project_scenarios(settings.scenarios, settings.root) if each.document.get("name") == name
        )
        found = found or [chosen_of(session, source) for source in named]
    return next((each.source for each in found if fingerprint(each.document) == result.fingerprint), None)


def _log(session: Session, settings: Settings, result: RunResult) -> Log:
    """The function's lines; what has not arrived in CloudWatch yet is left out."""
    known = result.execution_arn and result.started_at and result.finished_at
    if result.engine == LOCAL or not known or session.logs_read >= MOST_LOGS:
        return {}
    session.logs_read += 1
    try:
        return session.wiring.step_log(settings, result)
    except AwsitError:
        return {}
