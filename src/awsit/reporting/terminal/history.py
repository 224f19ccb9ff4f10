"""Histories of scenarios: verdicts and durations over time, what is usual, what is flaky or slower."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from awsit.history.series import Flaky, Series, Slower
from awsit.model.run import HistoryEntry
from awsit.reporting.terminal.steps import column
from awsit.reporting.terminal.terminal import INDENT, count, duration, is_ascii, mark, plain, show, style_of
from awsit.reporting.terminal.values import fields

BARS, ASCII_BARS = "▁▂▃▄▅▆▇█", "_.-~=+*#"
NAME_COLUMN, STRIP_COLUMN, RUNS_COLUMN, SHARE_COLUMN, TIME_COLUMN = 28, 12, 4, 6, 9
LONGEST_STRIP = 60
SHOWN_VERSION = 8
"""Characters of a fingerprint."""


def show_histories(histories: Sequence[Series], console: Console) -> None:
    """Show a table of scenarios: newest verdicts, number of runs, share that passed, median time, what is unusual."""
    head = (
        ("", 1),
        ("SCENARIO", NAME_COLUMN),
        ("NEWEST LAST", STRIP_COLUMN),
        ("RUNS".rjust(RUNS_COLUMN), RUNS_COLUMN),
        ("PASSED".rjust(SHARE_COLUMN), SHARE_COLUMN),
        ("MEDIAN".rjust(TIME_COLUMN), TIME_COLUMN),
    )
    show(console, Text(" ".join(column(title, width) for title, width in head), style="dim"))
    for series in histories:
        show(console, _line(series, console))


def show_history(series: Series, console: Console) -> None:
    """Show one scenario: verdicts and durations from the oldest run to the newest, what is usual, and each run."""
    title = Text(plain(series.scenario), style="bold")
    title.append(f"  {count(series.runs, 'run')}, {series.passed} passed, {series.failed} failed", style="default")
    show(console, title)
    strip = series.entries[-LONGEST_STRIP:]
    show(console, Text(f"{INDENT}verdicts   ", style="dim").append_text(_marks(strip, console)))
    show(console, Text(f"{INDENT}durations  ", style="dim").append(sparkline(strip, console), style="cyan"))
    show(console, fields(((name.ljust(9), lines) for name, lines in _rows(series)), 2))
    show(console)
    head = f"{INDENT}{column('STARTED', 17)} {column('VERDICT', 10)} {'TIME':>9} {column('VERSION', SHOWN_VERSION)} RUN"
    show(console, Text(head, style="dim"))
    for entry in reversed(series.entries):
        show(console, _entry(entry))


def sparkline(entries: Sequence[HistoryEntry], console: Console) -> str:
    """A bar for each run, its height in proportion to the longest of them."""
    bars = ASCII_BARS if is_ascii(console) else BARS
    longest = max((entry.duration_seconds for entry in entries), default=0.0) or 1.0
    return "".join(bars[round(entry.duration_seconds / longest * (len(bars) - 1))] for entry in entries)


def _marks(entries: Sequence[HistoryEntry], console: Console) -> Text:
    text = Text()
    for entry in entries:
        text.append_text(mark(entry.status, console))
    return text


def _line(series: Series, console: Console) -> Text:
    newest = series.entries[-STRIP_COLUMN:]
    text = Text().append_text(mark(series.entries[-1].status, console))
    text.append(f" {column(series.scenario, NAME_COLUMN)} ")
    text.append_text(_marks(newest, console)).append(" " * (STRIP_COLUMN - len(newest)))
    text.append(f" {series.runs:>{RUNS_COLUMN}} {_share(series):>{SHARE_COLUMN}} ")
    text.append("" if series.median_seconds is None else duration(series.median_seconds).rjust(TIME_COLUMN))
    notes = [word for word, holds in (("flaky", series.flaky), ("slower", series.slower)) if holds]
    if notes:
        text.append(f"  {', '.join(notes)}", style="yellow")
    text.rstrip()
    return text


def _share(series: Series) -> str:
    """The share of judged runs that passed: below 100% if any has failed, above 0% if any has passed."""
    judged = series.passed + series.failed
    if not judged:
        return ""
    share = round(100 * series.passed / judged)
    return f"{min(share, 99) if series.failed else max(share, 1)}%" if series.passed else "0%"


def _usual(series: Series) -> str:
    if series.median_seconds is None or series.p95_seconds is None:
        return "no run has passed"
    times = f"median {duration(series.median_seconds)}, p95 {duration(series.p95_seconds)}"
    return f"{times}  (passed runs, {plain(series.engine)})"


def _rows(series: Series) -> Iterator[tuple[str, list[str]]]:
    yield "usual", [_usual(series)]
    if series.flaky:
        yield "flaky", [_flaky(each) for each in series.flaky]
    if series.slower:
        yield "slower", [_slower(series.slower)]


def _flaky(version: Flaky) -> str:
    changes = f"changed {version.changes} times" if version.changes > 1 else "changed once"
    return f"version {version.fingerprint[:SHOWN_VERSION]}: {version.passed} passed, {version.failed} failed, {changes}"


def _slower(slower: Slower) -> str:
    return (
        f"the newest took {duration(slower.seconds)}; usual is {duration(slower.usual_seconds)}, "
        f"the limit {duration(slower.limit_seconds)}"
    )


def _entry(entry: HistoryEntry) -> Text:
    text = Text(f"{INDENT}{column(entry.started_at[:16].replace('T', ' '), 17)} ")
    text.append(column(entry.status.value.replace("_", " "), 10), style=style_of(entry.status))
    text.append(f" {duration(entry.duration_seconds):>9} {column(entry.fingerprint[:SHOWN_VERSION], SHOWN_VERSION)} ")
    text.append(plain(entry.run_id))
    if entry.left_behind:
        text.append(f"  left {count(entry.left_behind, 'thing')} behind", style="yellow")
    return text
