"""A run as it is now, for a person."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from awsit.model.result import CleanupVerdict, Status, StepResult
from awsit.model.run import RunSnapshot
from awsit.reporting.failure import show_assertion, show_error
from awsit.reporting.steps import step_line
from awsit.reporting.terminal import mark, plain, show, style_of
from awsit.reporting.values import Limits, fields


def show_snapshot(snapshot: RunSnapshot, console: Console, link: str = "") -> None:
    """State, times, actions and clean-up steps so far, and where to look further."""
    title = mark(snapshot.status, console)
    title.append(f" {plain(snapshot.scenario or snapshot.run_id)}", style="bold")
    title.append(f"  {snapshot.status.value.replace('_', ' ')}", style=style_of(snapshot.status))
    show(console, title)
    show(console, fields([(name, [plain(value)]) for name, value in _rows(snapshot, link) if value], 2))
    limits = Limits(width=console.width)
    for heading, steps in (("Actions", snapshot.steps), ("Clean-up", snapshot.cleanup_steps)):
        if steps:
            show(console)
            show(console, Text(heading, style="bold"))
        for step in steps:
            show(console, step_line(step, console))
            _why(step, console, limits)


def _why(step: StepResult, console: Console, limits: Limits) -> None:
    if step.error:
        show_error(step.error, console, limits, 6)
    for check in step.assertions:
        if not check.passed and step.status is not Status.PASSED:
            show_assertion(check, console, limits, 6)


def _rows(snapshot: RunSnapshot, link: str) -> list[tuple[str, str]]:
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
        ("console", link),
    ]
