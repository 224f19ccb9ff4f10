"""Two runs side by side, as `awsit compare` shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from awsit.history.comparison import CheckChange, Comparison, RunSide, StepPair, StepSide
from awsit.history.differences import Difference
from awsit.model.json import Json
from awsit.model.result import Status
from awsit.model.text.counts import count
from awsit.reporting.terminal.steps import HEADINGS, column
from awsit.reporting.terminal.terminal import INDENT, Console, duration, is_ascii, plain, show, style_of
from awsit.reporting.terminal.text import Text
from awsit.reporting.terminal.values import Limits, document, prose

LABEL_COLUMN, SIDE_COLUMN = 10, 32
STEP_COLUMN, STEP_SIDE = 28, 24
SHOWN_VERSION = 8
"""Characters of a fingerprint."""

MOST_DIFFERENCES = 12
"""Differences of one step that are shown."""


def show_comparison(comparison: Comparison, console: Console, limits: Limits, *, everything: bool = False) -> None:
    """Show both runs, a line for each step, then the differences of each step: all of them with `everything`."""
    names = dict.fromkeys((comparison.before.scenario, comparison.after.scenario))
    show(console, Text(plain(" and ".join(names)), style="bold"))
    for row in _head(comparison.before, comparison.after):
        show(console, row)
    _show_steps(comparison.steps, console)
    arrow = "->" if is_ascii(console) else "→"
    different = [step for step in comparison.steps if step.is_different]
    if not different:  # otherwise the steps explain more
        _show_errors(comparison, console, limits)
    for step in different:
        show(console)
        _show_step(step, console, limits, arrow, None if everything else MOST_DIFFERENCES)
    if comparison.assertions:
        show(console)
        show(console, "Assertions", style="bold")
        _show_checks(comparison.assertions, console, limits)
    if not comparison.is_different:
        show(console)
        show(console, "Nothing is different but IDs and times.", style="green")


def _head(before: RunSide, after: RunSide) -> Iterator[Text]:
    rows = (
        ("run", before.run_id, after.run_id),
        ("started", _moment(before), _moment(after)),
        ("engine", before.engine, after.engine),
        ("version", before.fingerprint[:SHOWN_VERSION], after.fingerprint[:SHOWN_VERSION]),
        ("verdict", _words(before), _words(after)),
        ("clean-up", before.cleanup.value.replace("_", " "), after.cleanup.value.replace("_", " ")),
        ("time", duration(before.duration_seconds), _time(before, after)),
    )
    for label, first, second in (row for row in rows if row[1] or row[2]):
        text = Text(f"{INDENT}{label.ljust(LABEL_COLUMN)}", style="dim")
        text.append(column(first, SIDE_COLUMN), style="default")
        changed = label in {"verdict", "clean-up", "version"} and first != second
        yield text.append(f" {plain(second)}", style="yellow" if changed else "default")


def _show_errors(comparison: Comparison, console: Console, limits: Limits) -> None:
    """Show the errors of both runs, where they differ."""
    before, after = comparison.before.error, comparison.after.error
    if before == after:
        return
    show(console)
    for sign, error in (("-", before), ("+", after)):
        _show_side(sign, prose(error or "no error", limits.width - 6), console)


def _moment(side: RunSide) -> str:
    return side.started_at[:19].replace("T", " ")


def _words(side: RunSide) -> str:
    return side.status.value.replace("_", " ")


def _time(before: RunSide, after: RunSide) -> str:
    more = after.duration_seconds - before.duration_seconds
    return f"{duration(after.duration_seconds)}  ({'+' if more >= 0 else '-'}{duration(abs(more))})"


def _show_steps(steps: Sequence[StepPair], console: Console) -> None:
    phase = ""
    show(console)
    for step in steps:
        if step.phase != phase:
            show(console, Text(f"{INDENT}{HEADINGS.get(step.phase, plain(step.phase))}", style="bold"))
            phase = step.phase
        show(console, _step_line(step))


def _step_line(step: StepPair) -> Text:
    sign = "+" if step.before is None else "-" if step.after is None else "*" if step.is_different else " "
    text = Text(f"{sign} {column(step.name, STEP_COLUMN)} ", style="default" if sign == " " else "yellow")
    text.append_text(_step_side(step.before)).append(" ").append_text(_step_side(step.after))
    text.rstrip()
    return text


def _step_side(side: StepSide | None) -> Text:
    if side is None:
        return Text(column("not there", STEP_SIDE), style="dim")
    time = "" if side.status is Status.SKIPPED else duration(side.duration_seconds)
    attempts = f"{side.attempts}x" if side.attempts > 1 else ""
    text = Text().append(column(side.status.value, 8), style=style_of(side.status))
    return text.append(f"{time:>9} {attempts:<6}", style="default")


def _show_step(step: StepPair, console: Console, limits: Limits, arrow: str, most: int | None) -> None:
    show(console, _title(step, arrow))
    for side, sign in ((step.before, "-"), (step.after, "+")):
        if side and side.error and (step.before is None or step.after is None or step.before.error != step.after.error):
            _show_side(sign, prose(side.error, limits.width - 6), console)
    _show_checks(step.checks, console, limits)
    for difference in step.differences[:most]:
        show(console, f"{INDENT}{plain(difference.path)}")
        _show_values(difference, console, limits)
    omitted = len(step.differences) - len(step.differences[:most])
    if omitted > 0:
        show(console, f"{INDENT}... {count(omitted, 'more difference')} (-v shows all)", style="dim")


def _title(step: StepPair, arrow: str) -> Text:
    text = Text(plain(step.name), style="bold")
    if step.before is None or step.after is None:
        return text.append(f"  only in the {'second' if step.before is None else 'first'} run", style="dim")
    if step.before.status is step.after.status:
        return text
    return text.append(f"  {step.before.status.value} {arrow} {step.after.status.value}", style="default")


def _show_checks(checks: Sequence[CheckChange], console: Console, limits: Limits) -> None:
    for check in checks:
        show(console, f"{INDENT}{plain(check.name)}")
        for sign, held, message in (("-", check.before, check.before_message), ("+", check.after, check.after_message)):
            text = "is not there" if held is None else "holds" if held else message
            _show_side(sign, prose(text, limits.width - 6), console)


def _show_values(difference: Difference, console: Console, limits: Limits) -> None:
    sides = (("-", difference.before, difference.in_before), ("+", difference.after, difference.in_after))
    for sign, value, present in sides:
        if present:
            _show_side(sign, _value(value, limits), console)


def _value(value: Json, limits: Limits) -> list[str]:
    return document(value, limits.width - 6, limits)


def _show_side(sign: str, lines: Sequence[str], console: Console) -> None:
    style = "red" if sign == "-" else "green"
    for number, line in enumerate(lines):
        show(console, f"    {sign if number == 0 else ' '} {line}", style=style)
