"""One run of a scenario: followed to its end, kept as a report, shown as the command line shows it."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from awsit.cli.past_runs.interrupted import journal_folder
from awsit.cli.past_runs.report_folder import keep
from awsit.cli.past_runs.stop_requests import StopRequests
from awsit.cli.running.detached import DetachedRun
from awsit.cli.running.failure_context import FailureContexts
from awsit.cli.running.side_by_side.pool import Pool
from awsit.cli.running.side_by_side.turns import Turns
from awsit.cli.running.signals import handle_interrupts
from awsit.cli.selection.requested_run import RequestedRun, WaitingRun
from awsit.model.events import Event, RunFinished, StepAttempted, StepFinished, StepStarted
from awsit.model.plan import Phase
from awsit.model.result import RunResult
from awsit.model.run import Engine, StartedRun
from awsit.pytest_plugin.page import Page
from awsit.pytest_plugin.project import Project
from awsit.reporting.failure_context import FailureContext
from awsit.reporting.terminal.console import ConsoleReporter
from awsit.reporting.terminal.terminal import plain
from awsit.reporting.verdicts import reason


class Outcome(Struct, frozen=True):
    """A run that is over. `text` is what the command line prints of it, `cleanup` a line for each thing undone.

    `reason` says in one line why it did not pass cleanly.
    """

    result: RunResult
    report: str
    reason: str
    text: str
    cleanup: str


def run(project: Project, requested: RequestedRun, verbosity: int, say: Callable[[str], None]) -> Outcome:
    """Run it. One that is interrupted cleans up and has a result; one that outlives pytest raises DetachedRun.

    `say` tells at once that it has to wait.
    """
    with project.engine() as engine:
        events = _events(project, engine, requested, say)  # shown later: pytest holds back what is printed now
    result = next(event.result for event in events if isinstance(event, RunFinished))
    report = keep(project.settings, result)
    variables = project.session.variables
    page, cleanup = Page(variables), Page(variables)
    context = FailureContexts(project.session, project.settings, [requested]).of(result, report)
    _show(events, context, ConsoleReporter(page.console, verbosity), verbose=verbosity > 0)
    _show_cleanup(events, ConsoleReporter(cleanup.console, verbosity))
    return Outcome(result, report, plain(reason(result)), page.text(), cleanup.text())


def _events(project: Project, engine: Engine, requested: RequestedRun, say: Callable[[str], None]) -> list[Event]:
    """Run it in another thread: an interruption raises KeyboardInterrupt in this one, not in the middle of a step."""
    look = StopRequests(engine, journal_folder(project.settings)).obey
    wiring = project.session.wiring
    begun: list[WaitingRun] = []
    pool = Pool(engine, wiring.clock(), Turns(wiring.slots(), say=say), begun.append, look)
    events: list[Event] = []
    started: StartedRun | None = None
    try:
        with handle_interrupts(pool.interrupt):
            for _, news in pool.run([requested]):
                if isinstance(news, Exception):
                    raise news
                if isinstance(news, StartedRun):
                    started = news
                else:
                    events.append(news)
    except KeyboardInterrupt:
        if started is None and (engine.outlives_process or not begun):
            raise
        raise DetachedRun(requested.run_id, started.execution_arn if started else "") from None
    return events


def _show(events: list[Event], context: FailureContext, reporter: ConsoleReporter, *, verbose: bool) -> None:
    """Every event but those of the clean-up. Starts and attempts are news only while one waits for the end."""
    passing = StepStarted if verbose else StepStarted | StepAttempted
    for event in events:
        if not (isinstance(event, passing) or _is_of_cleanup(event)):
            reporter.handle(event, context)


def _show_cleanup(events: list[Event], reporter: ConsoleReporter) -> None:
    for event in filter(_is_of_cleanup, events):
        reporter.handle(event)


def _is_of_cleanup(event: Event) -> bool:
    return isinstance(event, StepFinished) and event.result.phase == Phase.CLEANUP
