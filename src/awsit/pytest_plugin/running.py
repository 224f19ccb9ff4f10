"""One run of a scenario: followed to its end, kept as a report, shown as the command line shows it."""

from __future__ import annotations

from dataclasses import dataclass

from awsit.cli.reports.store import keep
from awsit.cli.running.detached import DetachedRun
from awsit.cli.running.pool import Pool
from awsit.cli.running.signals import handle_interrupts
from awsit.model.events import Event, RunFinished, StepFinished, StepStarted
from awsit.model.plan import Phase
from awsit.model.result import RunResult
from awsit.model.run import Engine, RunRequest, StartedRun
from awsit.pytest_plugin.page import Page
from awsit.pytest_plugin.project import Project
from awsit.reporting.failure_context import FailureContext
from awsit.reporting.terminal.console import ConsoleReporter
from awsit.scenario.reading.source import Source


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run that is over. `text` is what the command line prints of it, `cleanup` a line for each thing undone."""

    result: RunResult
    report: str
    text: str
    cleanup: str


def run(project: Project, request: RunRequest, source: Source, verbosity: int = 0) -> Outcome:
    """Run it. One that is interrupted cleans up and has a result; one that outlives pytest raises DetachedRun."""
    with project.engine() as engine:
        events = _events(project, engine, request)  # shown later: what is printed while a test runs is held back
    result = next(event.result for event in events if isinstance(event, RunFinished))
    report = keep(project.settings, result)
    variables = project.session.variables
    page, cleanup = Page(variables), Page(variables)
    context = FailureContext(report, source=source)
    _show(events, context, ConsoleReporter(page.console, verbosity), ConsoleReporter(cleanup.console, verbosity))
    return Outcome(result, report, page.text(), cleanup.text())


def _events(project: Project, engine: Engine, request: RunRequest) -> list[Event]:
    """Run it in another thread: an interruption raises KeyboardInterrupt in this one, not in the middle of a step."""
    pool = Pool(engine, project.session.wiring.clock())
    events: list[Event] = []
    started: StartedRun | None = None
    try:
        with handle_interrupts(pool.interrupt):
            for _, news in pool.run([request]):
                if isinstance(news, Exception):
                    raise news
                if isinstance(news, StartedRun):
                    started = news
                else:
                    events.append(news)
    except KeyboardInterrupt:
        if started is not None and engine.outlives_process:
            raise DetachedRun(started.run_id, started.execution_arn) from None
        raise
    return events


def _show(events: list[Event], context: FailureContext, page: ConsoleReporter, cleanup: ConsoleReporter) -> None:
    """Every event where it belongs. That a step begins is news only while one waits for its end."""
    for event in events:
        if isinstance(event, RunFinished):
            page.handle(event, context)
        elif isinstance(event, StepFinished) and event.result.phase == Phase.CLEANUP:
            cleanup.handle(event)
        elif not isinstance(event, StepStarted):
            page.handle(event)
