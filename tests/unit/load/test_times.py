"""Percentiles of times."""

from __future__ import annotations

import random

import pytest

from awsit.load.times import Times


def test_percentiles_are_those_of_a_sorted_list() -> None:
    seconds = [number / 1000 for number in range(1, 10_001)]
    random.Random(1).shuffle(seconds)
    times = Times()
    for each in seconds:
        times.add(each)
    summary = times.summary()
    assert summary.count == 10_000
    assert (summary.p50_ms, summary.p90_ms, summary.p95_ms, summary.p99_ms) == pytest.approx(
        (5000, 9000, 9500, 9900), rel=0.001
    )
    assert summary.max_ms == 10_000


def test_without_any_there_are_none() -> None:
    assert Times().summary().p95_ms is None
