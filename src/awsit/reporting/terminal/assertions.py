"""Assertions: one line each, and of one that failed its lines of the scenario, expected and actual."""

from __future__ import annotations

from dataclasses import replace

from rich.console import Console
from rich.text import Text

from awsit.errors import Position
from awsit.expressions.jsonpath.lookup import HOW_TO_READ
from awsit.model.result import CONTRACT, AssertionResult, Status
from awsit.reporting.terminal.positions import position_of_check
from awsit.reporting.terminal.source_frame import frame, lines_of
from awsit.reporting.terminal.terminal import mark, plain, show
from awsit.reporting.terminal.values import Limits, column_of, diff, document, fields, prose
from awsit.scenario.reading.source import Source

SELF_EXPLANATORY = frozenset(
    {"equals", "not_equals", "contains", "not_contains", "matches_regex", "one_of", "type", "length"}
    | {"greater_than", "greater_or_equal", "less_than", "less_or_equal"}
)
"""Operators whose message says no more than expected and actual do."""

WITHOUT_COMPARISON = frozenset({"pass_to_context", "expression", CONTRACT})
"""Operators of failures whose message says all: nothing was compared, or place, value and rule are in it."""

LINES_BEFORE = 4
"""Lines of a long assertion that are shown above the marked one."""


def show_assertion(
    check: AssertionResult, console: Console, limits: Limits, source: Source | None = None, *, titled: bool = True
) -> None:
    """Show path, operator, expected, actual and diff of a failed assertion.

    With a `source` that has the assertion, its lines are shown instead of the path; without, `titled` puts its name or
    path above the rest.
    """
    indent = 2 if titled else 6
    shown = source is not None and show_frame(position_of_check(check, source), console, limits, source, check.source)
    title = check.name or check.path
    if title and titled and (not shown or check.operator == CONTRACT):  # its name is that of the operation
        show(console, " " * indent + plain(title), style="bold")
        indent += 2
    room = limits.width - indent - column_of(["actual", check.operator, "path"])
    rows: list[tuple[str, list[str]]] = []
    if check.path and check.name and not shown and check.operator not in WITHOUT_COMPARISON:
        rows.append(("path", [plain(check.path)]))
    compared, whole = _compared(check, room, limits)
    show(console, fields([*rows, *compared], indent))
    if check.diff and not (limits.brief and whole):
        show(console, diff(check.diff, indent + 2, replace(limits, lines=limits.lines * 2)))


def show_frame(position: Position | None, console: Console, limits: Limits, source: Source, begins: str) -> bool:
    """Show the lines from the element at path `begins` to the position; False when the file has them no more."""
    lines = lines_of(position.file, {source.file: source.text}) if position else None
    if position is None or lines is None or position.line > len(lines):
        return False
    start = source.positions[begins].value if begins in source.positions else position
    first = start.line if start.file == position.file and 0 <= position.line - start.line <= LINES_BEFORE else 0
    before = lines[first - 1 : position.line - 1] if first else []
    show(console, frame(position, lines[position.line - 1], limits.width, before))
    return True


def assertion_line(check: AssertionResult, console: Console) -> Text:
    """One assertion: mark, and name or path."""
    text = Text("  ")
    text.append_text(mark(Status.PASSED if check.passed else Status.FAILED, console))
    text.append(f" {plain(check.name or f'{check.path} {check.operator}'.strip())}")
    return text


def _compared(check: AssertionResult, room: int, limits: Limits) -> tuple[list[tuple[str, list[str]]], bool]:
    """Rows of expected and actual, and whether they show both whole, on a line each.

    Where both are long and there is a diff, the message stands in their place, since the diff shows the rest.
    """
    expected = document(check.expected, room, limits)
    actual = document(check.actual, room, limits) if check.actual_present else ["nothing at this path"]
    message = prose(check.message, room)
    if message and check.operator in WITHOUT_COMPARISON:
        return [(check.operator, message)], True
    lengths = (len(expected), len(actual))
    if check.diff and message and (max(lengths) if limits.brief else min(lengths)) > 1:
        return [(check.operator, message)], False
    rows = [(check.operator, expected), ("actual", actual)]
    says_more = check.operator not in SELF_EXPLANATORY or HOW_TO_READ in check.message
    if message and (says_more or not check.actual_present):
        rows.append(("", message))
    return rows, max(lengths) == 1
