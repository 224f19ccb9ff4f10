"""An assertion that did not hold: where it stands, what was expected, what came."""

from __future__ import annotations

from dataclasses import replace

from rich.console import Console
from rich.text import Text

from awsit.errors import Position
from awsit.model.result import AssertionResult, Status
from awsit.reporting.terminal.places import place_of_check
from awsit.reporting.terminal.source_frame import frame, lines_of
from awsit.reporting.terminal.terminal import mark, plain, show
from awsit.reporting.terminal.values import Limits, column_of, diff, document, fields, prose
from awsit.scenario.reading.source import Source

SPEAK_FOR_THEMSELVES = frozenset(
    {"equals", "not_equals", "contains", "not_contains", "matches_regex", "one_of", "type", "length"}
    | {"greater_than", "greater_or_equal", "less_than", "less_or_equal"}
)
"""Operators that need no words beside expected and actual."""

NOTHING_TO_COMPARE = frozenset({"pass_to_context", "expression"})
"""What came to no comparison: the words say all."""

LINES_BEFORE = 4
"""So many lines of a long assertion are shown above the one that is marked."""


def show_assertion(
    check: AssertionResult, console: Console, limits: Limits, source: Source | None = None, *, titled: bool = True
) -> None:
    """Path, operator, expected, actual and diff of a check that did not hold; `titled` with its name or path first.

    With the `source`, its lines stand in place of title and path.
    """
    indent = 2 if titled else 6
    shown = source is not None and show_frame(place_of_check(check, source), console, limits, source, check.source)
    title = check.name or check.path
    if title and titled and not shown:
        show(console, " " * indent + plain(title), style="bold")
        indent += 2
    room = limits.width - indent - column_of(["actual", check.operator, "path"])
    rows: list[tuple[str, list[str]]] = []
    if check.path and check.name and not shown:
        rows.append(("path", [plain(check.path)]))
    compared, whole = _compared(check, room, limits)
    show(console, fields([*rows, *compared], indent))
    if check.diff and not (limits.brief and whole):
        show(console, diff(check.diff, indent + 2, replace(limits, lines=limits.lines * 2)))


def show_frame(position: Position | None, console: Console, limits: Limits, source: Source, begins: str) -> bool:
    """The lines from the entry `begins` to the position; False when they cannot be shown any more."""
    lines = lines_of(position.file, {source.file: source.text}) if position else None
    if position is None or lines is None or position.line > len(lines):
        return False
    start = source.positions[begins].value if begins in source.positions else position
    first = start.line if start.file == position.file and 0 <= position.line - start.line <= LINES_BEFORE else 0
    before = lines[first - 1 : position.line - 1] if first else []
    show(console, frame(position, lines[position.line - 1], limits.width, before))
    return True


def assertion_line(check: AssertionResult, console: Console) -> Text:
    """One check as one line."""
    text = Text("  ")
    text.append_text(mark(Status.PASSED if check.passed else Status.FAILED, console))
    text.append(f" {plain(check.name or f'{check.path} {check.operator}'.strip())}")
    return text


def _compared(check: AssertionResult, room: int, limits: Limits) -> tuple[list[tuple[str, list[str]]], bool]:
    """Expected and actual, and whether that is all of both, each on a line.

    Where they are long there are the words for the difference instead, since the diff shows the rest.
    """
    expected = document(check.expected, room, limits)
    actual = document(check.actual, room, limits) if check.actual_present else ["nothing at this path"]
    words = prose(check.message, room)
    if words and check.operator in NOTHING_TO_COMPARE:
        return [(check.operator, words)], True
    lengths = (len(expected), len(actual))
    if check.diff and words and (max(lengths) if limits.brief else min(lengths)) > 1:
        return [(check.operator, words)], False
    rows = [(check.operator, expected), ("actual", actual)]
    if words and not (check.operator in SPEAK_FOR_THEMSELVES and check.actual_present):
        rows.append(("", words))
    return rows, max(lengths) == 1
