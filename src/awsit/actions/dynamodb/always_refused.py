"""What DynamoDB refuses, whatever the table: empty keys, items, names and expressions, and keys of other types.

Sources: "Supported data types and naming rules" in the DynamoDB Developer Guide ("Keys", "Attribute names"), and
"Expressions" there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from typing import Any

from awsit.actions.always_refused import Place, empty_value
from awsit.actions.dynamodb.attribute_values import encode, is_marked
from awsit.errors import ActionError
from awsit.expressions.assertions.comparison import sort_key
from awsit.expressions.templates.segments import holds_template
from awsit.expressions.values import kind
from awsit.model.text.paths import child_path
from awsit.validation.errors import Finding

_BINARY, _SET = "$binary", "$set"
_DESCRIPTORS = frozenset({"S", "N", "B"})
"""How the API writes the types that a key can have."""
_KEY_HINT = "give the attributes of the table's primary key, such as {order_id: A-17}"
_ITEM_HINT = "give its attributes, those of the table's primary key among them"
_NAME_HINT = "an attribute's name has at least one character"


def empty_item(item: Mapping[str, Any] | None, at: Place) -> Iterator[Finding]:
    """What is wrong with an item that has no attributes."""
    yield from empty_value(item, at, _ITEM_HINT)


def impossible_key(key: Mapping[str, Any] | None, at: Place) -> Iterator[Finding]:
    """What is wrong with a key of no attributes, or with one of them that is empty or of a type that no key has."""
    yield from empty_value(key, at, _KEY_HINT)
    for name, value in (key or {}).items():
        if not _is_possible(value):
            message = f"`{name}` of a key must be text, a number or binary, and not {_described(value)}"
            yield Finding(message, (*at, name), _key_hint(value))


def empty_expressions(expressions: Mapping[str, str | None]) -> Iterator[Finding]:
    """What is wrong with expressions of no characters, by their params."""
    for name, expression in expressions.items():
        yield from empty_value(expression, (name,), "leave it out, or write the expression")


def empty_names(names: Mapping[str, Any] | Sequence[str] | None, param: str) -> Iterator[Finding]:
    """What is wrong with names of attributes that are empty: keys of a mapping, or the items of a list."""
    places = enumerate(names) if isinstance(names, list) else ((name, name) for name in names or ())
    for place, name in places:
        if not name:
            yield Finding(f"`{param}` holds an empty name", (param, place), _NAME_HINT)


def unwritable(value: Any, at: Place) -> Iterator[Finding]:
    """What is wrong with literals in it that are no attribute value: numbers, sets, base64, at any depth.

    A template is no literal: nothing is known of the text or the set that it stands in.
    """
    members = _members(value, at)
    if members is not None:
        for place, each in members:
            yield from unwritable(each, place)
    elif not holds_template(value):
        try:
            encode(value, reduce(child_path, at, ""))
        except ActionError as error:
            yield Finding(error.message, at, error.hint)


def equal_members(value: Any, at: Place) -> Iterator[Finding]:
    """What is wrong with sets that have a member twice, at any depth."""
    if isinstance(value, Mapping) and value.keys() == {_SET}:
        members = value[_SET] if isinstance(value[_SET], list) else []
        seen = [sort_key(each) for each in members if not holds_template(each)]
        if len(set(seen)) < len(seen):
            yield Finding(
                f"`{reduce(child_path, at, '')}`: `{_SET}` has a member twice", at, "leave the second one out"
            )
    for place, each in _members(value, at) or ():
        yield from equal_members(each, place)


def _members(value: Any, at: Place) -> list[tuple[Place, Any]] | None:
    """What a list or map holds; None for anything else, sets and binary values too."""
    if isinstance(value, list):
        return [((*at, index), each) for index, each in enumerate(value)]
    if not isinstance(value, Mapping) or value.keys() in ({_BINARY}, {_SET}):
        return None
    inner = value["$map"] if value.keys() == {"$map"} else None
    if isinstance(inner, Mapping) and is_marked(inner):
        value, at = inner, (*at, "$map")
    return [((*at, name), each) for name, each in value.items()]


def _is_possible(value: Any) -> bool:
    if isinstance(value, Mapping):
        return value.keys() == {_BINARY} and value[_BINARY] != ""
    return isinstance(value, str | int | Decimal) and not isinstance(value, bool) and value != ""


def _described(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return {"string": "empty", "array": "a list", "object": "a mapping"}[kind(value)]


def _key_hint(value: Any) -> str:
    if isinstance(value, Mapping) and len(value) == 1 and value.keys() <= _DESCRIPTORS:
        return "write the value alone, without its type"
    return "" if isinstance(value, Mapping | list) else "give the value of the item's key"
