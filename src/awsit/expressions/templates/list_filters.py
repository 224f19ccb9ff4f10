"""Filters of templates that work on lists."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any

from jinja2 import Environment, pass_context, pass_environment
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.runtime import Context, Undefined

from awsit.errors import ExpressionError
from awsit.expressions.templates.arithmetic import binary, joined, limited, refuse_size
from awsit.expressions.values import Budget, as_text, kind
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


@pass_environment
def first(environment: Environment, value: Any) -> Any:
    """The first item; of nothing it is missing, so that `default` may follow."""
    return next(iter(to_list(value)), None) if value else _none_of(environment, value, "first")


@pass_environment
def last(environment: Environment, value: Any) -> Any:
    """The last item; of nothing it is missing, so that `default` may follow."""
    return to_list(value)[-1] if value else _none_of(environment, value, "last")


def join(value: Any, separator: Any = "", attribute: str | None = None) -> str:
    """The items as one text, with `separator` between them; `attribute` takes that key of each item."""
    return joined(map(as_text, _attribute(to_list(value), attribute)), as_text(separator))


def sort(value: Any, reverse: bool = False, attribute: str | None = None) -> list[Any]:
    """The items in ascending order, all numbers, all texts or all moments; `attribute` compares by that key."""
    items = to_list(value)
    keys = _attribute(items, attribute)
    try:
        order = sorted(range(len(items)), key=lambda index: keys[index], reverse=reverse)
    except TypeError as error:
        raise _no_order(keys) from error
    return [items[index] for index in order]


def unique(value: Any, attribute: str | None = None) -> list[Any]:
    """The items without repetition, in their order; 1, "1" and true differ; `attribute` compares by that key."""
    items = to_list(value)
    budget = Budget()
    kept: dict[Hashable, Any] = {}
    for key, item in zip(_attribute(items, attribute), items, strict=True):
        budget.take_all(key)
        kept.setdefault(_identity(key), item)
    return list(kept.values())


@pass_environment
def smallest(environment: Environment, value: Any, attribute: str | None = None) -> Any:
    """The smallest item, `attribute` compares by that key; of nothing it is missing, so that `default` may follow."""
    return sort(value, attribute=attribute)[0] if value else _none_of(environment, value, "min")


@pass_environment
def largest(environment: Environment, value: Any, attribute: str | None = None) -> Any:
    """The largest item, `attribute` compares by that key; of nothing it is missing, so that `default` may follow."""
    return sort(value, attribute=attribute)[-1] if value else _none_of(environment, value, "max")


def total(value: Any, attribute: str | None = None, start: Any = 0) -> Any:
    """The sum of the numbers, exact; `attribute` takes that key of each item."""
    for item in _attribute(to_list(value), attribute):
        start = limited(binary("+", start, item))
    return start


def reverse(value: Any) -> Any:
    """The items, or the characters of a text, from the last to the first."""
    return value[::-1] if isinstance(value, str) else to_list(value)[::-1]


def items(value: Any) -> list[list[Any]]:
    """The entries of an object as pairs of key and value."""
    if not isinstance(value, Mapping):
        raise ExpressionError(f"items: needs an object, not {kind(value)}")
    refuse_size([], len(value))
    return [[key, item] for key, item in value.items()]


@pass_context
def map_items(context: Context, value: Any, *args: Any, **options: Any) -> list[Any]:
    """What a filter gives for each item, or the item's value at a key; `a.b` leads deeper, `default` is for none."""
    results = []
    made = Budget()
    for result in _each("map", context, value, args, options):
        if args:
            made.take_all(result)
        if isinstance(result, Undefined) and "default" not in options:
            str(result)  # raises, with the name that is missing
        results.append(options["default"] if isinstance(result, Undefined) else result)
    return results


@pass_context
def select(context: Context, value: Any, *args: Any, **options: Any) -> list[Any]:
    """The items for which a test holds; without one, those that are not empty, 0, false or null."""
    return list(_each("select", context, value, args, options))


@pass_context
def reject(context: Context, value: Any, *args: Any, **options: Any) -> list[Any]:
    """The items for which a test does not hold."""
    return list(_each("reject", context, value, args, options))


@pass_context
def select_by(context: Context, value: Any, *args: Any, **options: Any) -> list[Any]:
    """The objects for whose value at a key a test holds; `'defined'` asks whether there is one."""
    return list(_each("selectattr", context, value, args, options))


@pass_context
def reject_by(context: Context, value: Any, *args: Any, **options: Any) -> list[Any]:
    """The objects for whose value at a key a test does not hold."""
    return list(_each("rejectattr", context, value, args, options))


def _each(name: str, context: Context, value: Any, args: tuple[Any, ...], options: Mapping[str, Any]) -> Iterator[Any]:
    """The results of one of Jinja2's filters that apply another filter or a test to each item.

    A budget ends it before it has done too much: each item costs what it holds and what it is compared with.
    """
    budget = Budget(f"{name}: the items, each with what it is compared with, are")
    each = to_list(value)

    def counted() -> Iterator[Any]:
        for item in each:
            budget.take_all([item, *args, *options.values()])
            yield item

    apply: Callable[..., Iterable[Any]] = JINJA_FILTERS[name]
    return iter(apply(context, counted(), *args, **options))


def _none_of(environment: Environment, value: Any, name: str) -> Undefined:
    to_list(value)
    return environment.undefined(f"{name}: the {kind(value)} is empty; `| default(...)` gives another value")


def _no_order(keys: list[Any]) -> ExpressionError:
    kinds = [kind(key) for key in keys]
    other = next((each for each in kinds if each != kinds[0]), kinds[0])
    hint = "`attribute` compares objects by what is at a key" if "object" in kinds else ""
    return ExpressionError(f"{kinds[0]} and {other} have no order", hint=hint)


def _identity(value: Any) -> Hashable:
    """A value that is equal for two documents exactly when they are the same (`values.same`)."""
    if isinstance(value, Mapping):
        return "object", frozenset((key, _identity(item)) for key, item in value.items())
    if isinstance(value, list | tuple):
        return "array", tuple(map(_identity, value))
    return kind(value), value


def _attribute(items: list[Any], name: str | None) -> list[Any]:
    return items if name is None else [_key(item, name) for item in items]


def _key(item: Any, name: str) -> Any:
    """The value at a key of an item, or at a path of keys and indexes such as `price.net`."""
    if isinstance(item, Mapping) and name in item:
        return item[name]
    value = item
    for part in str(name).split("."):
        value = _inside(value, part)
    return value


def _inside(value: Any, part: str) -> Any:
    if isinstance(value, list) and part.isdigit() and int(part) < len(value):
        return value[int(part)]
    if not isinstance(value, Mapping):
        raise ExpressionError(f"an item of type {kind(value)} has no `{part}`")
    if part not in value:
        raise ExpressionError(f"unknown name `{part}`{suggestion(part, map(str, value))}", code="unknown_name")
    return value[part]
