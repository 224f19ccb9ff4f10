"""What one run adds to the metrics of its stack."""

from __future__ import annotations

from typing import Any

import pytest

from awsit.metrics import catalogue
from awsit.metrics.measurements import measure
from awsit.model.result import (
    NOT_YET,
    Attempt,
    CleanupResult,
    CleanupVerdict,
    RunResult,
    RunStatus,
    Status,
    StepResult,
)
from awsit.records import replace

AT = "2030-01-01T00:00:{:06.3f}Z"


def attempt(second: float = 0.0, **fields: Any) -> Attempt:
    passed = Attempt(1, AT.format(second), 0.5, Status.PASSED)
    return replace(passed, **{"status": Status.FAILED, **fields}) if "code" in fields else replace(passed, **fields)


def step(*attempts: Attempt, kind: str = "http_call") -> StepResult:
    return StepResult(0, "actions", "Call", kind, attempts[-1].status, attempts=attempts)


def run(*steps: StepResult, status: RunStatus = RunStatus.PASSED, **fields: Any) -> RunResult:
    result = RunResult("run-1", "orders", status, "stepfunctions", AT.format(0), AT.format(9), 9.0, steps=steps)
    return replace(result, **fields)


def values(result: RunResult, *, events: int = 0, **dimensions: str) -> dict[str, tuple[float, ...]]:
    wanted = {"stack": "shop", **dimensions}
    return {each.metric.name: each.values for each in measure(result, "shop", events) if each.dimensions == wanted}


@pytest.mark.parametrize(
    ("status", "counted"),
    [
        (RunStatus.PASSED, set()),
        (RunStatus.FAILED, {"RunsNotPassed", "RunsFailed"}),
        (RunStatus.ERROR, {"RunsNotPassed", "RunErrors"}),
        (RunStatus.TIMED_OUT, {"RunsNotPassed", "RunsTimedOut"}),
        (RunStatus.CANCELLED, {"RunsNotPassed", "RunsCancelled"}),
    ],
)
def test_a_run_is_counted_by_its_verdict_and_zeroes_are_too(status: RunStatus, counted: set[str]) -> None:
    counts = values(run(status=status))
    verdicts = {name: number for name, (number,) in counts.items() if name.startswith("Run") and name != "Runs"}

    assert counts["Runs"] == (1,)
    assert {name for name, number in verdicts.items() if number} == counted
    assert len(verdicts) == 5


def test_what_is_left_how_long_it_took_and_the_events() -> None:
    left = CleanupResult(CleanupVerdict.LEFT_BEHIND)
    counts = values(run(cleanup=left), events=113)

    assert (counts["LeftBehind"], counts["Duration"], counts["EventsUsed"]) == ((1,), (9.0,), (113,))
    assert "EventsUsed" not in values(run()), "a local run has no events, and counts as none with zero"


def test_retries_polls_and_throttles_are_told_apart() -> None:
    http = values(
        run(
            step(attempt(code="connection", delay_seconds=1.0), attempt(code="429", delay_seconds=1.0), attempt()),
            step(attempt(code=NOT_YET, delay_seconds=1.0), attempt()),
            step(attempt(code="assertion")),
            step(attempt(code="throttling", by_sdk=True, delay_seconds=0.1), attempt(), kind="dynamodb"),
        ),
        action_type="http_call",
    )

    assert (http["Attempts"], http["FailedAttempts"], http["Retries"], http["Throttles"]) == ((6,), (3,), (2,), (1,))
    assert http["Latency"] == (0.5,) * 6


def test_clean_up_counts_as_actions_do() -> None:
    cleanup = CleanupResult(steps=(step(attempt(), kind="dynamodb"),))

    assert values(run(cleanup=cleanup), action_type="dynamodb")["Attempts"] == (1,)


def test_an_attempt_from_the_cache_is_a_hit_and_has_no_latency() -> None:
    cached = run(step(attempt(cached=True)), step(attempt()))

    assert values(cached)["CacheHits"] == (1,)
    assert values(cached, action_type="http_call")["Latency"] == (0.5,)


def test_concurrency_is_the_most_attempts_at_one_time() -> None:
    one_after_the_other = run(step(attempt(0.0)), step(attempt(0.5)))
    three = run(*(step(attempt(second)) for second in (0.0, 0.1, 0.2, 2.0)))

    assert values(one_after_the_other)["Concurrency"] == (1,)
    assert values(three)["Concurrency"] == (3,)
    assert values(run())["Concurrency"] == (0,)


def test_every_measurement_has_just_the_dimensions_of_the_catalogue() -> None:
    measurements = measure(run(step(attempt())), "shop", 9)

    assert {each.metric for each in measurements} == set(catalogue.METRICS)
    assert all(tuple(each.dimensions) == each.metric.dimensions for each in measurements)


def test_by_scenario_is_by_the_stack_too_so_that_two_stacks_never_mix() -> None:
    measurements = measure(run(), "shop", 9, by_scenario=True)
    by_scenario = [each for each in measurements if "scenario" in each.dimensions]

    assert {each.metric for each in by_scenario} == set(catalogue.RUN_METRICS)
    assert {tuple(each.dimensions.items()) for each in by_scenario} == {(("stack", "shop"), ("scenario", "orders"))}


def test_an_attempt_after_whose_wait_none_was_made_is_no_retry() -> None:
    cut_off = run(step(attempt(code="503", delay_seconds=1.0), attempt(code="503", delay_seconds=2.0)))

    assert values(cut_off, action_type="http_call")["Retries"] == (1,)


def test_the_row_of_a_scenario_is_counted_by_a_name_that_cloudwatch_takes() -> None:
    named = replace(run(), scenario="priced[Büch\n]" + "x" * 2_000)
    (scenario,) = {
        each.dimensions["scenario"] for each in measure(named, "shop", by_scenario=True) if len(each.dimensions) == 2
    }

    assert scenario.startswith("priced[B?ch?]x")
    assert len(scenario) == 1_024
