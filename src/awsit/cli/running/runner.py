"""Runs that one command asked for: followed, reported, kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from awsit.cli import exit_codes
from awsit.cli.reports.files import ReportFiles
from awsit.cli.reports.store import keep
from awsit.cli.running.detached import tell_how_to_go_on, with_commands
from awsit.cli.running.failure_context import failure_context
from awsit.cli.running.outcomes import FAIL_FAST, NOT_STARTED, Outcomes
from awsit.cli.running.pool import Pool
from awsit.cli.running.signals import handle_interrupts
from awsit.cli.selection import last_run
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.errors import ExitCode
from awsit.model.events import Event, RunFinished
from awsit.model.result import RunResult, RunStatus
from awsit.model.run import Engine, RunRequest, StartedRun
from awsit.reporting.formats import json_

if TYPE_CHECKING:
    from awsit.reporting.events_file import EventsFile
    from awsit.reporting.terminal.console import ConsoleReporter


@dataclass(frozen=True, slots=True)
class Concurrency:
    """How runs are carried out: `jobs` at once; with `fail_fast`, none begins after one that did not pass."""

    jobs: int = 1
    fail_fast: bool = False


class Runner:
    """Runs requests with the engine of the settings, and shows them."""

    def __init__(
        self,
        session: Session,
        settings: Settings,
        *,
        as_json: bool,
        files: ReportFiles | None = None,
        events: EventsFile | None = None,
    ) -> None:
        self._session = session
        self._settings = settings
        self._as_json = as_json
        self._files = files or ReportFiles()
        self._events_file = events
        self._concurrency = Concurrency()
        self._unsaid = ""
        self.outcomes = Outcomes((), settings.engine)

    def run(self, requests: Sequence[RunRequest], concurrency: Concurrency) -> ExitCode:
        """Run all; an interruption ends it. Returns the worst exit code."""
        self._concurrency = concurrency
        engine = self._session.wiring.engine(self._settings)
        reporter = self._session.reporter(machine_output=self._as_json or self._files.uses_stdout)
        reporter.expect(len(requests))
        self.outcomes = Outcomes(requests, self._settings.engine)
        try:
            self._run(engine, requests, reporter)
        except KeyboardInterrupt:
            if not engine.outlives_process or not self.outcomes.going_on:
                raise
            tell_how_to_go_on(self._settings, self.outcomes.going_on)
            return ExitCode.INTERRUPTED
        except Exception:
            if engine.outlives_process and self.outcomes.going_on:  # a follower that failed harms no run
                tell_how_to_go_on(self._settings, self.outcomes.going_on)
            raise
        finally:
            results = self.outcomes.results()
            last_run.keep(self._settings, results)
            self._write(results)
        reporter.summary(results)
        return exit_codes.of_results(results)

    def _write(self, results: Sequence[RunResult]) -> None:
        if self._as_json:
            click.echo(json_.reports(results))
        self._session.on_failure = None  # the reports have it
        for file in self._files.write(results):
            self._session.say(f"wrote {file}")

    def _run(self, engine: Engine, requests: Sequence[RunRequest], reporter: ConsoleReporter) -> None:
        """Raises the first error that kept a run from being carried out, when the others that had begun are over."""
        failure: Exception | None = None

        def begins(request: RunRequest) -> None:
            self.outcomes.begins(request)
            self._session.begin_run(request.run_id)
            reporter.starting(request.name)

        pool = Pool(engine, self._session.wiring.clock(), self._concurrency.jobs, begins)
        with reporter, handle_interrupts(pool.interrupt, lambda: self._say_what_happens(reporter)):
            for request, event in pool.run(requests):
                if isinstance(event, Exception):
                    failure = failure or event
                    self.outcomes.could_not(request, event)
                    self.outcomes.why_not = NOT_STARTED
                elif isinstance(event, StartedRun):
                    self.outcomes.executions[event.run_id] = event.execution_arn
                else:
                    self._handle(event, reporter)
                    self._notice(reporter)
                    if isinstance(event, RunFinished) and self._is_last(event.result):
                        pool.begin_no_more()
        if failure:
            raise failure

    def _handle(self, event: Event, reporter: ConsoleReporter) -> None:
        if self._events_file:
            self._events_file.handle(event)
        if isinstance(event, RunFinished):
            event = RunFinished(event.run_id, with_commands(self._settings, event.result))
            self.outcomes.add(event.result)
            report = keep(self._settings, event.result)
            reporter.handle(event, failure_context(self._session, self._settings, event.result, report))
        else:
            reporter.handle(event)

    def _is_last(self, result: RunResult) -> bool:
        """Whether no other run may begin after it."""
        if exit_codes.of_result(result) is ExitCode.INTERRUPTED:
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
