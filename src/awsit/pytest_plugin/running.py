"""One run of a scenario: followed to its end, kept as a report, told as the command line tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from awsit.cli.reports.store import keep
from awsit.cli.running.detached import DetachedRun, patience
from awsit.cli.running.runner import interrupter
from awsit.cli.running.signals import told
from awsit.config import LOCAL
from awsit.model.events import Event, RunFinished, StepFinished, StepStarted
from awsit.model.plan import Phase
from awsit.model.result import RunResult
from awsit.model.run import Engine, RunRequest
from awsit.pytest_plugin.page import Page
from awsit.pytest_plugin.project import Project
from awsit.reporting.failure_context import FailureContext
from awsit.reporting.terminal.console import ConsoleReporter
from awsit.scenario.reading.source import Source

if TYPE_CHECKING:
    from awsit.aws.stepfunctions.engine import StepFunctionsEngine


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run that is over. `text` is what the command line prints of it, `cleanup` a line for each thing undone."""

    result: RunResult
    report: str
    text: str
    cleanup: str


def run(project: Project, request: RunRequest, source: Source, verbosity: int = 0) -> Outcome:
    """Run it. A local run that is interrupted cleans up and has a result; of another one, GoesOn is raised."""
    with project.engine() as engine, told(_say_nothing, interrupter(engine)):
        events = list(_events(project, engine, request))  # shown later: an interruption is the engine's to handle
    result = next(event.result for event in events if isinstance(event, RunFinished))
    report = keep(project.settings, result)
    variables = project.session.variables
    page, cleanup = Page(variables), Page(variables)
    context = FailureContext(report, source=source)
    _show(events, context, ConsoleReporter(page.console, verbosity), ConsoleReporter(cleanup.console, verbosity))
    return Outcome(result, report, page.text(), cleanup.text())


def _events(project: Project, engine: Engine, request: RunRequest) -> Iterator[Event]:
    if project.settings.engine == LOCAL:
        yield from engine.run(request)
        return
    remote: StepFunctionsEngine = engine  # type: ignore[assignment]  # the wiring gives this one for `stepfunctions`
    run_id, arn = remote.start(request)
    try:
        yield from remote.follow(run_id, arn, wait_seconds=patience(request))
    except KeyboardInterrupt:
        raise DetachedRun(run_id, arn) from None


def _show(events: list[Event], context: FailureContext, page: ConsoleReporter, cleanup: ConsoleReporter) -> None:
    """Every event where it belongs. That a step begins is news only while one waits for its end."""
    for event in events:
        if isinstance(event, RunFinished):
            page.handle(event, context)
        elif isinstance(event, StepFinished) and event.result.phase == Phase.CLEANUP:
            cleanup.handle(event)
        elif not isinstance(event, StepStarted):
            page.handle(event)


def _say_nothing() -> None:
    """Nothing: what is printed while a test runs is held back."""
