"""Why a step did not pass: position, error, assertions, attempts, request and response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from awsit.model.json import Json
from awsit.model.result import AssertionResult, Attempt, ErrorInfo, StepResult
from awsit.records import replace
from awsit.reporting.failure_context import NO_CONTEXT, FailureContext
from awsit.reporting.terminal.assertions import show_assertion, show_excerpt
from awsit.reporting.terminal.evidence import show_stack_evidence
from awsit.reporting.terminal.exchange import show_evidence
from awsit.reporting.terminal.positions import excerpt_of_error, excerpt_of_step
from awsit.reporting.terminal.terminal import Console, duration, mark, plain, show, style_of
from awsit.reporting.terminal.text import Text
from awsit.reporting.terminal.values import Limits, fields, mapping, prose
from awsit.scenario.reading.source import Source

FIRST_ATTEMPTS, LAST_ATTEMPTS = 2, 3
"""The attempts that are shown of a long list."""

MOST_CHECKS = 5
"""Failed assertions of one step that are shown whole; the others are counted."""


def explain_step(step: StepResult, console: Console, limits: Limits, context: FailureContext = NO_CONTEXT) -> None:
    """Show all that helps to find out why a step did not pass."""
    title = mark(step.status, console)
    title.append(f" {plain(step.name)}", style=f"bold {style_of(step.status)}")
    title.append(f"  {plain(step.type)}", style="dim")
    title.append(f"  {plain(step.source)}" if step.source else "", style="dim")
    show(console)
    show(console, title)
    failed = [check for check in step.assertions if not check.passed]
    if step.error:
        lines = excerpt_of_step(step, context.source) if context.source else None
        if lines:
            show_excerpt(lines, console, limits)
        show_error(without_reasons(step.error, failed), console, limits, 2)
    for check in failed[:MOST_CHECKS] if limits.brief else failed:
        show_assertion(check, console, limits, context.source)
    _count_others(step, len(failed), console, limits)
    show_stack_evidence(step.evidence, console, limits)
    if len(step.attempts) > 1:
        show(console, _attempts(step, limits))
    show_evidence(step, console, limits, context)


def without_reasons(error: ErrorInfo, failed: Sequence[AssertionResult]) -> ErrorInfo:
    """The error, without the messages of failed assertions at its end: they are shown themselves."""
    message = error.message
    for check in reversed(failed):
        message = message.removesuffix(check.message).rstrip(":; ") if check.message else message
    return replace(error, message=message or error.message)


def _count_others(step: StepResult, failed: int, console: Console, limits: Limits) -> None:
    if limits.brief and failed > MOST_CHECKS:
        show(console, f"  ... {failed - MOST_CHECKS} more do not hold; -v shows them", style="dim")
    held = len(step.assertions) - failed
    if held:
        words = "1 other assertion holds" if held == 1 else f"{held} other assertions hold"
        show(console, f"  {words}", style="dim")


def show_error_at(error: ErrorInfo, console: Console, limits: Limits, source: Source | None) -> None:
    """Show a run's own error, below the line of the scenario that it is about."""
    lines = excerpt_of_error(error, source) if source else None
    if lines:
        show_excerpt(lines, console, limits)
    show_error(error, console, limits, 2)


def show_error(error: ErrorInfo, console: Console, limits: Limits, indent: int) -> None:
    """Show an error's message, and its hint."""
    rows = [(plain(error.code), prose(error.message, limits.width - indent - 2 - len(error.code)))]
    if error.hint:
        rows.append(("hint", prose(error.hint, limits.width - indent - 2 - len(error.code))))
    show(console, fields(rows, indent))


def show_captured(values: Mapping[str, Json], console: Console, limits: Limits) -> None:
    """Show the values that actions captured into the context."""
    show(console)
    show(console, "Captured", style="bold")
    show(console, mapping(values, 2, limits))


def _attempts(step: StepResult, limits: Limits) -> Text:
    """A row for each attempt. A message is left out where the error or the attempt before it has the same one."""
    shown = step.error.message if step.error else ""
    rows: list[tuple[str, list[str]]] = []
    for attempt in step.attempts:
        rows.append((f"attempt {attempt.number}", _attempt(attempt, shown, limits)))
        shown = attempt.message or shown
    omitted = len(rows) - FIRST_ATTEMPTS - LAST_ATTEMPTS
    if omitted > 1:
        rows[FIRST_ATTEMPTS:-LAST_ATTEMPTS] = [("...", [f"{omitted} more"])]
    return fields(rows, 2)


def _attempt(attempt: Attempt, shown: str, limits: Limits) -> list[str]:
    text = f"{attempt.status.value} in {duration(attempt.duration_seconds)}"
    if attempt.delay_seconds is not None:
        text += f", then waited {duration(attempt.delay_seconds)}"
    if attempt.message and not shown.endswith(attempt.message):
        text += f": {attempt.message}"
    return prose(text, limits.width - 14)
