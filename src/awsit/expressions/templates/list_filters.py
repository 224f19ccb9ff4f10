"""Filters of templates that work on lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awsit.errors import ExpressionError
from awsit.expressions.templates.arithmetic import binary, joined, limited, refuse_size
from awsit.expressions.values import as_text, kind, same
from awsit.suggestions import suggestion


def to_list(value: Any) -> list[Any]:
    """The items of an array, the characters of a text, the keys of an object."""
    if not isinstance(value, str | list | tuple | Mapping):
        raise ExpressionError(f"needs an array, not {kind(value)}")
    refuse_size([], len(value))
    return list(value)


def length(value: Any) -> int:
    """Characters of a text, items of an array, keys of an object."""
    if not isinstance(value, str | list | tuple | Mapping):
        raise ExpressionError(f"length: {kind(value)} has no length")
    return len(value)


def first(value: Any) -> Any:
    """The first item."""
    return _items(value, "first")[0]


def last(value: Any) -> Any:
    """The last item."""
    return _items(value, "last")[-1]


def join(value: Any, separator: Any = "", attribute: str | None = None) -> str:
    """The items as one text, with `separator` between them; `attribute` takes that key of each item."""
    return joined(map(as_text, _attribute(to_list(value), attribute)), as_text(separator))


def sort(value: Any, reverse: bool = False, attribute: str | None = None) -> list[Any]:
    """The items in ascending order; all must be numbers, or all texts, or all moments."""
    items = to_list(value)
    keys = _attribute(items, attribute)
    order = sorted(range(len(items)), key=lambda index: keys[index], reverse=reverse)
    return [items[index] for index in order]


def unique(value: Any, attribute: str | None = None) -> list[Any]:
    """The items without repetition, in their order; 1, "1" and true differ."""
    items = to_list(value)
    refuse_size([], len(items) ** 2 // 100)
    kept: list[tuple[Any, Any]] = []
    for key, item in zip(_attribute(items, attribute), items, strict=True):
        if not any(same(key, other) for other, _ in kept):
            kept.append((key, item))
    return [item for _, item in kept]


def smallest(value: Any, attribute: str | None = None) -> Any:
    """The smallest item."""
    return sort(_items(value, "min"), attribute=attribute)[0]


def largest(value: Any, attribute: str | None = None) -> Any:
    """The largest item."""
    return sort(_items(value, "max"), attribute=attribute)[-1]


def total(value: Any, attribute: str | None = None, start: Any = 0) -> Any:
    """The sum of the numbers, exact."""
    for item in _attribute(to_list(value), attribute):
        start = limited(binary("+", start, item))
    return start


def _items(value: Any, name: str) -> list[Any]:
    items = to_list(value)
    if not items:
        raise ExpressionError(f"{name}: the {kind(value)} is empty", hint="`| default(...)` does not catch this")
    return items


def _attribute(items: list[Any], name: str | None) -> list[Any]:
    return items if name is None else [_key(item, name) for item in items]


def _key(item: Any, name: str) -> Any:
    if not isinstance(item, Mapping):
        raise ExpressionError(f"an item of type {kind(item)} has no `{name}`")
    if name not in item:
        raise ExpressionError(f"unknown name `{name}`{suggestion(name, map(str, item))}", code="unknown_name")
    return item[name]
