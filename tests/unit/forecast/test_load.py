"""What a load in the account comes to, and which quota does not allow for it."""

from __future__ import annotations

import pytest
from tests.unit.forecast.plans import foreseen, get

from awsit.forecast.load import TRANSITIONS_OF_AN_ITEM, Starts, load_forecast
from awsit.quotas.account import AccountQuotas
from awsit.quotas.catalogue import FUNCTION_CONCURRENCY, START_EXECUTION, STATE_TRANSITIONS

ONE = foreseen(get())
EACH = ONE.execution.transitions.best + TRANSITIONS_OF_AN_ITEM


def exceeded(starts: Starts, concurrency: int | None = None, region: str = "eu-central-1") -> dict[str, float]:
    found = load_forecast([ONE], starts, AccountQuotas(region), concurrency).exceeded
    return {each.quota: round(each.rate, 2) for each in found}


def test_the_counts_are_those_of_all_iterations() -> None:
    whole = load_forecast([ONE], Starts(600, 10, 60), AccountQuotas(), None)
    assert (whole.starts, whole.transitions) == (600, 600 * EACH)
    assert whole.dollars == pytest.approx(600 * (ONE.cost.dollars.best + 3 * 0.025 / 1000), abs=1e-4)


def test_a_quota_binds_when_its_bucket_does_not_last() -> None:
    fits = STATE_TRANSITIONS.default.value / EACH
    burst = STATE_TRANSITIONS.default.burst
    assert exceeded(Starts(10_000, fits, 3600)) == {}
    assert exceeded(Starts(10_000, fits + 1, 3600)) == {STATE_TRANSITIONS.name: round(fits, 2)}
    short = burst / EACH  # seconds that the bucket lasts at one start a second more than fits
    assert exceeded(Starts(100, fits + 1, short - 0.1)) == {}
    assert exceeded(Starts(100, fits + 1, short + 0.1)) == {STATE_TRANSITIONS.name: round(fits, 2)}


def test_a_large_region_allows_more() -> None:
    starts = Starts(100_000, START_EXECUTION.default.value * 1.1, 3600)
    assert START_EXECUTION.name in exceeded(starts)
    assert START_EXECUTION.name not in exceeded(starts, region="us-east-1")


def test_functions_at_once_are_an_estimate() -> None:
    whole = load_forecast([ONE], Starts(600, 10, 60), AccountQuotas(), 5)
    (found,) = whole.exceeded
    assert (found.quota, found.allowed, found.is_estimate) == (FUNCTION_CONCURRENCY.name, 5, True)
    assert found.needed > 15  # 1.5 s of each start are the wait for its moment
    assert exceeded(Starts(600, 10, 60), concurrency=1000) == {}
