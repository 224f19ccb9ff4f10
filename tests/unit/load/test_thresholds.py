"""Thresholds as assertions."""

from __future__ import annotations

from awsit.load.result import ActionLoad, LoadTimes
from awsit.load.thresholds import Measured, check

MEASURED = Measured(
    LoadTimes(100, 100, 200, 300, 400, 500), 0.02, 0, (ActionLoad("Create", "http_call", 5, LoadTimes(50, 10, 20)),)
)


def test_a_threshold_holds_up_to_its_value() -> None:
    results = check(MEASURED, {"p95_ms": 300, "p99_ms": 399, "error_rate": 0.02, "dropped_rate": 0}, {})
    assert [(each.name, each.passed) for each in results] == [
        ("p95_ms", True),
        ("p99_ms", False),
        ("error_rate", True),
        ("dropped_rate", True),
    ]
    assert results[1].message == "expected at most 399, got 400"


def test_those_of_an_action_are_of_its_own() -> None:
    results = check(MEASURED, {}, {"Create": {"p90_ms": 19, "error_rate": 0.1}})
    assert [(each.name, each.passed, each.actual) for each in results] == [
        ("Create p90_ms", False, 20),
        ("Create error_rate", True, 0.1),
    ]


def test_what_was_never_measured_does_not_hold() -> None:
    results = check(MEASURED, {}, {"Create": {"p99_ms": 1}, "Never": {"error_rate": 1}})
    assert [each.passed for each in results] == [False, False]
    assert results[1].message == "expected at most 1, nothing was measured"
