"""The state of a run, as `awsit status` shows it."""

from __future__ import annotations

from awsit.model.result import CleanupVerdict, RunResult, RunStatus, Status
from awsit.model.run import RunSnapshot
from awsit.reporting.failure_context import NO_CONTEXT, FailureContext
from awsit.reporting.terminal.diagnostics import show_diagnostics
from awsit.reporting.terminal.failure import explain_step
from awsit.reporting.terminal.steps import step_line
from awsit.reporting.terminal.summary import cleanup_words, show_assertions, show_failures, show_left_behind
from awsit.reporting.terminal.terminal import Console, mark, plain, show, style_of
from awsit.reporting.terminal.text import Text
from awsit.reporting.terminal.values import Limits, fields
from awsit.reporting.verdicts import is_to_explain

_VERDICTS = {None: "", CleanupVerdict.CLEAN: "clean", CleanupVerdict.LEFT_BEHIND: "something is left behind"}

HELD = "after the runs within it"
"""When the setup of a suite is cleaned up."""


def show_snapshot(
    snapshot: RunSnapshot,
    console: Console,
    limits: Limits,
    result: RunResult | None = None,
    context: FailureContext = NO_CONTEXT,
) -> None:
    """Show the run so far: state, times, steps, why some did not pass, and where to look further.

    The `result` of a run that is over, where it is known, explains more than the snapshot's steps.
    """
    title = mark(snapshot.status, console)
    title.append(f" {plain(snapshot.scenario or snapshot.run_id)}", style="bold")
    title.append(f"  {snapshot.status.value.replace('_', ' ')}", style=style_of(snapshot.status))
    show(console, title)
    cleaned = cleanup_words(result.cleanup) if result else _VERDICTS[snapshot.cleanup]
    cleaned = HELD if snapshot.is_held else cleaned
    show(console, fields([(name, [plain(value)]) for name, value in _rows(snapshot, context, cleaned) if value], 2))
    for heading, steps in (("Actions", snapshot.steps), ("Clean-up", snapshot.cleanup_steps)):
        if steps:
            show(console)
            show(console, Text(heading, style="bold"))
        for step in steps:
            show(console, step_line(step, console))
    if result is not None:
        show_failures(result, console, limits, context)
        show_diagnostics(result, console, limits)
        show_assertions(result, console, limits, context, failed_only=True)
        show_left_behind(result.cleanup, console, limits, explained=True)
        return
    for step in (*snapshot.steps, *snapshot.cleanup_steps):
        if is_to_explain(step):
            explain_step(step, console, limits, context)


def _rows(snapshot: RunSnapshot, context: FailureContext, cleaned: str) -> list[tuple[str, str]]:
    ended = sum(step.status is not Status.RUNNING for step in snapshot.steps)
    done = f"{ended} of {snapshot.total_steps} ended" if snapshot.total_steps else ""
    return [
        ("run", snapshot.run_id),
        ("started", snapshot.started_at),
        ("ended", snapshot.finished_at),
        ("actions", done),
        ("clean-up", cleaned),
        ("error", snapshot.error.message if snapshot.error else ""),
        ("execution", snapshot.execution_arn),
        ("console", context.console_link),
        ("run again", context.rerun_command if snapshot.status not in {RunStatus.PASSED, RunStatus.RUNNING} else ""),
    ]
