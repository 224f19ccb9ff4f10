"""The figures of a stack over a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from awsit.metrics.catalogue import ACTION_METRICS, RUN_METRICS
from awsit.metrics.figures import POINTS, MetricQuery, MetricWindow, Point, StackFigures, stack_figures

NOW = datetime(2030, 1, 1, 12, 10, tzinfo=UTC)
DAY = MetricWindow.last(timedelta(hours=24), NOW)


@pytest.mark.parametrize("hours", [1, 24, 24 * 7, 24 * 30, 24 * 90])
def test_a_window_has_whole_periods_that_cloudwatch_keeps_and_holds_the_present(hours: int) -> None:
    length = timedelta(hours=hours)
    window = MetricWindow.last(length, NOW)
    kept = 3600 if hours > 24 * 63 else 300 if hours > 24 * 15 else 60

    assert window.since <= NOW < window.until
    assert window.since.timestamp() % window.period.total_seconds() == 0
    assert window.period.total_seconds() % kept == 0
    assert (window.until - window.since) >= length
    assert len(window.starts()) <= POINTS
    assert window.starts()[-1] + window.period == window.until


def figures(values: Mapping[tuple[str, str], Sequence[Point]]) -> StackFigures:
    """Of a stack `shop`, whose metrics have these values by name and statistic, for `http_call` and runs alone."""
    asked: list[MetricQuery] = []

    def read(queries: Sequence[MetricQuery]) -> Mapping[MetricQuery, Sequence[Point]]:
        asked.extend(queries)
        return {
            query: values[query.metric.name, query.statistic]
            for query in queries
            if (query.metric.name, query.statistic) in values and ("action_type", "wait") not in query.dimensions
        }

    found = stack_figures("shop", "tests", DAY, ["http_call", "wait"], read)
    assert {query.metric for query in asked} == {*RUN_METRICS, *ACTION_METRICS}
    assert {dict(query.dimensions)["stack"] for query in asked} == {"shop"}
    return found


def test_counts_add_up_and_the_largest_of_the_largest_is_the_largest() -> None:
    found = figures(
        {
            ("Runs", "Sum"): [(DAY.since, 2.0), (DAY.since + 3 * DAY.period, 5.0)],
            ("EventsUsed", "Maximum"): [(DAY.since, 74.0), (DAY.since + DAY.period, 113.0)],
            ("Duration", "p95"): [(DAY.since, 1.5)],
            ("Attempts", "Sum"): [(DAY.since, 9.0)],
        }
    )

    assert found.runs == {"Runs": {"Sum": 7.0}, "EventsUsed": {"Maximum": 113.0}, "Duration": {"p95": 1.5}}
    assert found.actions == {"http_call": {"Attempts": {"Sum": 9.0}}}
    assert found.series["Runs"][:4] == (2.0, 0.0, 0.0, 5.0)
    assert sum(found.series["Runs"]) == 7.0


def test_a_stack_without_runs_has_no_values() -> None:
    found = figures({})

    assert (found.runs, found.actions) == ({}, {})
    assert set(found.series["Runs"]) == {0.0}
