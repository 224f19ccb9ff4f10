"""Bodies of messages, events, records and objects: JSON documents and text, in both directions."""

from __future__ import annotations

import base64

from awsit.errors import ActionError, ErrorKind
from awsit.model.json import Json, dumps, loads
from awsit.model.text.encoding import unencodable


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
        return {"$base64": base64.b64encode(content).decode()}
