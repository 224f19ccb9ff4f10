"""The `load` of a scenario."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from awsit.scenario.schema.blocks.load import LoadSpec


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (90, 90),
        (Decimal("0.5"), 0.5),
        ("30s", 30),
        ("5m", 300),
        ("1 minute", 60),
        ("5 minutes", 300),
        ("1.5 hours", 5400),
    ],
)
def test_a_time_is_a_number_of_seconds_or_has_a_unit(written: object, seconds: float) -> None:
    assert LoadSpec.model_validate({"rate": "20/s", "for": written}).seconds == seconds


@pytest.mark.parametrize("written", [0, -1, True, "5", "5 fortnights", "25 hours", None, "1.m", [5]])
def test_anything_else_is_no_time(written: object) -> None:
    with pytest.raises(ValidationError, match="must be a time of more than 0 and at most 24 hours"):
        LoadSpec.model_validate({"rate": 1, "for": written})


@pytest.mark.parametrize("written", [0, "0s"])
def test_a_ramp_may_be_taken_away(written: object) -> None:
    assert LoadSpec.model_validate({"rate": 1, "for": 1, "ramp": written}).ramp == 0


def test_rates_are_those_of_limits() -> None:
    assert LoadSpec.model_validate({"rate": "30/min", "for": 1}).rate == 0.5


@pytest.mark.parametrize(
    ("load", "message"),
    [
        ({"rate": "2000/s", "for": 1}, "at most 1,000 starts a second"),
        ({"rate": 0, "for": 1}, "more than 0 and at most 1,000 starts a second"),
        ({"rate": 1, "for": 1, "ramp": -1}, "must be a time of 0 or more"),
        ({"rate": 1, "for": 1, "ramp": 2}, "longer than the load"),
        ("20/s", "must be a mapping"),
    ],
)
def test_what_cannot_be_is_refused(load: object, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        LoadSpec.model_validate(load)


def test_by_default_no_iteration_may_fail_or_be_dropped() -> None:
    expect = LoadSpec.model_validate({"rate": 1, "for": 1, "expect": {"p95_ms": 800}}).expect
    assert expect.thresholds() == {"p95_ms": 800, "error_rate": 0, "dropped_rate": 0}
