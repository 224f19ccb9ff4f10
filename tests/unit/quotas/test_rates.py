"""Rates of requests as people write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from awsit.quotas.rates import per_second


@pytest.mark.parametrize(
    ("written", "rate"),
    [("100/s", 100), ("30/min", 0.5), ("1.5/s", 1.5), ("36/h", 0.01), (500, 500), (0.5, 0.5), (Decimal("2.5"), 2.5)],
)
def test_a_rate_is_so_many_requests_a_second(written: Any, rate: float) -> None:
    assert per_second(written) == rate


@pytest.mark.parametrize(
    "written", ["100", "0/s", "-1/s", "1/day", "1 / s", "", 0, -5, True, None, [1], 1e9, "nan/s", float("nan")]
)
def test_anything_else_is_none(written: Any) -> None:
    with pytest.raises(ValueError, match="such as `100/s`"):
        per_second(written)
