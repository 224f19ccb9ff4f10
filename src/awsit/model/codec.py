"""Records to JSON documents and text, and back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from math import isfinite
from operator import attrgetter
from typing import Any, TypeVar, cast

import msgspec
from msgspec import Raw, Struct
from msgspec.json import Decoder, Encoder
from msgspec.json import format as indented

from awsit.identity import Identity
from awsit.model.json import SCALARS, Json, dumps, exact, loads_record

T = TypeVar("T")

_TEXT = frozenset({str})
_plain: set[type] = {*SCALARS, Raw}
"""The types of values without members that `dumps` knows, those of enums as they are met."""
_encoder = Encoder(decimal_format="number")


def encode(value: Any) -> Json:
    """A record as a JSON document, with all records in it; numbers with a fraction as Decimal, enums as their text."""
    if type(value) in SCALARS:
        return value
    if isinstance(value, Struct):
        return {name: encode(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    return loads_record(bytes(value)) if isinstance(value, Raw) else exact(value)


def text(value: Any, *, indent: int | None = None, again: bool = False) -> str:
    """The JSON text of a record, or of a list or mapping of some: what `dumps` makes of `encode`, far sooner.

    `again`: this value is asked for several times, one after the other, and is encoded once.
    Raises TypeError or ValueError.
    """
    encoded = _encoded_once(Identity(value)) if again else _encoded(value)
    if encoded is None:
        return dumps(encode(value), indent=indent)
    try:
        return (encoded if indent is None else indented(encoded, indent=indent)).decode()
    except (ValueError, RecursionError):
        return dumps(encode(value), indent=indent)


def embedded(value: Any) -> Raw:
    """The text of a value that is asked for again, as a part of another one."""
    return Raw(text(value, again=True))


@lru_cache(maxsize=1)
def _encoded_once(same: Identity[Any]) -> bytes | None:
    return _encoded(same.value)


def _encoded(value: Any) -> bytes | None:
    """A value as msgspec writes it, where that is as `dumps` does; else None."""
    try:
        encoded = _encoder.encode(value)
    except (TypeError, ValueError, OverflowError, RecursionError):  # such as half of a surrogate pair
        return None
    is_json = b"NaN" not in encoded and b"Infinity" not in encoded
    return encoded if is_json and _is_written_alike(value) else None


def parse(kind: type[T], json_text: str) -> T:
    """The record of which `text` made this; tuples in its JSON are lists. Raises msgspec's ValidationError."""
    try:
        return cast("T", _decoder(cast("Hashable", kind)).decode(json_text))
    except (ValueError, RecursionError):  # such as half of a surrogate pair
        return decode(kind, loads_record(json_text))


def decode(kind: type[T], document: Json) -> T:
    """The record that `document` describes. Raises msgspec's ValidationError, a ValueError, when it does not fit."""
    return msgspec.convert(document, kind, strict=False)


def _is_written_alike(value: Any) -> bool:
    """Whether msgspec, which takes a value, wrote it as `dumps` would: not sets, dates or bytes, nor NaN as `null`.

    It takes no value that is part of itself.
    """
    waiting: list[Collection[Any]] = [(value,)]
    while waiting:
        for item in waiting.pop():
            kind: Any = type(item)
            if kind in _plain:
                continue
            if kind is dict:
                members = item.values() if _TEXT.issuperset(map(type, item)) else None
            else:
                members = _members(kind)(item)
            if members is None:
                return False
            if not _plain.issuperset(map(type, members)):
                waiting.append(members)
    return True


@cache
def _members(kind: type[Any]) -> Callable[[Any], Collection[Any] | None]:
    """What reads the members of a value of this kind; it gives None where `dumps` knows no such value."""
    if kind is list or kind is tuple:
        return lambda value: value
    if kind is float:
        return lambda value: () if isfinite(value) else None
    if issubclass(kind, StrEnum):
        _plain.add(kind)
        return lambda _: ()
    return _fields(kind) if issubclass(kind, Struct) else lambda _: None


def _fields(kind: type[Struct]) -> Callable[[Any], Collection[Any]]:
    names = kind.__struct_fields__
    return attrgetter(names[0], *names) if names else lambda _: ()  # of one name alone it would be no tuple


@cache
def _decoder(kind: Hashable) -> Decoder[Any]:
    return Decoder(cast("Any", kind), float_hook=Decimal)
