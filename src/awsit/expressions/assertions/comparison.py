"""Comparisons behind the operators: equality in any order, order of numbers, texts and moments, membership."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from unicodedata import normalize

from awsit.expressions import datetimes
from awsit.expressions.values import is_number, kind, same
from awsit.model import json
from awsit.model.json import Json

Number = int | Decimal

OTHER_FORM = "the same characters in another normalization form of Unicode"

_SUBTRACTED = 20
"""Numbers below 10 to this power, and not nearer to zero than its inverse, are subtracted; others only compared."""


def equal(expected: Json, actual: Json, *, any_order: bool = False, tolerance: Number | None = None) -> bool:
    """Whether the two are the same by type and value.

    `any_order`: arrays at every depth are compared as multisets. `tolerance`: two moments or two numbers of seconds may
    be that many seconds apart.
    """
    if tolerance is not None:
        apart = apart_in_seconds(expected, actual)
        return apart is not None and -tolerance <= apart <= tolerance
    return same(_sorted(expected), _sorted(actual)) if any_order else same(expected, actual)


def is_in_other_form(expected: Json, actual: Json) -> bool:
    """Whether two texts differ, and look the same: `\u00e9` and `e\u0301` (Unicode Standard Annex 15)."""
    if not isinstance(expected, str) or not isinstance(actual, str) or expected == actual:
        return False
    return normalize("NFC", expected) == normalize("NFC", actual)


def distance(expected: Json, actual: Json) -> Number | None:
    """`actual - expected`, moments in seconds; None when the two are neither numbers nor moments."""
    if is_number(expected) and is_number(actual):
        difference: Number = Decimal(actual) - Decimal(expected) if _fits(expected, actual) else _sign(expected, actual)
        return difference
    moment, other = _moment(expected), _moment(actual)
    return None if moment is None or other is None else datetimes.seconds_between(other, moment)


def apart_in_seconds(expected: Json, actual: Json) -> Number | None:
    """As `distance`; a number beside a moment means seconds since 1970."""
    if is_number(expected) != is_number(actual):
        return distance(_since_1970(expected), _since_1970(actual))
    return distance(expected, actual)


def order(expected: Json, actual: Json) -> Number | None:
    """Positive when `actual` is greater, negative when less, 0 when equal; None when they cannot be compared.

    Numbers compare with numbers, texts that are both moments as moments, other texts by code point.
    """
    apart = distance(expected, actual)
    if apart is None and isinstance(expected, str) and isinstance(actual, str):
        return _sign(expected, actual)
    return apart


def contains(actual: Json, expected: Json) -> bool:
    """Whether a text has the part, an array the item (of a list: each of the items), an object the keys and values.

    An object also contains the name of a key.
    """
    if isinstance(actual, str):
        return isinstance(expected, str) and expected in actual
    if isinstance(actual, list):
        return has_item(actual, expected) or (
            isinstance(expected, list) and all(has_item(actual, item) for item in expected)
        )
    if isinstance(actual, Mapping) and isinstance(expected, Mapping):
        return all(key in actual and same(item, actual[key]) for key, item in expected.items())
    return isinstance(actual, Mapping) and isinstance(expected, str) and expected in actual


def contains_none(actual: Json, expected: Json) -> bool:
    """Whether nothing of it is there: the opposite of `contains`, and for a list, none of its items."""
    if isinstance(actual, list) and isinstance(expected, list):
        return not has_item(actual, expected) and not any(has_item(actual, item) for item in expected)
    return not contains(actual, expected)


def has_item(items: list[Json], wanted: Json) -> bool:
    """Whether one of the items is the same as the wanted one."""
    return any(same(item, wanted) for item in items)


def _sorted(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _sorted(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted(map(_sorted, value), key=sort_key)
    return value


def sort_key(value: Json) -> tuple[str, str]:
    """A key for sorting and sets: equal for values that are the same, such as 2 and 2.0, and for no others."""
    return kind(value), json.dumps(_canonical(value), sort_keys=True)


def _canonical(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    if not is_number(value):
        return f"text {value}" if isinstance(value, str) else value
    sign, digits, exponent = Decimal(value).as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    kept = text.rstrip("0")
    return f"{'-' if sign and kept else ''}{kept}e{int(exponent) + len(text) - len(kept)}" if kept else "0"


def _moment(value: Json) -> datetime | None:
    return datetimes.parse_any(value) if isinstance(value, str) else None


def _since_1970(value: Json) -> Json:
    moment = _moment(value)
    return value if moment is None else datetimes.epoch_seconds(moment)


def _sign(expected: Json, actual: Json) -> int:
    return int(actual > expected) - int(actual < expected)


def _fits(expected: Number, actual: Number) -> bool:
    """Whether the difference can be computed; numbers of very many digits are only put in order."""
    return all(abs(Decimal(number).adjusted()) < _SUBTRACTED for number in (expected, actual))
