"""Rates of requests as people write them: `100/s`, `30/min`, `500/h`, or a number, which is a second's."""

from __future__ import annotations

import re
from decimal import Decimal

HIGHEST = 100_000
"""Requests a second; more than any quota of the catalogue allows would limit nothing."""
PATTERN = r"[0-9]{1,6}(\.[0-9]{1,3})?/(s|min|h)"
_SECONDS = {"s": 1, "min": 60, "h": 3600}


def per_second(rate: object, most: float = HIGHEST, what: str = "requests") -> float:
    """What a rate comes to in a second. Raises ValueError for what is none: its message says what was expected."""
    value = _value(rate)
    if not 0 < value <= most:
        raise ValueError(f"more than 0 and at most {most:,} {what} a second, such as `100/s`, `30/min` or `500/h`")
    return value


def _value(rate: object) -> float:
    if isinstance(rate, str) and re.fullmatch(PATTERN, rate):
        number, unit = rate.split("/")
        return float(number) / _SECONDS[unit]
    if isinstance(rate, int | float | Decimal) and not isinstance(rate, bool):
        return float(rate)
    return 0.0
