"""Histories of scenarios: verdicts and durations over time, what is usual, what is flaky or slower."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from awsit.history.series import Flaky, Series, Slower
from awsit.model.run import HistoryEntry
from awsit.model.text.counts import count
from awsit.reporting.terminal.sparkline import sparkline
from awsit.reporting.terminal.table import Column, show_table
from awsit.reporting.terminal.terminal import INDENT, Console, duration, mark, plain, show, style_of
from awsit.reporting.terminal.text import Text
from awsit.reporting.terminal.values import fields

STRIP, LONGEST_STRIP = 12, 60
"""Newest runs of which the verdict is shown: in the table of all scenarios, and of a single one."""

SHOWN_VERSION = 8
"""Characters of a fingerprint."""


def show_histories(histories: Sequence[Series], console: Console) -> None:
    """Show a table of scenarios: newest verdicts, number of runs, share that passed, median time, what is unusual."""
    columns = (
        Column("  SCENARIO", flexible=True),
        Column("NEWEST LAST"),
        Column("RUNS", right=True),
        Column("PASSED", right=True),
        Column("MEDIAN", right=True),
        Column(""),
    )
    show_table(columns, (_row(series, console) for series in histories), console)


def show_history(series: Series, console: Console) -> None:
    """Show one scenario: verdicts and durations from the oldest run to the newest, what is usual, and each run."""
    title = Text(plain(series.scenario), style="bold")
    title.append(f"  {count(series.runs, 'run')}, {series.passed} passed, {series.failed} failed", style="default")
    show(console, title)
    strip = series.entries[-LONGEST_STRIP:]
    show(console, Text(f"{INDENT}verdicts   ", style="dim").append_text(_marks(strip, console)))
    show(console, Text(f"{INDENT}durations  ", style="dim").append(_durations(strip, console), style="cyan"))
    show(console, fields(((name.ljust(9), lines) for name, lines in _rows(series)), 2))
    show(console)
    columns = (
        Column("STARTED"),
        Column("VERDICT"),
        Column("TIME", right=True),
        Column("VERSION"),
        Column("RUN", flexible=True),
    )
    show_table(columns, (_entry(entry) for entry in reversed(series.entries)), console, len(INDENT))


def _durations(entries: Sequence[HistoryEntry], console: Console) -> str:
    return sparkline([entry.duration_seconds for entry in entries], console)


def _marks(entries: Sequence[HistoryEntry], console: Console) -> Text:
    text = Text()
    for entry in entries:
        text.append_text(mark(entry.status, console))
    return text


def _row(series: Series, console: Console) -> list[Text]:
    name = mark(series.entries[-1].status, console)
    name.append(f" {plain(series.scenario)}", style="default")
    notes = [word for word, holds in (("flaky", series.flaky), ("slower", series.slower)) if holds]
    return [
        name,
        _marks(series.entries[-STRIP:], console),
        Text(str(series.runs)),
        Text(_share(series)),
        Text("" if series.median_seconds is None else duration(series.median_seconds)),
        Text(", ".join(notes), style="yellow"),
    ]


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


def _entry(entry: HistoryEntry) -> list[Text]:
    run = Text(plain(entry.run_id))
    if entry.left_behind:
        run.append(f"  left {count(entry.left_behind, 'thing')} behind", style="yellow")
    return [
        Text(entry.started_at[:16].replace("T", " ")),
        Text(entry.status.value.replace("_", " "), style=style_of(entry.status)),
        Text(duration(entry.duration_seconds)),
        Text(entry.fingerprint[:SHOWN_VERSION]),
        run,
    ]
