"""A run as it is now, for a person."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from awsit.model.result import CleanupVerdict, RunResult, RunStatus, Status
from awsit.model.run import RunSnapshot
from awsit.reporting.failure_context import NOTHING, FailureContext
from awsit.reporting.terminal.failure import explain_step
from awsit.reporting.terminal.steps import step_line
from awsit.reporting.terminal.summary import BAD, show_assertions, show_failures, show_left_behind
from awsit.reporting.terminal.terminal import mark, plain, show, style_of
from awsit.reporting.terminal.values import Limits, fields


def show_snapshot(
    snapshot: RunSnapshot,
    console: Console,
    limits: Limits,
    result: RunResult | None = None,
    around: FailureContext = NOTHING,
) -> None:
    """State, times, actions and clean-up steps so far, why some did not pass, and where to look further.

    The `result` of a run that is over tells more than its steps do.
    """
    title = mark(snapshot.status, console)
    title.append(f" {plain(snapshot.scenario or snapshot.run_id)}", style="bold")
    title.append(f"  {snapshot.status.value.replace('_', ' ')}", style=style_of(snapshot.status))
    show(console, title)
    show(console, fields([(name, [plain(value)]) for name, value in _rows(snapshot, around) if value], 2))
    for heading, steps in (("Actions", snapshot.steps), ("Clean-up", snapshot.cleanup_steps)):
        if steps:
            show(console)
            show(console, Text(heading, style="bold"))
        for step in steps:
            show(console, step_line(step, console))
    if result is not None:
        show_failures(result, console, limits, around)
        show_assertions(result, console, limits, around, failed_only=True)
        show_left_behind(result.cleanup, console, limits)
        return
    for step in (*snapshot.steps, *snapshot.cleanup_steps):
        if step.status in BAD:
            explain_step(step, console, limits, around)


def _rows(snapshot: RunSnapshot, around: FailureContext) -> list[tuple[str, str]]:
    ended = sum(step.status is not Status.RUNNING for step in snapshot.steps)
    done = f"{ended} of {snapshot.total_steps} ended" if snapshot.total_steps else ""
    verdict = {None: "", CleanupVerdict.CLEAN: "clean", CleanupVerdict.LEFT_BEHIND: "something is left behind"}
    return [
        ("run", snapshot.run_id),
        ("started", snapshot.started_at),
        ("ended", snapshot.finished_at),
        ("actions", done),
        ("clean-up", verdict[snapshot.cleanup]),
        ("execution", snapshot.execution_arn),
        ("console", around.link),
        ("run again", around.again if snapshot.status not in {RunStatus.PASSED, RunStatus.RUNNING} else ""),
    ]
