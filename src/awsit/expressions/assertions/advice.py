"""What a failed comparison perhaps meant to say: another order, one of a list, a part of an item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from awsit.errors import ExpressionError
from awsit.expressions.assertions import comparison
from awsit.expressions.values import Budget
from awsit.model.json import Json

OTHER_ORDER = "`any_order: true` leaves the order open"
SELECTS_A_LIST = "a path with a filter, `*` or `..` selects a list"
PART_OF_AN_ITEM = "`contains` compares whole items"
ALL = (OTHER_ORDER, SELECTS_A_LIST, PART_OF_AN_ITEM)
"""One of these is in a message that has advice."""

_MOST_VALUES = 10_000
"""Values of a document that is compared once more."""


def advice(spec: Mapping[str, Json], failed: list[str], actual: Json, *, singular: bool) -> str:
    """The advice on the operators of an assertion that do not hold for what its path selects; else empty.

    `singular`: the path can select one value at most.
    """
    if not isinstance(actual, list | dict):
        return ""
    try:
        Budget("it has", _MOST_VALUES).take_all(actual)
        return next((each for name in failed for each in _advice(spec, name, actual, singular=singular)), "")
    except ExpressionError:
        return ""  # too large for a second look


def _advice(spec: Mapping[str, Json], name: str, actual: Json, *, singular: bool) -> Iterator[str]:
    expected = spec[name]
    if name == "equals" and "any_order" not in spec and comparison.equal(expected, actual, any_order=True):
        yield f"the items are the same: {OTHER_ORDER}"
    if not isinstance(actual, list):
        return
    if name == "equals" and not singular and not isinstance(expected, list):
        is_there = comparison.has_item(actual, expected)
        yield f"{SELECTS_A_LIST}, of which `contains` looks for an item" if is_there else SELECTS_A_LIST
    if name == "contains" and isinstance(expected, Mapping) and any(_has(item, expected) for item in actual):
        yield f"{PART_OF_AN_ITEM}: `any: {{matches: ...}}` looks for one with these keys and others"


def _has(item: Json, expected: Json) -> bool:
    return isinstance(item, Mapping) and comparison.contains(item, expected)
