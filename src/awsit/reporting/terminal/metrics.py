"""The metrics of a stack: runs and their verdicts, durations and quotas, and the attempts of each type of action."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from awsit.metrics import catalogue
from awsit.metrics.catalogue import Metric
from awsit.metrics.figures import StackFigures, Values
from awsit.model.result import RunStatus
from awsit.model.text.counts import count
from awsit.quotas.catalogue import EVENT_QUOTA
from awsit.reporting.terminal.sparkline import bar, sparkline
from awsit.reporting.terminal.table import Column, show_table
from awsit.reporting.terminal.terminal import INDENT, Console, duration, plain, show, style_of
from awsit.reporting.terminal.text import Text

NAME, NUMBER, BAR = 14, 7, 30
"""Columns of a row: its name, its number, and the widest bar."""

VERDICTS: Mapping[RunStatus, Metric] = {
    RunStatus.FAILED: catalogue.RUNS_FAILED,
    RunStatus.ERROR: catalogue.RUN_ERRORS,
    RunStatus.TIMED_OUT: catalogue.RUNS_TIMED_OUT,
    RunStatus.CANCELLED: catalogue.RUNS_CANCELLED,
}


def show_figures(figures: StackFigures, console: Console) -> None:
    """Show the figures of a stack; without a run there is no more than that."""
    title = Text(plain(figures.stack), style="bold")
    since = figures.since[:16].replace("T", " ")
    title.append(f"  since {since} UTC, one bar for {duration(figures.period_seconds)}", style="default")
    show(console, title)
    runs = _total(figures.runs, catalogue.RUNS)
    if not runs:
        show(console, f"{INDENT}no run was counted")
        return
    for line in (*_run_lines(figures, runs, console), *_quota_lines(figures)):
        show(console, line)
    show(console)
    _show_actions(figures, console)


def _run_lines(figures: StackFigures, runs: float, console: Console) -> Iterator[Text]:
    yield _line("runs", runs, sparkline(figures.series[catalogue.RUNS.name], console), "cyan")
    not_passed = catalogue.RUNS_NOT_PASSED
    passed = runs - _total(figures.runs, not_passed)
    yield _line("passed", passed, bar(passed / runs, BAR, console), style_of(RunStatus.PASSED))
    if passed < runs:
        yield _line(
            "not passed", runs - passed, sparkline(figures.series[not_passed.name], console), style_of(RunStatus.FAILED)
        )
    for status, metric in VERDICTS.items():
        number = _total(figures.runs, metric)
        if number:
            name = f"  {status.value.replace('_', ' ')}"
            yield _line(name, number, bar(number / runs, BAR, console), style_of(status))
    left = _total(figures.runs, catalogue.LEFT_BEHIND)
    yield _line("left behind", left, bar(left / runs, BAR, console), "yellow")


def _quota_lines(figures: StackFigures) -> Iterator[Text]:
    yield _line("cache hits", _total(figures.runs, catalogue.CACHE_HITS))
    times = _percentiles(figures.runs, catalogue.DURATION)
    yield _named("duration").append(", ".join(f"{name} {text}" for name, text in times.items() if text))
    at_once = int(_largest(figures.runs, catalogue.CONCURRENCY))
    yield _named("at once").append(f"{count(at_once, 'attempt')} of a run at most")
    events = _largest(figures.runs, catalogue.EVENTS_USED)
    if events:
        yield _named("events").append(f"{events:,g} of {EVENT_QUOTA:,} at most")


def _show_actions(figures: StackFigures, console: Console) -> None:
    titles = ("ATTEMPTS", "FAILED", "RETRIED", "THROTTLED", *(name.upper() for name in catalogue.PERCENTILES))
    columns = (Column("ACTION", flexible=True), *(Column(title, right=True) for title in titles))
    show_table(columns, (_row(name, values) for name, values in figures.actions.items()), console, len(INDENT))


def _row(action_type: str, values: Values) -> list[Text]:
    counted = (catalogue.ATTEMPTS, catalogue.FAILED_ATTEMPTS, catalogue.RETRIES, catalogue.THROTTLES)
    numbers = [f"{_total(values, metric):,g}" for metric in counted]
    return [Text(plain(action_type)), *map(Text, [*numbers, *_percentiles(values, catalogue.LATENCY).values()])]


def _line(name: str, number: float, drawn: str = "", style: str = "") -> Text:
    line = _named(name).append(f"{number:{NUMBER},g}")
    return line.append(f"  {drawn}", style=style) if drawn else line


def _named(name: str) -> Text:
    return Text(f"{INDENT}{name.ljust(NAME)}")


def _total(values: Values, metric: Metric) -> float:
    return values.get(metric.name, {}).get("Sum", 0.0)


def _largest(values: Values, metric: Metric) -> float:
    return values.get(metric.name, {}).get("Maximum", 0.0)


def _percentiles(values: Values, metric: Metric) -> dict[str, str]:
    """The percentiles of a metric in seconds, for people; empty texts where there are none."""
    seconds = values.get(metric.name, {})
    return {name: duration(seconds[name]) if name in seconds else "" for name in catalogue.PERCENTILES}
