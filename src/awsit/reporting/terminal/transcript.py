"""The terminal's output of a run as plain text, for reports that hold it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

from awsit.model.events import Event, RunFinished, RunStarted, StepFinished
from awsit.model.result import RunResult
from awsit.reporting.failure_context import NO_CONTEXT, FailureContext
from awsit.reporting.terminal.console import ConsoleReporter
from awsit.reporting.terminal.summary import explain, show_further
from awsit.reporting.terminal.terminal import Console, show
from awsit.reporting.terminal.values import Limits
from awsit.reporting.verdicts import passed_cleanly

WIDTH = 100


def progress(result: RunResult) -> str:
    """What the terminal shows of a run, without the explanation of one that did not pass cleanly."""
    return _shown(lambda console: _show_progress(result, console))


def explanation(result: RunResult, context: FailureContext = NO_CONTEXT) -> str:
    """Why the run did not pass cleanly, and where to look further; empty for one that did."""
    return "" if passed_cleanly(result) else _shown(lambda console: _show_explanation(result, console, context))


def events_of(result: RunResult) -> Iterator[Event]:
    """The events of a finished run, made from its result: each step is one event, without its attempts."""
    yield RunStarted(
        result.run_id, result.scenario, result.engine, result.started_at, len(result.steps), result.execution_arn
    )
    for step in (*result.steps, *result.cleanup.steps):
        if step.started_at:
            yield StepFinished(result.run_id, step)
    yield RunFinished(result.run_id, result)


def _show_progress(result: RunResult, console: Console) -> None:
    with ConsoleReporter(console) as reporter:
        for event in events_of(result):
            if not isinstance(event, RunFinished) or passed_cleanly(result):
                reporter.handle(event)
            else:
                reporter.show_not_run(result)


def _show_explanation(result: RunResult, console: Console, context: FailureContext) -> None:
    explain(result, console, Limits.of(WIDTH, everything=False), context)
    show(console)
    show_further(result, console, context)


def _shown(write: Callable[[Console], None]) -> str:
    page = io.StringIO()
    write(Console({"COLUMNS": str(WIDTH)}, file=page))
    return page.getvalue().strip("\n")
