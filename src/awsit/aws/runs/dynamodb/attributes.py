"""What items of awsit's own tables hold, as the attribute values of DynamoDB and back.

| Python | attribute value |
|---|---|
| text, bytes, true and false, None | `S`, `B`, `BOOL`, `NULL` |
| number; it comes back as a `Decimal` | `N`: a float as the decimal of its shortest text |
| mapping, list or tuple | `M`, `L` |
| set of texts, set of numbers | `SS`, `NS` |

boto3 has this, and decides in the tests; but to import it takes a tenth of the start of a worker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from awsit.model.json import exact


def to_values(document: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of an item. Raises TypeError for what none of them can be."""
    return {name: _to_value(held) for name, held in document.items()}


def to_document(item: Mapping[str, Any]) -> dict[str, Any]:
    """What an item holds."""
    return {name: _from_value(value) for name, value in item.items()}


def _to_value(held: Any) -> dict[str, Any]:
    for kind, written in _WRITTEN:
        if isinstance(held, kind):
            return written(held)
    raise TypeError(f"a {type(held).__name__} is no attribute value")


def _set(held: Iterable[Any]) -> dict[str, Any]:
    """A set has members, and all of one kind."""
    values = [_to_value(each) for each in held]
    (kind,) = {kind for value in values for kind in value}
    return {f"{kind}S": [value[kind] for value in values]}


def _from_value(value: Mapping[str, Any]) -> Any:
    ((kind, held),) = value.items()
    return _READ[kind](held)


_WRITTEN: tuple[tuple[type | tuple[type, ...], Callable[[Any], dict[str, Any]]], ...] = (
    (str, lambda held: {"S": held}),
    (bool, lambda held: {"BOOL": held}),
    ((int, float, Decimal), lambda held: {"N": str(exact(held))}),
    (Mapping, lambda held: {"M": to_values(held)}),
    ((list, tuple), lambda held: {"L": [_to_value(each) for each in held]}),
    (type(None), lambda _: {"NULL": True}),
    (bytes, lambda held: {"B": held}),
    ((set, frozenset), _set),
)
"""By the types of what is held, the more usual before; a bool is a number, too."""

_READ: Mapping[str, Callable[[Any], Any]] = {
    "S": lambda held: held,
    "N": Decimal,
    "M": to_document,
    "L": lambda held: [_from_value(each) for each in held],
    "BOOL": lambda held: held,
    "NULL": lambda _: None,
    "B": lambda held: held,
    "SS": set,
    "NS": lambda held: set(map(Decimal, held)),
}
