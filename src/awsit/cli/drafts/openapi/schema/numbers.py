"""Numbers that are made up."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from awsit.cli.drafts.openapi.schema.keywords import is_number
from awsit.cli.drafts.openapi.schema.merging import Detail
from awsit.model.json import Json

Bound = tuple[Decimal, bool]
"""A limit, and whether the limit itself is outside."""


def number_of(kind: str, detail: Detail) -> Json:
    """The least number that the schema allows, else the greatest, else 1; a multiple where it must be one."""
    step = Decimal(detail.get("multipleOf", 1 if kind == "integer" else 0))
    if kind == "integer" and step % 1:
        step = Decimal(step.as_integer_ratio()[0])
    least, most = _bound(detail, "minimum", "exclusiveMinimum"), _bound(detail, "maximum", "exclusiveMaximum")
    if least:
        return _plain(_beyond(least, most, step, 1), kind)
    if most and (most[0] < 1 or (most[0] == 1 and most[1])):
        return _plain(_beyond(most, None, step, -1), kind)
    return _plain(step or Decimal(1), kind)


def _bound(detail: Detail, inclusive: str, exclusive: str) -> Bound | None:
    """The tighter of the two limits. `exclusiveMinimum` is a flag beside `minimum` in 3.0, a limit in 3.1."""
    limit: Json = detail.get(inclusive)
    other: Json = detail.get(exclusive)
    if not is_number(other):
        return None if limit is None else (Decimal(limit), other is True)
    if limit is None:
        return Decimal(other), True
    is_tighter = other >= limit if inclusive == "minimum" else other <= limit
    return (Decimal(other), True) if is_tighter else (Decimal(limit), False)


def _beyond(bound: Bound, other: Bound | None, step: Decimal, direction: int) -> Decimal:
    """The first number within the limit, in the direction away from it."""
    limit, is_outside = bound
    if not step:
        if not is_outside:
            return limit
        return (limit + other[0]) / 2 if other else limit + direction
    times = (limit / step).to_integral_value(ROUND_CEILING if direction > 0 else ROUND_FLOOR)
    value = times * step
    return value + direction * step if is_outside and value == limit else value


def _plain(value: Decimal, kind: str) -> Json:
    return int(value) if kind == "integer" or value == value.to_integral_value() else value
