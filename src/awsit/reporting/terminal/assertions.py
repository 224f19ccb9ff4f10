"""Assertions: one line each, and of one that failed its lines of the scenario, expected and actual."""

from __future__ import annotations

from awsit.expressions.assertions import advice
from awsit.expressions.assertions.comparison import OTHER_FORM
from awsit.expressions.jsonpath.lookup import HOW_TO_READ
from awsit.model.result import CONTRACT, AssertionResult, Status
from awsit.records import replace
from awsit.reporting.terminal.positions import excerpt_of_check
from awsit.reporting.terminal.source_frame import Excerpt, frame
from awsit.reporting.terminal.terminal import Console, mark, plain, show
from awsit.reporting.terminal.text import Text
from awsit.reporting.terminal.values import Limits, column_of, diff, document, fields, prose
from awsit.scenario.reading.source import Source

SELF_EXPLANATORY = frozenset(
    {"equals", "not_equals", "contains", "not_contains", "matches_regex", "one_of", "type"}
    | {"greater_than", "greater_or_equal", "less_than", "less_or_equal"}
)
"""Operators whose message says no more than expected and actual do."""

WORTH_READING = (HOW_TO_READ, OTHER_FORM, "cannot be compared with it", *advice.ALL)
"""What the message of such an operator says beyond that."""

WITHOUT_COMPARISON = frozenset({"pass_to_context", "expression", "length", CONTRACT})
"""Operators of failures whose message says all: no values were compared, or place, value and rule are in it."""


def show_assertion(
    check: AssertionResult, console: Console, limits: Limits, source: Source | None = None, *, titled: bool = True
) -> None:
    """Show path, operator, expected, actual and diff of a failed assertion.

    With a `source` that has the assertion, its lines are shown instead of the path; without, `titled` puts its name or
    path above the rest.
    """
    indent = 2 if titled else 6
    lines = excerpt_of_check(check, source) if source else None
    if lines:
        show_excerpt(lines, console, limits)
    title = check.name or check.path
    if title and titled and (not lines or check.operator == CONTRACT):  # its name is that of the operation
        show(console, " " * indent + plain(title), style="bold")
        indent += 2
    room = limits.width - indent - column_of(["actual", check.operator, "path"])
    rows: list[tuple[str, list[str]]] = []
    if check.path and check.name and not lines and check.operator not in WITHOUT_COMPARISON:
        rows.append(("path", [plain(check.path)]))
    compared, whole = _compared(check, room, limits)
    rows += compared
    if rows:
        show(console, fields(rows, indent))
    if check.diff and not (limits.brief and whole):
        show(console, diff(check.diff, indent + 2, replace(limits, lines=limits.lines * 2)))


def show_excerpt(lines: Excerpt, console: Console, limits: Limits) -> None:
    """Show lines of the scenario, with carets under what they are about."""
    *before, marked = lines.lines
    show(console, frame(lines.position, marked, limits.width, before))


def assertion_line(check: AssertionResult, console: Console) -> Text:
    """One assertion: mark, and name or path."""
    text = Text("  ")
    text.append_text(mark(Status.PASSED if check.passed else Status.FAILED, console))
    text.append(f" {plain(check.name or f'{check.path} {check.operator}'.strip())}")
    return text


def _says_nothing_more(check: AssertionResult) -> bool:
    """Whether the message of an assertion says no more than its expected and its actual value."""
    if check.actual_present:
        return check.operator in SELF_EXPLANATORY and not any(each in check.message for each in WORTH_READING)
    return check.message.endswith("but there is nothing at this path")


def _compared(check: AssertionResult, room: int, limits: Limits) -> tuple[list[tuple[str, list[str]]], bool]:
    """Rows of expected and actual, and whether they show both whole, on a line each.

    Where both are long and there is a diff, that shows them, and the message only where it says more.
    """
    expected = document(check.expected, room, limits)
    actual = document(check.actual, room, limits) if check.actual_present else ["nothing at this path"]
    message = prose(check.message, room)
    if message and check.operator in WITHOUT_COMPARISON:
        return [(check.operator, message)], True
    lengths = (len(expected), len(actual))
    if check.diff and message and (max(lengths) if limits.brief else min(lengths)) > 1:
        explains = check.operator not in SELF_EXPLANATORY
        return [(check.operator, message if explains else ["the documents differ"])], False
    rows = [(check.operator, expected), ("actual", actual)]
    if message and not _says_nothing_more(check):
        rows.append(("", message))
    return rows, max(lengths) == 1
