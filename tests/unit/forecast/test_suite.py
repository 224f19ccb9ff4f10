"""The model of a suite: sums, scales, and which quota binds."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import astuple
from tests.unit.forecast.plans import call, foreseen, get

from awsit.forecast.cost.estimate import SECONDS_OF_A_CALL
from awsit.forecast.document import Forecast
from awsit.forecast.suite import LONGEST_RUN, SCALES, Load, Projection, suite_forecast
from awsit.quotas.account import AccountQuotas
from awsit.quotas.catalogue import (
    FUNCTION_CONCURRENCY,
    MAP_CHILDREN,
    START_EXECUTION,
    STATE_TRANSITIONS,
)
from awsit.records import replace

POST = call("https://api.example.com/orders", "Post", method="POST")


def wait(seconds: int) -> dict[str, Any]:
    return {"name": "Wait", "type": "wait", "params": {"seconds": seconds}}


def scaled(forecast: Forecast, region: str = "eu-central-1", jobs: int | None = None) -> dict[int, Projection]:
    return dict(zip(SCALES, suite_forecast([forecast], AccountQuotas(region), jobs).scaled, strict=True))


def test_a_suite_is_the_sum_of_its_runs() -> None:
    first, second = foreseen(get()), foreseen(POST, wait(7))
    suite = suite_forecast([first, second], AccountQuotas())
    for field, of_first, of_second, together in zip(
        Load.__struct_fields__, astuple(Load.of(first)), astuple(Load.of(second)), astuple(suite.own.load), strict=True
    ):
        assert together == pytest.approx(of_first + of_second), field
    assert suite.own.load.runs == 2
    assert suite.own.load.http_requests == 1
    assert suite.own.load.transitions == first.execution.transitions.best + second.execution.transitions.best
    assert suite.own.load.dollars == pytest.approx(first.cost.dollars.best + second.cost.dollars.best)
    assert suite.most_dollars == pytest.approx(first.cost.dollars.worst + second.cost.dollars.worst)


def test_more_runs_come_to_as_much_more() -> None:
    projections = scaled(foreseen(get()))
    ten, most = projections[10].load, projections[100_000].load
    for field, few, many in zip(Load.__struct_fields__, astuple(ten), astuple(most), strict=True):
        assert many == pytest.approx(few * 10_000, rel=1e-6), field


def test_what_is_skipped_at_best_is_not_counted() -> None:
    conditional = {**POST, "name": "Maybe", "when": "{{ vars.x == 1 }}", "cleanup": [{**POST, "name": "Undo"}]}
    assert Load.of(foreseen(POST, conditional, variables={"x": 2})).http_requests == 1


def test_few_runs_take_as_long_as_the_longest() -> None:
    projection = scaled(foreseen(wait(60)))[10]
    assert projection.bound_by == LONGEST_RUN
    assert projection.seconds == pytest.approx(60 + projection.load.busy_seconds / 10)


def test_a_region_that_allows_few_transitions_is_bound_by_them_and_a_large_one_by_starts() -> None:
    forecast = foreseen(get())
    transitions = forecast.execution.transitions.best
    small, large = scaled(forecast)[100_000], scaled(forecast, "us-east-1")[100_000]
    assert small.bound_by == STATE_TRANSITIONS.name
    assert small.seconds == pytest.approx((100_000 * transitions - 800) / 800)
    assert large.bound_by == START_EXECUTION.name
    assert large.seconds < small.seconds
    starts = next(bound for bound in small.bounds if bound.name == START_EXECUTION.name)
    assert starts.seconds == pytest.approx((100_000 - 800) / 150 + forecast.execution.invocations.best / 4)


def test_jobs_bind_when_they_are_few() -> None:
    forecast = foreseen(wait(30))
    projection = scaled(forecast, jobs=5)[1000]
    assert projection.bound_by == "--jobs 5"
    assert projection.seconds == pytest.approx(projection.load.run_seconds / 5)
    waits = scaled(foreseen(wait(6000)))[100_000]
    assert waits.bound_by == MAP_CHILDREN.name


def test_functions_bind_when_calls_take_long() -> None:
    forecast = foreseen(get())
    execution = replace(forecast.execution, invocations=replace(forecast.execution.invocations, best=1e4))
    projection = scaled(replace(forecast, execution=execution), "us-east-1")[100_000]
    assert projection.bound_by == FUNCTION_CONCURRENCY.name
    assert projection.seconds == pytest.approx(1e9 * SECONDS_OF_A_CALL / 1000)


@pytest.mark.parametrize("runs", SCALES)
def test_the_time_is_the_greatest_bound(runs: int) -> None:
    projection = scaled(foreseen(get(), POST))[runs]
    assert projection.seconds == max(bound.seconds for bound in projection.bounds)
    assert all(bound.seconds >= 0 for bound in projection.bounds)


def test_the_functions_at_once_are_those_of_the_account_where_they_are_known() -> None:
    usual = suite_forecast([foreseen(get())], AccountQuotas())
    own = suite_forecast([foreseen(get())], AccountQuotas(), concurrency=10)
    assert usual.function_concurrency == FUNCTION_CONCURRENCY.default.value
    assert own.function_concurrency == 10
    seconds = {bound.name: bound.seconds for bound in own.scaled[-1].bounds}
    assert seconds[FUNCTION_CONCURRENCY.name] == pytest.approx(own.scaled[-1].load.busy_seconds / 10)
    assert own.scaled[-1].bound_by == FUNCTION_CONCURRENCY.name
    assert "but for the 10 calls of the function that may go on at once" in own.note
    assert "but for" not in usual.note


def test_what_the_account_allows_gives_the_time_and_is_told() -> None:
    forecast = foreseen(get())
    transitions = forecast.execution.transitions.best
    own = AccountQuotas("eu-central-1", {STATE_TRANSITIONS.code: 50, STATE_TRANSITIONS.burst_code: 100}, is_read=True)
    suite = suite_forecast([forecast], own)
    assert suite.scaled[-1].bound_by == STATE_TRANSITIONS.name
    assert suite.scaled[-1].seconds == pytest.approx((100_000 * transitions - 100) / 50)
    (quota,) = suite.account_quotas or ()
    assert (quota.name, quota.value, quota.burst, quota.default_value) == (STATE_TRANSITIONS.name, 50, 100, 800)
    assert "quotas those of the account" in suite.note
    assert suite_forecast([forecast], AccountQuotas()).account_quotas is None
