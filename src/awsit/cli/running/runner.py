"""The runs of one command: followed, shown, kept as reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from awsit.cli import exit_codes
from awsit.cli.failures import awsit_error, keep_crash, show
from awsit.cli.logs.run_log import log_end
from awsit.cli.past_runs.interrupted import journal_folder
from awsit.cli.past_runs.report_folder import add, forget_old
from awsit.cli.past_runs.stop_requests import StopRequests
from awsit.cli.references import with_commands
from awsit.cli.reports.files import ReportFiles
from awsit.cli.running import in_account
from awsit.cli.running.detached import say_how_to_go_on, say_what_was_cut_off
from awsit.cli.running.failure_context import FailureContexts
from awsit.cli.running.outcomes import FAIL_FAST, NOT_STARTED, Outcomes
from awsit.cli.running.side_by_side.pool import Pool
from awsit.cli.running.side_by_side.turns import Turns
from awsit.cli.running.signals import handle_interrupts
from awsit.cli.selection import last_run
from awsit.cli.selection.requested_run import WaitingRun
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.engine.counted import NOT_COUNTED
from awsit.errors import AwsitError, EnvironmentFailure, ExitCode
from awsit.model.events import Event, RunFinished
from awsit.model.result import RunResult, RunStatus, RunWarning
from awsit.model.run import NOT_SET_UP, Engine, StartedRun
from awsit.records import replace
from awsit.reporting.formats import json_
from awsit.system.garbage import frequent_collections

if TYPE_CHECKING:
    from awsit.cli.running.side_by_side.setups import PoolWithSetups
    from awsit.cli.running.suite_pool import SuitePool
    from awsit.reporting.events_file import EventsFile
    from awsit.reporting.terminal.console import ConsoleReporter

FORGOTTEN_TOGETHER = 100
"""After so many new reports, and at the end, old ones are removed."""


class Concurrency(Struct, frozen=True):
    """How runs are carried out: `jobs` at once; with `fail_fast`, none begins after one that did not pass."""

    jobs: int = 1
    fail_fast: bool = False


class Outputs(Struct, frozen=True):
    """What a command writes of its runs, beside what it shows to a person: `as_json` goes to the standard output."""

    as_json: bool
    files: ReportFiles
    events: EventsFile | None = None

    @property
    def uses_stdout(self) -> bool:
        """Whether the standard output is for a program, so that text for people goes elsewhere."""
        return self.as_json or self.files.uses_stdout


class Runner:
    """Runs requests with an engine, shows what happens, and keeps and writes the reports.

    Those of a `suite` in the account are followed only.
    """

    def __init__(
        self,
        session: Session,
        settings: Settings,
        engine: Engine,
        outputs: Outputs,
        suite: in_account.StartedSuite | None = None,
    ) -> None:
        self._session = session
        self._settings = settings
        self._engine = engine
        self._outputs = outputs
        self._suite = suite
        self._concurrency = Concurrency()
        self._unsaid = ""
        self._reports = 0
        self._unwritten: Exception | None = None
        self._failure_contexts = FailureContexts(session, settings)
        self._warnings: dict[str, tuple[RunWarning, ...]] = {}
        self._not_counted: dict[RunWarning, None] = {}
        self._setups: frozenset[str] = frozenset()
        self.outcomes = Outcomes((), engine.name, session.spool(settings))

    def run(self, runs: Sequence[WaitingRun], concurrency: Concurrency, seed: str = "") -> ExitCode:
        """Run all, whose fake data have one `seed`; an interruption ends it. Returns the worst exit code.

        What cannot be written ends no run. It is shown after the verdict, or before the error that is raised.
        """
        code = ExitCode.PASSED
        try:
            code = self._run_all(runs, concurrency, seed)
        finally:
            code = self._with_unwritten(code)
        return code

    def _run_all(self, runs: Sequence[WaitingRun], concurrency: Concurrency, seed: str) -> ExitCode:
        self._concurrency = concurrency
        self._failure_contexts = FailureContexts(self._session, self._settings, runs)
        self._warnings = {run.run_id: run.warnings for run in runs if run.warnings}
        self._setups = frozenset(run.suite_run for run in runs if run.suite_run)
        reporter = self._session.reporter(machine_output=self._outputs.uses_stdout)
        reporter.expect(len(runs))
        self.outcomes = Outcomes(runs, self._engine.name, self._session.spool(self._settings))
        try:
            with frequent_collections(len(runs)):
                self._run(runs, reporter)
        except KeyboardInterrupt:
            if not self.outcomes.still_running:
                raise
            self._say_what_becomes_of_runs()
            return ExitCode.INTERRUPTED
        except Exception:
            if self._engine.outlives_process and self.outcomes.still_running:  # a follower that failed harms no run
                self._say_what_becomes_of_runs()
            raise
        finally:
            results = self.outcomes.results()
            last_run.keep(self._settings, len(results), self.outcomes.failed, seed, self.outcomes.unfinished)
            self._write_all(results)
            if self._reports:
                self._forget_old_reports()
            self._say_what_was_not_counted()
        reporter.summary(results)
        return self.outcomes.exit_code

    def _say_what_becomes_of_runs(self) -> None:
        if self._suite:
            in_account.say_how_to_go_on(self._settings, self._suite)
        elif self._engine.outlives_process:
            say_how_to_go_on(self._settings, self.outcomes.still_running, self._setups)
        else:
            say_what_was_cut_off(self.outcomes.still_running)

    def _write_all(self, results: Sequence[RunResult]) -> None:
        try:
            self._write(results)
        except Exception as error:  # noqa: BLE001 - shown after the verdict, as the bug that it may be
            self._unwritten = self._unwritten or error

    def _say_what_was_not_counted(self) -> None:
        for warning in self._not_counted:
            self._session.say(f"warning: {warning.message}\n  hint: {warning.hint}")

    def _write(self, results: Sequence[RunResult]) -> None:
        if self._outputs.as_json:
            for part in json_.reports(results):
                click.echo(part, nl=False)
        for file in self._outputs.files.explained_by(self._failure_contexts.of).write(results):
            self._session.say(f"wrote {file}")
        if self._outputs.events:
            self._outputs.events.check()
        if self._outputs.uses_stdout:
            self._session.check_output()

    def _with_unwritten(self, code: ExitCode) -> ExitCode:
        """The exit code, with what could not be written shown and counted."""
        if self._unwritten is None:
            return code
        return exit_codes.worst({code, ExitCode(show(self._unwritten, self._session))})

    def _run(self, runs: Sequence[WaitingRun], reporter: ConsoleReporter) -> None:
        """Raises the first error that kept a run from being carried out, when the others that had begun are over."""
        failure: Exception | None = None
        pool = self._pool(reporter)
        with reporter, handle_interrupts(pool.interrupt, lambda: self._say_what_happens(reporter)):
            for run, event in pool.run(runs):
                if isinstance(event, Exception):
                    failure = failure or self._could_not(run, event, reporter)
                elif isinstance(event, StartedRun):
                    self.outcomes.executions[event.run_id] = event.execution_arn
                else:
                    self._handle_surely(event, reporter)
                    self._notice(reporter)
                    if isinstance(event, RunFinished) and self._is_last(event.result):
                        pool.begin_no_more()
        if failure:
            raise failure

    def _pool(self, reporter: ConsoleReporter) -> Pool | PoolWithSetups | SuitePool:
        if self._suite:
            from awsit.cli.running.suite_pool import SuitePool

            return SuitePool(self._suite, self.outcomes.begins, reporter.suite)

        def begins(run: WaitingRun) -> None:
            self.outcomes.begins(run)
            self._session.begin_run(run.run_id)
            reporter.starting(run.name)

        look = StopRequests(self._engine, journal_folder(self._settings)).obey
        turns = Turns(self._session.wiring.slots(), self._concurrency.jobs, reporter.notice)
        pool = Pool(self._engine, self._session.wiring.clock(), turns, begins, look)
        if not self._setups:
            return pool
        from awsit.cli.running.side_by_side.setups import PoolWithSetups

        return PoolWithSetups(pool, self._engine)

    def _could_not(self, run: WaitingRun, error: Exception, reporter: ConsoleReporter) -> Exception | None:
        """Keep why a run could not be carried out. Returns the error, unless it is a bug: then the others go on."""
        if awsit_error(error):
            self.outcomes.could_not(run, error)
            self.outcomes.why_not = NOT_STARTED
            return error
        result = self.outcomes.could_not(run, error, keep_crash(error, self._session))
        self._handle_surely(RunFinished(run.run_id, result), reporter)
        return None

    def _handle_surely(self, event: Event, reporter: ConsoleReporter) -> None:
        """Handle an event; what fails to show or keep one result must cost neither a clean-up nor the other results."""
        try:
            self._handle(event, reporter)
        except (AwsitError, OSError) as error:
            self._unwritten = self._unwritten or error
        except Exception as error:  # noqa: BLE001 - it is in the crash log
            hint = keep_crash(error, self._session)
            reporter.notice(f"{event.run_id}: this is a bug in awsit: {type(error).__name__}: {error}; {hint}")

    def _handle(self, event: Event, reporter: ConsoleReporter) -> None:
        if isinstance(event, RunFinished) and self._warnings.get(event.run_id):
            warnings = (*event.result.warnings, *self._warnings[event.run_id])
            event = RunFinished(event.run_id, replace(event.result, warnings=warnings))
        if isinstance(event, RunFinished):
            log_end(event.result)
        if self._outputs.events:
            self._outputs.events.handle(event)
        if isinstance(event, RunFinished):
            if self._engine.outlives_process:
                event = RunFinished(event.run_id, with_commands(self._settings, event.result))
            self._not_counted |= {each: None for each in event.result.warnings if each.code == NOT_COUNTED}
            self.outcomes.add(event.result)
            reporter.handle(event, self._failure_contexts.of(event.result, self._keep(event.result)))
        else:
            reporter.handle(event)

    def _keep(self, result: RunResult) -> str:
        """Write the report into the report folder and return its path; empty when it cannot be written."""
        path = ""
        try:
            path = add(self._settings, result)
            self._reports += 1
        except OSError as error:
            self._unwritten = self._unwritten or _no_report(result, error)
        if path and self._reports % FORGOTTEN_TOGETHER == 0:
            self._forget_old_reports()
        return path

    def _forget_old_reports(self) -> None:
        try:
            forget_old(self._settings)
        except OSError as error:
            self._unwritten = self._unwritten or error

    def _is_last(self, result: RunResult) -> bool:
        """Whether no other run may begin after it."""
        if exit_codes.of_result(result) is ExitCode.INTERRUPTED:
            return True
        if result.run_id in self._setups and result.status is not RunStatus.PASSED:
            self.outcomes.why_not = NOT_SET_UP
            return True
        if self._concurrency.fail_fast and result.status is not RunStatus.PASSED:
            self.outcomes.why_not = FAIL_FAST
            return True
        return False

    def _notice(self, reporter: ConsoleReporter) -> None:
        """Say what could not be said while a signal was handled."""
        if self._unsaid:
            reporter.notice(self._unsaid)
            self._unsaid = ""

    def _say_what_happens(self, reporter: ConsoleReporter) -> None:
        self._unsaid = ""
        text = "Stopping, then cleaning up. Ctrl-C again leaves at once, without that."
        try:
            reporter.notice(text)
        except RuntimeError:  # the signal came in the middle of a line: Python refuses to write into it
            self._unsaid = text


def _no_report(result: RunResult, error: OSError) -> EnvironmentFailure:
    return EnvironmentFailure(
        f"the report of {result.run_id} cannot be written: {error.filename or 'its file'}: {error.strerror}",
        code="cannot_write",
        hint="check the path, its permissions and the space on the disk",
    )
