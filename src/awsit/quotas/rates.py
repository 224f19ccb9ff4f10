"""Rates of requests as people write them: `100/s`, `30/min`, `500/h`, or a number, which is a second's."""

from __future__ import annotations

import re
from decimal import Decimal

HIGHEST = 100_000
"""Requests a second; more than any quota of the catalogue allows would limit nothing."""
PATTERN = r"[0-9]{1,6}(\.[0-9]{1,3})?/(s|min|h)"
EXPECTED = f"more than 0 and at most {HIGHEST:,} requests a second, such as `100/s`, `30/min` or `500/h`"
_SECONDS = {"s": 1, "min": 60, "h": 3600}


def per_second(rate: object) -> float:
    """The requests a second of a rate. Raises ValueError for what is none."""
    value = _value(rate)
    if not 0 < value <= HIGHEST:
        raise ValueError(EXPECTED)
    return value


def _value(rate: object) -> float:
    if isinstance(rate, str) and re.fullmatch(PATTERN, rate):
        number, unit = rate.split("/")
        return float(number) / _SECONDS[unit]
    if isinstance(rate, int | float | Decimal) and not isinstance(rate, bool):
        return float(rate)
    raise ValueError(EXPECTED)
