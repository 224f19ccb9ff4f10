"""The charts of a load, as SVG (https://www.w3.org/TR/SVG2/) that needs no script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from awsit.load.result import LoadInterval
from awsit.reporting.terminal.terminal import duration

WIDTH, HEIGHT = 960, 200
LEFT, RIGHT, TOP, BOTTOM = 62, 10, 24, 22
_INNER_WIDTH, _INNER_HEIGHT = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
_KEY_WIDTH = 90
_KEYS = ("passed", "failed", "cancelled", "dropped")


def starts_chart(intervals: Sequence[LoadInterval], seconds: float) -> str:
    """Bars of what was to start in each interval of so many seconds, a second: its ends, and dropped."""
    most = max((each.started + each.dropped for each in intervals), default=0) / seconds or 1.0
    bars = "".join(_bars(intervals, seconds, most))
    return _svg("Starts a second", bars, f"{most:.3g}/s", _end(intervals, seconds), _KEYS)


def times_chart(intervals: Sequence[LoadInterval], seconds: float) -> str:
    """Lines of the median and of the 95th percentile of the iterations that were to start in each interval."""
    most = max((each.p95_ms or 0.0 for each in intervals), default=0.0) or 1.0
    kinds: Mapping[str, Callable[[LoadInterval], float | None]] = {"p50": lambda e: e.p50_ms, "p95": lambda e: e.p95_ms}
    lines = "".join(
        f'<polyline class="{name}" points="{_points(intervals, seconds, most, value)}"/>'
        for name, value in kinds.items()
    )
    return _svg("Milliseconds", lines, f"{most:,.0f} ms", _end(intervals, seconds), tuple(kinds))


def _bars(intervals: Sequence[LoadInterval], seconds: float, most: float) -> Iterator[str]:
    end = _end(intervals, seconds)
    width = _INNER_WIDTH * seconds / end
    for each in intervals:
        bottom = float(TOP + _INNER_HEIGHT)
        passed = each.started - each.failed - each.cancelled
        for name, number in zip(_KEYS, (passed, each.failed, each.cancelled, each.dropped), strict=True):
            height = _INNER_HEIGHT * number / seconds / most
            bottom -= height
            if number:
                place = f'x="{_x(each.at, end):.1f}" y="{bottom:.1f}" width="{max(1.0, width - 1):.1f}"'
                title = f"<title>{each.at:g} s: {number} {name}</title>"
                yield f'<rect class="bar-{name}" {place} height="{height:.1f}">{title}</rect>'


def _points(
    intervals: Sequence[LoadInterval], seconds: float, most: float, value: Callable[[LoadInterval], float | None]
) -> str:
    end = _end(intervals, seconds)
    measured = ((each.at + seconds / 2, value(each)) for each in intervals)
    points = [
        f"{_x(at, end):.1f},{TOP + _INNER_HEIGHT * (1 - number / most):.1f}"
        for at, number in measured
        if number is not None
    ]
    return " ".join([*points, *points[-1:]])  # a line of one point alone would not be drawn


def _svg(name: str, drawn: str, most: str, end: float, keys: Sequence[str]) -> str:
    bottom = TOP + _INNER_HEIGHT
    legend = "".join(
        f'<rect class="key-{key}" x="{LEFT + number * _KEY_WIDTH}" y="5" width="10" height="10"/>'
        f'<text x="{LEFT + number * _KEY_WIDTH + 15}" y="14">{key}</text>'
        for number, key in enumerate(keys)
    )
    axes = (
        f'<path class="axis" d="M{LEFT} {TOP}V{bottom}H{WIDTH - RIGHT}" fill="none"/>'
        f'<text x="{LEFT - 6}" y="{TOP + 8}" text-anchor="end">{most}</text>'
        f'<text x="{LEFT - 6}" y="{bottom}" text-anchor="end">0</text>'
        f'<text x="{LEFT}" y="{HEIGHT - 6}">0 s</text>'
        f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 6}" text-anchor="end">{duration(end)}</text>'
    )
    return f'<svg role="img" aria-label="{name}" viewBox="0 0 {WIDTH} {HEIGHT}">{axes}{legend}{drawn}</svg>'


def _end(intervals: Sequence[LoadInterval], seconds: float) -> float:
    return intervals[-1].at + seconds if intervals else seconds


def _x(at: float, end: float) -> float:
    return LEFT + _INNER_WIDTH * at / end
