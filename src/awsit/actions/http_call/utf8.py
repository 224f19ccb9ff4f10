"""Text of a request that goes out as UTF-8."""

from __future__ import annotations

from awsit.errors import ActionError, ErrorKind
from awsit.model.text.encoding import unencodable

JSON_CAN = "send it as JSON, which can, or take it out"


def in_utf8(text: str, where: str, hint: str = JSON_CAN) -> bytes:
    """The text in UTF-8. Raises ActionError of kind validation, naming the place, for what UTF-8 cannot hold."""
    problem = unencodable(text)
    if problem:
        message = f"`{where}` holds {problem}, which UTF-8 cannot hold"
        raise ActionError(message, kind=ErrorKind.VALIDATION, hint=hint)
    return text.encode()
