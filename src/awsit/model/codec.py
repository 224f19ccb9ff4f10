"""Records to JSON documents and text, and back."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cache, lru_cache
from typing import Any, TypeVar, cast

from msgspec import Raw, Struct
from msgspec.json import Encoder
from msgspec.json import format as indented

from awsit.identity import Identity
from awsit.model.json import SCALARS, Json, dumps, exact, loads_record
from awsit.records import convert, decoder

T = TypeVar("T")

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


def utf8(value: Any) -> bytes:
    """The JSON text of a record, or of a list or mapping of some: what `dumps` makes of `encode`, far sooner.

    What it holds is JSON; of what is none, some is written as msgspec does (a date as text) and not refused.
    Raises TypeError or ValueError.
    """
    try:
        written = _encoder.encode(value)
    except (TypeError, ValueError, OverflowError, RecursionError):  # such as half of a surrogate pair
        return dumps(encode(value)).encode()
    is_json = b"NaN" not in written and b"Infinity" not in written  # or a text has the word
    return written if is_json else dumps(encode(value)).encode()


def text(value: Any, *, indent: int | None = None, again: bool = False) -> str:
    """As `utf8`. `again`: it is asked for several times, one after the other, and is encoded once."""
    written = _encoded_once(Identity(value)) if again else utf8(value)
    try:
        return (written if indent is None else indented(written, indent=indent)).decode()
    except (ValueError, RecursionError):  # such as a number of many digits
        return dumps(encode(value), indent=indent)


def embedded(value: Any) -> Raw:
    """The text of a value that is asked for again, as a part of another one."""
    return Raw(_encoded_once(Identity(value)))


@lru_cache(maxsize=1)
def _encoded_once(same: Identity[Any]) -> bytes:
    return utf8(same.value)


def parse(kind: type[T], json_text: str) -> T:
    """The record of which `text` made this; tuples in its JSON are lists. Raises msgspec's ValidationError."""
    try:
        return cast("T", _decoder(cast("Hashable", kind)).decode(json_text))
    except (ValueError, RecursionError):  # such as half of a surrogate pair
        return decode(kind, loads_record(json_text))


def decode(kind: type[T], document: Json) -> T:
    """The record that `document` describes. Raises msgspec's ValidationError, a ValueError, when it does not fit."""
    return convert(document, kind, strict=False)


@cache
def _decoder(kind: Hashable) -> Any:
    return decoder(kind)
