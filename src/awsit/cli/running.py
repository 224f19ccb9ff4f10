"""Runs one after the other: followed, reported, kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from awsit.cli import exit_codes
from awsit.cli.interruption import told
from awsit.cli.report_files import ReportFiles
from awsit.cli.reports import keep
from awsit.cli.session import Session
from awsit.config import LOCAL, STEP_FUNCTIONS, Settings
from awsit.errors import ExitCode, UsageError
from awsit.model import json
from awsit.model.events import Event, RunFinished
from awsit.model.result import RunResult, RunStatus
from awsit.model.run import Engine, RunRequest
from awsit.reporting import json_report

if TYPE_CHECKING:
    from awsit.aws.stepfunctions import StepFunctionsEngine
    from awsit.reporting.console import ConsoleReporter
    from awsit.reporting.events_file import EventsFile

CLEANUP_SECONDS = 900.0
"""How much longer than a scenario's own timeout its run is followed: clean-up comes after it."""

DEFAULT_TIMEOUT = 300.0


class GoesOn(KeyboardInterrupt):
    """The person stopped watching a run that goes on in the account."""

    def __init__(self, run_id: str, execution_arn: str) -> None:
        super().__init__()
        self.run_id = run_id
        self.execution_arn = execution_arn

    def result(self, scenario: str) -> RunResult:
        """What can be reported of it now."""
        return RunResult(
            self.run_id, scenario, RunStatus.RUNNING, STEP_FUNCTIONS, "", "", 0.0, execution_arn=self.execution_arn
        )


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
        self._to_tell = ""
        self._following: tuple[str, str] | None = None

    def run(self, requests: Sequence[RunRequest]) -> ExitCode:
        """Run all, one after the other; an interruption ends it. Returns the worst exit code."""
        engine = self._session.wiring.engine(self._settings)
        results: list[RunResult] = []
        going_on: list[RunResult] = []
        reporter = self._session.reporter(machine_output=self._as_json or self._files.uses_stdout)
        try:
            for request in requests:
                results.append(self._one(engine, request, reporter))
                if exit_codes.of_result(results[-1]) is ExitCode.INTERRUPTED:
                    break
        except GoesOn as interruption:
            going_on = [interruption.result(request.name)]
            self._tell_how_to_go_on(interruption)
            return ExitCode.INTERRUPTED
        finally:
            if self._as_json and results:
                click.echo(json_report.reports(results))
            for file in self._files.write([*results, *going_on]):
                self._session.say(f"wrote {file}")
        reporter.summary(results)
        return exit_codes.of_results(results)

    def _one(self, engine: Engine, request: RunRequest, reporter: ConsoleReporter) -> RunResult:
        self._session.begin_run(request.run_id)
        with reporter, told(lambda: self._tell_what_happens(reporter), interrupter(engine)):
            reporter.starting(request.name)
            try:
                return self._shown(self._events(engine, request), reporter)
            except KeyboardInterrupt:  # also one that comes while an event is shown
                if self._following:
                    raise GoesOn(*self._following) from None
                raise

    def _shown(self, events: Iterator[Event], reporter: ConsoleReporter) -> RunResult:
        for event in events:
            if self._events_file:
                self._events_file.handle(event)
            if isinstance(event, RunFinished):
                reporter.handle(event, keep(self._settings, event.result))
                return event.result
            if self._to_tell:
                reporter.notice(self._to_tell)
                self._to_tell = ""
            reporter.handle(event)
        raise RuntimeError("the run ended without a result")

    def _tell_what_happens(self, reporter: ConsoleReporter) -> None:
        self._to_tell = ""
        if self._settings.engine != LOCAL:
            return
        text = "Stopping, then cleaning up. Ctrl-C again leaves at once, without that."
        try:
            reporter.notice(text)
        except RuntimeError:  # the signal came in the middle of a line: Python refuses to write into it
            self._to_tell = text

    def _events(self, engine: Engine, request: RunRequest) -> Iterator[Event]:
        if self._settings.engine == LOCAL:
            yield from engine.run(request)
            return
        remote: StepFunctionsEngine = engine  # type: ignore[assignment]  # the wiring gives this one for `stepfunctions`
        self._following = remote.start(request)
        yield from remote.follow(*self._following, wait_seconds=_patience(request))

    def _tell_how_to_go_on(self, run: GoesOn) -> None:
        named = name_later(self._settings, run.run_id, run.execution_arn)
        lines = [
            "",
            "Stopped watching. The run goes on in Step Functions.",
            f"  follow     awsit logs --follow {named}",
            f"  look       awsit status {named}",
            f"  stop       awsit stop {named}",
            f"  execution  {run.execution_arn}",
        ]
        click.echo("\n".join(lines), err=True)


def interrupter(engine: Engine) -> Callable[[], bool]:
    """What asks an engine of this process to end its run; there is none for a run that goes on elsewhere."""
    interrupt: Callable[[], bool] = getattr(engine, "interrupt", lambda: False)
    return interrupt


def start_all(session: Session, settings: Settings, requests: Sequence[RunRequest], *, as_json: bool) -> ExitCode:
    """Start all and do not wait. Raises UsageError for the local engine."""
    if settings.engine == LOCAL:
        raise UsageError(
            "--no-wait needs Step Functions: a local run ends with this process",
            hint="add --stack, --state-machine-arn or --sandbox, or leave out --no-wait",
        )
    engine = session.wiring.remote_engine(settings)
    started = []
    for request in requests:
        run_id, arn = engine.start(request)
        started.append({"scenario": request.name, "run_id": run_id, "execution_arn": arn})
        if not as_json:
            click.echo(f"{request.name}\n  run        {run_id}\n  execution  {arn}")
            session.say(f"  follow     awsit logs --follow {name_later(settings, run_id, arn)}")
    if as_json:
        click.echo(json.dumps(started[0] if len(started) == 1 else started, indent=2))
    return ExitCode.PASSED


def name_later(settings: Settings, run_id: str, execution_arn: str) -> str:
    """How a later command names a run and finds its account: what came from flags must be given again."""
    given = {name for name, origin in settings.origins.items() if origin.startswith("--")}
    words = [execution_arn if "state_machine_arn" in given else run_id]
    words += ["--sandbox"] if "sandbox" in given else []
    words += [f"--{name} {getattr(settings, name)}" for name in ("stack", "region", "profile") if name in given]
    return " ".join(words)


def _patience(request: RunRequest) -> float:
    return float(request.document.get("timeout_seconds", DEFAULT_TIMEOUT)) + CLEANUP_SECONDS
