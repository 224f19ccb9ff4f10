"""What DynamoDB refuses because parts of one request clash: items given twice, paths that overlap, reversed bounds.

Sources: "BatchWriteItem" in the DynamoDB API Reference ("multiple operations on the same item", "identical hash and
range keys"); "Update expressions" in the DynamoDB Developer Guide ("each attribute path ... only once"). Of the rest,
DynamoDB's messages: "Provided list of item keys contains duplicates" for BatchGetItem too
(https://github.com/boto/boto3/issues/4131), "Two document paths overlap with each other", and "The BETWEEN operator
requires upper bound to be greater than or equal to lower bound", which is said of every expression.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

from awsit.actions.always_refused import Place
from awsit.actions.dynamodb.attribute_values import encode
from awsit.errors import ActionError
from awsit.expressions.assertions.comparison import sort_key
from awsit.expressions.templates.segments import holds_template
from awsit.expressions.values import is_number
from awsit.model.text.paths import child_path
from awsit.patterns import lazy_pattern
from awsit.validation.errors import Finding

_BETWEEN = lazy_pattern(r"(?i)\bBETWEEN\s+(:\w+)\s+AND\s+(:\w+)")
_BOUNDS = 2


def given_twice(items: Sequence[Mapping[str, Any]], keys: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """What is wrong with a batch that has an item twice, as far as it shows: `keys` show what the table's key is."""
    names = next((tuple(key) for key in keys if key and not any(map(holds_template, key))), None)
    seen: dict[tuple[str, str], Place] = {}
    of_keys: list[tuple[Place, Any]] = [(("keys", index), key) for index, key in enumerate(keys)]
    of_items: list[tuple[Place, Any]] = [(("items", index), _key_of(item, names)) for index, item in enumerate(items)]
    for at, key in (*of_keys, *of_items):
        if not key or holds_template(key):
            continue
        first = seen.setdefault(sort_key(key), at)
        if first != at:
            message = f"`{_shown(at)}` is the same item as `{_shown(first)}`"
            yield Finding(message, at, "leave one of them out: a batch takes each item once")


def overlapping_paths(assigned: Mapping[str, Any], removed: Sequence[str]) -> Iterator[Finding]:
    """What is wrong with attributes that one update sets and removes, or removes twice."""
    seen: dict[str, str] = {name: f"`set` has `{name}` too" for name in assigned if not holds_template(name)}
    for index, name in enumerate(removed):
        if name in seen:
            yield Finding(f"`remove[{index}]`: {seen[name]}", ("remove", index), "an update names each attribute once")
        elif not holds_template(name):
            seen[name] = f"`{name}` is removed already"


def reversed_bounds(conditions: Any) -> Iterator[Finding]:
    """What is wrong with the bounds of `between` in a `key_condition` that is a mapping."""
    for name, wanted in conditions.items() if isinstance(conditions, Mapping) else ():
        bounds = wanted.get("between") if isinstance(wanted, Mapping) and len(wanted) == 1 else None
        if isinstance(bounds, list) and len(bounds) == _BOUNDS and _are_reversed(*bounds):
            at: Place = ("key_condition", name, "between")
            yield Finding(f"`{_shown(at)}` has its lower bound last", at, "give the lower one first")


def reversed_values(expressions: Iterable[str], values: Mapping[str, Any], param: str) -> Iterator[Finding]:
    """What is wrong with the values that are bounds of a `BETWEEN` in an expression."""
    for expression in expressions:
        for low, high in () if holds_template(expression) else _BETWEEN.findall(expression):
            if low in values and high in values and _are_reversed(values[low], values[high]):
                message = f"`BETWEEN {low} AND {high}` has its lower bound last"
                yield Finding(message, (param, high), "give the lower one first")


def _key_of(item: Mapping[str, Any], names: Sequence[str] | None) -> Mapping[str, Any] | None:
    """The key of an item; all of it where nothing shows which attributes are the key, and None where it lacks some."""
    if names is None:
        return item
    return {name: item[name] for name in names} if item.keys() >= set(names) else None


def _are_reversed(low: Any, high: Any) -> bool:
    """Whether a bound is above the other as DynamoDB sorts: numbers, the bytes of a text's UTF-8, those of a binary."""
    if holds_template([low, high]):
        return False
    if is_number(low) and is_number(high):
        return bool(low > high)
    try:
        (low_kind, first), (high_kind, last) = (next(iter(encode(bound).items())) for bound in (low, high))
    except ActionError:
        return False  # what is no attribute value is found elsewhere
    if low_kind != high_kind or low_kind not in {"S", "B"}:
        return False
    return bool(_bytes(first) > _bytes(last))


def _bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _shown(at: Place) -> str:
    return reduce(child_path, at, "")
