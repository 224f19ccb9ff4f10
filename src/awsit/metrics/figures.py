"""The metrics of a stack over a time, as `awsit metrics` asks CloudWatch for them and shows them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from awsit.metrics.catalogue import ACTION_METRICS, ACTION_TYPE, PERCENTILES, RUN_METRICS, STACK, TOTAL, Metric
from awsit.system.clock import iso

POINTS = 48
"""So many points a series has at most: a sparkline fits a line, and 24 hours have half-hours."""

Point = tuple[datetime, float]
Values = Mapping[str, Mapping[str, float]]
"""Values by metric and statistic."""


class MetricWindow(Struct, frozen=True):
    """A time that is divided into periods, the first of which begins at `since`."""

    since: datetime
    until: datetime
    period: timedelta

    @classmethod
    def last(cls, length: timedelta, now: datetime) -> MetricWindow:
        """The time until now, in whole periods.

        A period is a multiple of an hour for more than 63 days, of 5 minutes for more than 15, else of a minute, as
        CloudWatch keeps data (CloudWatch API Reference, "GetMetricData", `StartTime`).
        """
        step = 3600 if length > timedelta(days=63) else 300 if length > timedelta(days=15) else 60
        seconds = math.ceil(length.total_seconds() / POINTS / step) * step
        until = math.floor(now.timestamp() / seconds + 1) * seconds
        periods = math.ceil(length.total_seconds() / seconds)
        since = datetime.fromtimestamp(until - periods * seconds, now.tzinfo)
        return cls(since, since + periods * timedelta(seconds=seconds), timedelta(seconds=seconds))

    def starts(self) -> list[datetime]:
        """When each period begins."""
        return [self.since + number * self.period for number in range((self.until - self.since) // self.period)]


class MetricQuery(Struct, frozen=True):
    """A statistic of a metric with these dimensions, one value a `period`."""

    metric: Metric
    dimensions: tuple[tuple[str, str], ...]
    statistic: str
    period: timedelta


class StackFigures(Struct, frozen=True):
    """The metrics of a stack. Times are ISO 8601 UTC.

    `runs` and the values of `actions`, which are by action type, have those of the whole time, by metric and statistic;
    what was never measured is left out. `series` has the totals of runs by metric, one a period.
    """

    stack: str
    namespace: str
    since: str
    until: str
    period_seconds: int
    runs: Values
    actions: Mapping[str, Values]
    series: Mapping[str, tuple[float, ...]]


Read = Callable[[Sequence[MetricQuery]], Mapping[MetricQuery, Sequence[Point]]]


def stack_figures(
    stack: str, namespace: str, window: MetricWindow, action_types: Iterable[str], read: Read
) -> StackFigures:
    """The figures of a stack, by what `read` answers to the queries."""
    of_runs = _queries(RUN_METRICS, ((STACK, stack),), window)
    of_actions = {
        action_type: _queries(ACTION_METRICS, ((STACK, stack), (ACTION_TYPE, action_type)), window)
        for action_type in action_types
    }
    points = read([*of_runs, *(query for queries in of_actions.values() for query in queries)])
    actions = {action_type: _values(queries, points) for action_type, queries in of_actions.items()}
    return StackFigures(
        stack=stack,
        namespace=namespace,
        since=iso(window.since),
        until=iso(window.until),
        period_seconds=int(window.period.total_seconds()),
        runs=_values(of_runs, points),
        actions={action_type: values for action_type, values in actions.items() if values},
        series={
            query.metric.name: _series(points.get(query, ()), window)
            for query in of_runs
            if query.metric.statistics == TOTAL
        },
    )


def _queries(
    metrics: Iterable[Metric], dimensions: tuple[tuple[str, str], ...], window: MetricWindow
) -> list[MetricQuery]:
    """Percentiles are of the whole time, since those of its parts do not add up."""
    return [
        MetricQuery(
            metric,
            dimensions,
            statistic,
            window.until - window.since if metric.statistics == PERCENTILES else window.period,
        )
        for metric in metrics
        for statistic in metric.statistics
    ]


def _values(queries: Iterable[MetricQuery], points: Mapping[MetricQuery, Sequence[Point]]) -> Values:
    values: dict[str, dict[str, float]] = {}
    for query in queries:
        measured = [value for _, value in points.get(query, ())]
        if measured:
            combined = sum(measured) if query.metric.statistics == TOTAL else max(measured)
            values.setdefault(query.metric.name, {})[query.statistic] = combined
    return values


def _series(points: Iterable[Point], window: MetricWindow) -> tuple[float, ...]:
    by_start = dict.fromkeys(window.starts(), 0.0)
    for at, value in points:
        by_start[at] = by_start.get(at, 0.0) + value
    return tuple(by_start[start] for start in window.starts())
