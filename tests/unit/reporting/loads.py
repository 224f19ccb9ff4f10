"""Loads that reports are made of."""

from __future__ import annotations

from awsit.load.result import ActionLoad, Iterations, LoadError, LoadInterval, LoadRate, LoadResult, LoadTimes
from awsit.model.result import AssertionResult, RunStatus

TIMES = LoadTimes(30, 100, 150, 200.5, 300, 400)


def load(scenario: str = "order", message: str = "answered 500") -> LoadResult:
    return LoadResult(
        load_id="load-1",
        scenario=scenario,
        status=RunStatus.FAILED,
        engine="local",
        started_at="2030-01-01T00:00:00.000Z",
        finished_at="2030-01-01T00:00:03.000Z",
        duration_seconds=3,
        plan=LoadRate(20, 3, 2),
        iterations=Iterations(40, 30, 28, 2, 0, 10, 0, 4),
        planned_rate=13.333,
        achieved_rate=10,
        error_rate=0.066667,
        dropped_rate=0.25,
        times=TIMES,
        start_delays=LoadTimes(),
        actions=(ActionLoad("Create", "http_call", 2, TIMES),),
        errors=(LoadError("Create", "http_status", message, 2, "run-1"),),
        expectations=(AssertionResult(False, "less_or_equal", name="p95_ms", expected=200, actual=200.5),),
        interval_seconds=1,
        intervals=(LoadInterval(0, 10, 2, 0, 90, 180), LoadInterval(2, 20, 0, 10, 110, 220)),
    )
