"""A load on the terminal: while it goes on, and what it came to."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from awsit.config_values import STEP_FUNCTIONS
from awsit.load.result import Iterations, LoadRate, LoadResult, LoadTimes
from awsit.model.result import RunStatus
from awsit.model.text.counts import count
from awsit.model.text.visible import on_one_line
from awsit.reporting.terminal.sparkline import sparkline
from awsit.reporting.terminal.summary import show_left
from awsit.reporting.terminal.table import Column, show_table
from awsit.reporting.terminal.terminal import INDENT, Console, duration, mark, plain, show, style_of
from awsit.reporting.terminal.text import Text
from awsit.reporting.terminal.values import Limits

_TITLES = ("COUNT", "FAILED", "P50", "P90", "P95", "P99", "MAX")
_NAME = 10


def rate_words(load: LoadRate) -> str:
    """What was asked for, such as `20 starts a second for 5 m 00 s`."""
    ramp = f", of which the ramp takes {duration(load.ramp_seconds)}" if load.ramp_seconds else ""
    return f"{count(load.rate, 'start', spec='g')} a second for {duration(load.seconds)}{ramp}"


def progress_words(elapsed: float, load: LoadRate, iterations: Iterations, under_way: int) -> str:
    """How far a load is, in one line."""
    return (
        f"{duration(min(elapsed, load.seconds))} of {duration(load.seconds)}: {iterations.started} started, "
        f"{under_way} under way, {iterations.failed} failed, {iterations.dropped} dropped"
    )


def show_load(result: LoadResult, console: Console) -> None:
    """Show what a load came to: counts, a chart on a terminal, times, errors, thresholds and the verdict."""
    title = Text().append(plain(result.scenario), style="bold")
    show(console, title.append(f"  {rate_words(result.plan)}"))
    show(console, f"{INDENT}{counts_words(result)}")
    for words in _why_dropped(result):
        show(console, f"{INDENT}{words}")
    if console.is_terminal:
        for line in _charts(result, console):
            show(console, line)
    show(console)
    columns = (Column("milliseconds", flexible=True), *(Column(each, right=True) for each in _TITLES))
    show_table(columns, _rows(result), console, len(INDENT))
    _show_errors(result, console)
    if result.expectations:
        show(console, "\nExpected", style="bold")
        for threshold in _expectations(result, console):
            show(console, threshold)
    if result.left_behind:
        show(console, "\nLeft behind", style="bold")
        show_left(result.left_behind, console, Limits())
    if result.seed:
        show(console, f"\nFake data: --seed {quote(plain(result.seed))} makes the same again")
    left = f", {result.iterations.left_behind} left something behind" if result.iterations.left_behind else ""
    verdict = f"{result.status.value.upper()}  {plain(result.scenario)}  {duration(result.duration_seconds)}{left}"
    show(console, f"\n{verdict}", style=style_of(result.status))


def counts_words(result: LoadResult) -> str:
    """What became of the iterations, and the rates, in one line."""
    each = result.iterations
    ends = {"passed": each.passed, "failed": each.failed, "cancelled": each.cancelled, "dropped": each.dropped}
    words = ", ".join(f"{number} {end}" for end, number in ends.items() if number or end != "cancelled")
    rates = f"{result.achieved_rate:.4g}/s of {result.planned_rate:.4g}/s"
    return f"{count(each.started, 'iteration')} of {each.scheduled}: {words}; {rates}"


def _charts(result: LoadResult, console: Console) -> Iterator[str]:
    """A bar for each interval, or for the highest of several where there is no room: starts, and p95."""
    room = max(1, console.width - _NAME - 2 * len(INDENT))
    step = -(-len(result.intervals) // room) or 1
    values = {
        "started": [float(each.started) for each in result.intervals],
        "p95": [each.p95_ms or 0.0 for each in result.intervals],
    }
    for name, each in values.items():
        highest = [max(each[at : at + step]) for at in range(0, len(each), step)]
        yield f"{INDENT}{name.ljust(_NAME)}{sparkline(highest, console)}"


def _why_dropped(result: LoadResult) -> Iterator[str]:
    """What to do about starts that were dropped."""
    each = result.iterations
    if result.engine == STEP_FUNCTIONS:
        if each.dropped:
            yield (
                f"{each.dropped} dropped since the account would have begun them too late: too many went on at once "
                "(max_concurrency), its functions had to start first (give it a ramp, or start it again), or it "
                "throttled them (lower the rate, or raise what binds it)"
            )
        return
    if each.too_late:
        yield f"{each.too_late} dropped since this machine was late: let several share the rate, or lower it"
    if others := each.dropped - each.too_late:
        yield f"{others} dropped while max_concurrency iterations went on: the service is slower than that allows for"


def _rows(result: LoadResult) -> Iterator[list[Text]]:
    yield _row("whole scenario", result.iterations.failed, result.times)
    for action in result.actions:
        yield _row(f"{INDENT}{plain(action.name)}", action.failed, action.times)
    yield _row("late start", 0, result.start_delays)


def _row(name: str, failed: int, times: LoadTimes) -> list[Text]:
    values = (times.p50_ms, times.p90_ms, times.p95_ms, times.p99_ms, times.max_ms)
    cells = ("-" if value is None else f"{value:,.1f}" for value in values)
    return [Text(name), Text(f"{times.count:,}"), Text(f"{failed:,}"), *map(Text, cells)]


def _show_errors(result: LoadResult, console: Console) -> None:
    if result.errors:
        show(console, "\nErrors", style="bold")
    for error in result.errors:
        where = f"{error.action}  " if error.action else ""
        line = Text(INDENT).append(f"{error.count:,} x ", style=style_of(RunStatus.FAILED))
        show(console, line.append(on_one_line(f"{where}{error.code}  {error.message}")))
        show(console, f"{INDENT}{INDENT}awsit report {error.run_id} --html run.html", style="dim")
        if error.seed:
            show(console, f"{INDENT}{INDENT}fake data: awsit run --seed {quote(plain(error.seed))}", style="dim")


def _expectations(result: LoadResult, console: Console) -> Iterator[Text]:
    for each in result.expectations:
        sign = mark(RunStatus.PASSED if each.passed else RunStatus.FAILED, console)
        got = f"{each.actual:g}" if each.actual_present else "nothing was measured"
        yield Text(INDENT).append_text(sign).append(f" {plain(each.name)}  at most {each.expected:g}, got {got}")
