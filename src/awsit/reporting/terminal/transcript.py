"""The terminal's output of a run as plain text, for reports that hold it."""

from __future__ import annotations

import io
from collections.abc import Iterator

from awsit.model.events import Event, RunFinished, RunStarted, StepFinished
from awsit.model.result import RunResult
from awsit.reporting.terminal.console import ConsoleReporter
from awsit.reporting.terminal.terminal import make_console

WIDTH = 100
QUIET, NORMAL = -1, 0


def transcript(result: RunResult) -> str:
    """All that the terminal shows of a run: steps, failures, final assertions, what was left behind, verdict."""
    return _shown(events_of(result), NORMAL)


def explanation(result: RunResult) -> str:
    """Why the run did not pass cleanly; empty for one that did."""
    return _shown(iter([RunFinished(result.run_id, result)]), QUIET)


def events_of(result: RunResult) -> Iterator[Event]:
    """The events of a finished run, made from its result: each step is one event, without its attempts."""
    yield RunStarted(
        result.run_id, result.scenario, result.engine, result.started_at, len(result.steps), result.execution_arn
    )
    for step in (*result.steps, *result.cleanup.steps):
        if step.started_at:
            yield StepFinished(result.run_id, step)
    yield RunFinished(result.run_id, result)


def _shown(events: Iterator[Event], verbosity: int) -> str:
    page = io.StringIO()
    console = make_console({"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": str(WIDTH)})
    console.file = page
    with ConsoleReporter(console, verbosity) as reporter:
        for event in events:
            reporter.handle(event)
    return page.getvalue().strip("\n")
