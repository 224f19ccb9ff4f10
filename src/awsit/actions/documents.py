"""Bodies of messages, events, records and objects: JSON documents and text, in both directions."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from awsit.errors import ActionError, Effect, ErrorKind
from awsit.expressions.values import as_text
from awsit.model.json import Json, dumps, loads
from awsit.model.text.counts import count
from awsit.model.text.encoding import unencodable

_BASE64: Final = "$base64"
MAX_BODY_BYTES: Final = 1024 * 1024
"""Bytes of a body that is read, unless an action says otherwise."""


def to_text(value: Json, where: str) -> str:
    """Text as it is, anything else as JSON. Raises ActionError of kind validation for what cannot be written."""
    try:
        text = value if isinstance(value, str) else dumps(value)
    except (TypeError, ValueError) as error:
        raise ActionError(
            f"`{where}` cannot be written as JSON: {error}",
            kind=ErrorKind.VALIDATION,
            hint="use text, numbers, lists and mappings",
        ) from error
    if problem := unencodable(text):
        raise ActionError(
            f"`{where}` holds {problem}, which UTF-8 cannot hold",
            kind=ErrorKind.VALIDATION,
            hint="encode it, with `tojson` for one",
        )
    return text


def is_binary(value: Json) -> bool:
    """Whether it stands for bytes: `{"$base64": "..."}`, as actions show what is no text."""
    return isinstance(value, Mapping) and value.keys() == {_BASE64} and isinstance(value[_BASE64], str)


def to_bytes(value: Json, where: str) -> bytes:
    """The bytes that `{"$base64": "..."}` stands for, all else as `to_text`. Raises ActionError of kind validation."""
    if not is_binary(value):
        return to_text(value, where).encode()
    try:
        return base64.b64decode(value[_BASE64], validate=True)
    except ValueError as error:
        raise ActionError(f"`{where}` is not base64: {error}", kind=ErrorKind.VALIDATION) from error


def from_text(text: str) -> Json:
    """The list or mapping that the text is in JSON; any other text, such as `007`, stays as it is."""
    try:
        document = loads(text)
    except ValueError:
        return text
    return document if isinstance(document, list | dict) else text


def from_bytes(content: bytes) -> Json:
    """As `from_text`; what is not UTF-8 becomes `{"$base64": "..."}`."""
    try:
        return from_text(content.decode())
    except UnicodeDecodeError:
        return binary(content)


def binary(content: bytes) -> Json:
    """Bytes as results show them."""
    return {_BASE64: base64.b64encode(content).decode()}


def read_body(body: Any, max_body_bytes: int) -> bytes:
    """A body that botocore streams, whole. Raises ActionError of kind validation when it is larger."""
    try:
        content: bytes = body.read(max_body_bytes + 1)
        if len(content) <= max_body_bytes:
            body.read(1)  # botocore compares what came with Content-Length when nothing more comes
    finally:
        body.close()
    if len(content) > max_body_bytes:
        raise ActionError(
            f"the body is larger than {count(max_body_bytes, 'byte')}",
            kind=ErrorKind.VALIDATION,
            hint="ask for a part of it, or raise `max_body_bytes`",
        ).with_effect(Effect.UNKNOWN)
    return content


def iso_time(moment: datetime) -> str:
    """A time as ISO 8601 text in UTC, such as `2030-01-31T12:00:00Z`; one without a zone is in UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")


def message_attributes(attributes: Mapping[str, Json]) -> dict[str, dict[str, str | bytes]]:
    """Attributes of a message as SQS and SNS take them: numbers and bytes as such, all else as text; no null."""
    return {name: _attribute(name, value) for name, value in attributes.items() if value is not None}


def _attribute(name: str, value: Json) -> dict[str, str | bytes]:
    if is_binary(value):
        return {"DataType": "Binary", "BinaryValue": to_bytes(value, f"attributes.{name}")}
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return {"DataType": "Number" if is_number else "String", "StringValue": as_text(value)}
