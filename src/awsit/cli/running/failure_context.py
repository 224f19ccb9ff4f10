"""What is found out about a run that did not pass: its scenario's text, its log, the command that runs it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from awsit.cli.patterns import base_name
from awsit.cli.references import state_machine_of
from awsit.cli.reports.step_answer import try_command
from awsit.cli.selection import rerun_command
from awsit.cli.selection.folders import is_found_by_name
from awsit.cli.selection.requested_run import WaitingRun
from awsit.cli.selection.selected import SelectedScenario
from awsit.cli.selection.selection import Selector
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.errors import AwsitError
from awsit.model.result import RunResult, RunStatus
from awsit.records import replace
from awsit.reporting.console_link import EMULATED_ACCOUNT, EXECUTION_ARN, console_link
from awsit.reporting.failure_context import FailureContext
from awsit.reporting.verdicts import passed_cleanly
from awsit.scenario.reading.source import Source

MOST_LOGS = 10
"""Of so many runs that did not pass a command reads the log; CloudWatch allows few such calls in a second."""

MOST_HELD = 50
"""So many contexts are held for the next report that needs them; one may have the whole text of a scenario."""

Log = Mapping[tuple[str, int], tuple[str, ...]]


class FailureContexts:
    """Finds the contexts of the runs that one command shows. What cannot be found is left out.

    `runs` are those that the command itself made; of any other, text and command are found by the scenario's name.
    """

    def __init__(self, session: Session, settings: Settings, runs: Iterable[WaitingRun] = ()) -> None:
        self._session = session
        self._settings = settings
        self._runs = {run.run_id: run for run in runs}
        self._selector = Selector(session, settings)
        self._most_logs = MOST_LOGS
        self._logs: dict[str, Log] = {}
        self._reports: dict[str, str] = {}
        self._found: dict[str, FailureContext] = {}

    def of(self, result: RunResult, report: str = "") -> FailureContext:
        """The context of a run, whose report is at `report`; of one that passed, nothing else is in it."""
        if report:
            self._reports[result.run_id] = report
        if result.run_id not in self._found:
            if len(self._found) == MOST_HELD:
                del self._found[next(iter(self._found))]
            self._found[result.run_id] = self._find(result, self._reports.get(result.run_id, ""))
        return self._found[result.run_id]

    def _find(self, result: RunResult, report: str) -> FailureContext:
        if passed_cleanly(result) or result.status is RunStatus.RUNNING:
            return FailureContext(report)
        run = self._runs.get(result.run_id)
        words = run.rerun_words if run else _rerun_words(self._settings, result)
        return FailureContext(
            report=report,
            rerun_command=rerun_command.command(words, self._settings if run else _where(self._settings, result)),
            try_command=try_command(self._settings, result),
            console_link="" if self._settings.sandbox else console_link(result.execution_arn),
            source=(run.source if run else None) or self._source(result),
            log=self._log(result),
            aws_endpoint=self._aws_endpoint(),
        )

    def _aws_endpoint(self) -> str:
        running = self._session.wiring.sandbox(self._settings).status() if self._settings.sandbox else None
        return running.endpoint_url if running else ""

    def _source(self, result: RunResult) -> Source | None:
        """The scenario's file, if it is at hand and still says what ran."""
        from awsit.scenario.compile.fingerprint import fingerprint

        if not result.fingerprint:
            return None
        scenarios: list[SelectedScenario] = []
        with suppress(AwsitError, OSError):
            scenarios = [self._selector.by_file(result.file)] if result.file else []
        with suppress(AwsitError, OSError):
            scenarios = scenarios or self._selector.called(base_name(result.scenario))
        return next((each.source for each in scenarios if fingerprint(each.document) == result.fingerprint), None)

    def _log(self, result: RunResult) -> Log:
        """The function's lines of a run in an account; what has not arrived in CloudWatch yet is left out."""
        is_over = result.execution_arn and result.started_at and result.finished_at
        if is_over and result.run_id not in self._logs and len(self._logs) < self._most_logs:
            try:
                self._logs[result.run_id] = self._session.wiring.step_log(self._settings, result)
            except AwsitError:
                self._most_logs = 0  # the others would fail too
        return self._logs.get(result.run_id, {})


def _where(settings: Settings, result: RunResult) -> Settings:
    """The settings; with what leads to the state machine of a run from there, where they name none themselves."""
    execution = EXECUTION_ARN.fullmatch(result.execution_arn)
    if settings.uses_step_functions or execution is None:
        return settings
    if execution["account"] == EMULATED_ACCOUNT:
        return replace(settings, sandbox=True, origins={**settings.origins, "sandbox": "--sandbox"})
    machine = state_machine_of(result.execution_arn)
    origins = {**settings.origins, "state_machine_arn": "--state-machine-arn"}
    return replace(settings, state_machine_arn=machine, origins=origins)


def _rerun_words(settings: Settings, result: RunResult) -> tuple[str, ...]:
    """The words for a run that another command started; with which variables is not known any more.

    A row of a matrix has a name of its own, by which it is found in the project's folders.
    """
    is_row = result.scenario.endswith("]")
    if is_row and result.file and is_found_by_name(Path(result.file), settings):
        return rerun_command.words_for(result.scenario, {})
    name = result.file or base_name(result.scenario)
    return rerun_command.words_for(name, {}) if name else ()
