"""A step or an assertion that did not hold explains itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rich.console import Console
from rich.text import Text

from awsit.model.json import Json
from awsit.model.result import AssertionResult, Attempt, ErrorInfo, Status, StepResult
from awsit.reporting.terminal import duration, mark, plain, show, style_of
from awsit.reporting.values import Limits, column_of, diff, document, fields, mapping, prose

SPEAK_FOR_THEMSELVES = frozenset(
    {"equals", "not_equals", "contains", "not_contains", "matches_regex", "one_of", "type", "length"}
    | {"greater_than", "greater_or_equal", "less_than", "less_or_equal"}
)
"""Operators that need no words beside expected and actual."""

FIRST_ATTEMPTS, LAST_ATTEMPTS = 2, 3


def explain_step(step: StepResult, console: Console, limits: Limits) -> None:
    """Everything that a person needs to find out why: error, assertions, attempts, request, response."""
    title = mark(step.status, console)
    title.append(f" {plain(step.name)}", style=f"bold {style_of(step.status)}")
    title.append(f"  {plain(step.type)}", style="dim")
    title.append(f"  {plain(step.source)}" if step.source else "", style="dim")
    show(console)
    show(console, title)
    if step.error:
        show_error(step.error, console, limits, 2)
    for check in (item for item in step.assertions if not item.passed):
        show_assertion(check, console, limits, 2)
    held = sum(item.passed for item in step.assertions)
    if held:
        words = "1 other assertion holds" if held == 1 else f"{held} other assertions hold"
        show(console, f"  {words}", style="dim")
    if len(step.attempts) > 1:
        show(console, _attempts(step, limits))
    show_exchange(step, console, limits)


def show_exchange(step: StepResult, console: Console, limits: Limits) -> None:
    """What was sent, and what came back."""
    for name, value in (("request", step.request), ("response", step.response)):
        if value not in (None, {}, []):
            show(console, f"  {name}", style="bold")
            show(console, mapping(value, 4, limits))


def show_error(error: ErrorInfo, console: Console, limits: Limits, indent: int) -> None:
    """An error's message and what to do next."""
    rows = [(plain(error.code), prose(error.message, limits.width - indent - 2 - len(error.code)))]
    if error.hint:
        rows.append(("hint", prose(error.hint, limits.width - indent - 2 - len(error.code))))
    show(console, fields(rows, indent))


def show_assertion(
    check: AssertionResult, console: Console, limits: Limits, indent: int, *, titled: bool = True
) -> None:
    """Path, operator, expected, actual and diff of a check that did not hold; `titled` with its name or path first."""
    title = check.name or check.path
    if title and titled:
        show(console, " " * indent + plain(title), style="bold")
        indent += 2
    room = limits.width - indent - column_of(["actual", check.operator, "path"])
    rows: list[tuple[str, list[str]]] = []
    if check.path and check.name:
        rows.append(("path", [plain(check.path)]))
    rows.extend(_compared(check, room, limits))
    show(console, fields(rows, indent))
    if check.diff:
        show(console, diff(check.diff, indent + 2, replace(limits, lines=limits.lines * 3)))


def _compared(check: AssertionResult, room: int, limits: Limits) -> list[tuple[str, list[str]]]:
    """Expected and actual; where both are long, the words for the difference, since the diff shows the rest."""
    expected = document(check.expected, room, limits)
    actual = document(check.actual, room, limits) if check.actual_present else ["nothing at this path"]
    words = prose(check.message, room)
    if check.diff and words and min(len(expected), len(actual)) > 1:
        return [(check.operator, words)]
    rows = [(check.operator, expected), ("actual", actual)]
    if words and not (check.operator in SPEAK_FOR_THEMSELVES and check.actual_present):
        rows.append(("", words))
    return rows


def assertion_line(check: AssertionResult, console: Console) -> Text:
    """One check as one line."""
    text = Text("  ")
    text.append_text(mark(Status.PASSED if check.passed else Status.FAILED, console))
    text.append(f" {plain(check.name or f'{check.path} {check.operator}'.strip())}")
    return text


def show_context(context: Mapping[str, Json], console: Console, limits: Limits) -> None:
    """The values that actions captured."""
    show(console)
    show(console, "Captured", style="bold")
    show(console, mapping(context, 2, limits))


def _attempts(step: StepResult, limits: Limits) -> Text:
    known = step.error.message if step.error else ""
    rows = [(f"attempt {attempt.number}", _attempt(attempt, known, limits)) for attempt in step.attempts]
    omitted = len(rows) - FIRST_ATTEMPTS - LAST_ATTEMPTS
    if omitted > 1:
        rows[FIRST_ATTEMPTS:-LAST_ATTEMPTS] = [("...", [f"{omitted} more"])]
    return fields(rows, 2)


def _attempt(attempt: Attempt, known: str, limits: Limits) -> list[str]:
    """One attempt; its message is left out where the step's own error says the same."""
    text = f"{attempt.status.value} in {duration(attempt.duration_seconds)}"
    if attempt.delay_seconds is not None:
        text += f", then waited {duration(attempt.delay_seconds)}"
    if attempt.message and not known.endswith(attempt.message):
        text += f": {attempt.message}"
    return prose(text, limits.width - 14)
