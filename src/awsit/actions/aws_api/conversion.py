"""Plain JSON to what botocore's clients take, and what they give back to plain JSON.

Bytes are text where they are text in UTF-8, else `{"$base64": "..."}`; times are ISO 8601 text.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from awsit.actions.documents import iso_time, read_body
from awsit.model.json import Json
from awsit.model.text.encoding import unencodable

_BASE64 = "$base64"
_TEMPLATE = "{{"
_BINARY_FLOATS = frozenset({"float", "double", "timestamp"})


def to_input(value: Json, shape: Any, where: str = "params") -> Any:
    """A value as botocore takes it for `shape`: blobs as bytes, fractions as floats, where the model has floats.

    Raises ValueError, naming the place, for a blob that is not base64, for text that UTF-8 cannot hold and for numbers
    that floats cannot. What does not fit is left for the validator.
    """
    kind = shape.type_name
    if kind == "blob":
        return _blob(value, where)
    if isinstance(value, Decimal) and (kind in _BINARY_FLOATS or getattr(shape, "is_document_type", False)):
        return _float(value, where)
    if kind == "structure" and isinstance(value, Mapping):
        return {name: _member(each, shape, name, where) for name, each in value.items()}
    if kind == "map" and isinstance(value, Mapping):
        return {_text_of(name, where): to_input(each, shape.value, f"{where}.{name}") for name, each in value.items()}
    if kind == "list" and isinstance(value, list):
        return [to_input(each, shape.member, f"{where}[{index}]") for index, each in enumerate(value)]
    return _text_of(value, where) if isinstance(value, str) else value


def _member(value: Json, shape: Any, name: str, where: str) -> Any:
    if shape.is_document_type:
        return _floats(value, f"{where}.{name}")
    return to_input(value, shape.members[name], f"{where}.{name}") if name in shape.members else value


def _floats(value: Json, where: str) -> Any:
    if isinstance(value, Mapping):
        return {_text_of(name, where): _floats(each, f"{where}.{name}") for name, each in value.items()}
    if isinstance(value, list):
        return [_floats(each, f"{where}[{index}]") for index, each in enumerate(value)]
    if isinstance(value, str):
        return _text_of(value, where)
    return _float(value, where) if isinstance(value, Decimal) else value


def _float(value: Decimal, where: str) -> float:
    number = float(value)
    if math.isinf(number):
        raise ValueError(f"`{where}`: {value:.3E} is larger than any number that the service can take")
    return number


def _text_of(value: str, where: str) -> str:
    problem = unencodable(value)
    if problem:
        raise ValueError(f"`{where}` holds {problem}, which UTF-8 cannot hold; encode it, with `tojson` for one")
    return value


def _blob(value: Json, where: str) -> Any:
    if isinstance(value, str):
        return _text_of(value, where).encode()
    if not isinstance(value, Mapping) or set(value) != {_BASE64}:
        raise ValueError(f'`{where}` must be text, or {{"{_BASE64}": "..."}} for binary data')
    text = value[_BASE64]
    if isinstance(text, str) and _TEMPLATE in text:
        return b""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise ValueError(f"`{where}` is not base64: {error}") from error


def to_plain(value: Any, max_body_bytes: int) -> Json:
    """A response, or a part of it, as plain JSON. Reads bodies to their end.

    Raises ActionError of kind validation for a body of more than `max_body_bytes`.
    """
    if isinstance(value, Mapping):
        return {str(name): to_plain(each, max_body_bytes) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_plain(each, max_body_bytes) for each in value]
    if isinstance(value, datetime):
        return iso_time(value)
    if isinstance(value, bytes | bytearray):
        return _text(bytes(value))
    if isinstance(value, float):
        return Decimal(repr(value))
    return _text(read_body(value, max_body_bytes)) if hasattr(value, "read") else value


def _text(content: bytes) -> Json:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return {_BASE64: base64.b64encode(content).decode()}
