"""The body of a request, as a server reads it from its connection."""

from __future__ import annotations

from http.client import HTTPException, HTTPResponse, IncompleteRead
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import Message
    from io import BufferedIOBase

MAX_BYTES = 256 * 1024
_CHUNKED_HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


class BodyTooLarge(HTTPException):
    """The body has more than `MAX_BYTES`."""


class UnknownTransferCoding(HTTPException):
    """The body has another transfer coding than `chunked`."""


def read_body(headers: Message, stream: BufferedIOBase) -> bytes:
    """The body, empty where the head announces none (RFC 9112, section 6.3).

    Raises HTTPException, or ValueError for chunks that are none.
    """
    coding, length = headers.get("Transfer-Encoding"), headers.get("Content-Length")
    if coding is not None:
        if length is not None:  # the two may be read differently on the way (section 6.1)
            raise HTTPException
        if coding.strip().lower() != "chunked":
            raise UnknownTransferCoding
        return _chunked(stream)
    size = (length or "0").strip()
    if not (size.isascii() and size.isdigit()):
        raise HTTPException
    if len(size.lstrip("0")) > len(str(MAX_BYTES)) or int(size) > MAX_BYTES:
        raise BodyTooLarge
    body = stream.read(int(size))
    if len(body) < int(size):
        raise IncompleteRead(body, int(size) - len(body))
    return body


def _chunked(stream: BufferedIOBase) -> bytes:
    """A body in chunks, which the parser of responses reads: chunks are the same in both (section 7.1)."""
    response = HTTPResponse(_Behind(_CHUNKED_HEAD, stream))  # type: ignore[arg-type]  # of a socket it needs one method
    response.begin()
    body = response.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise BodyTooLarge
    return body


class _Behind:
    """A stream behind a head of our own; it stays open when it is read to the end of a message."""

    def __init__(self, head: bytes, stream: BufferedIOBase) -> None:
        self._head = BytesIO(head)
        self._stream = stream

    def makefile(self, _mode: str) -> _Behind:
        return self

    def readline(self, limit: int = -1) -> bytes:
        return self._head.readline(limit) or self._stream.readline(limit)

    def read(self, size: int = -1) -> bytes:
        return self._stream.read(size)

    def readinto(self, buffer: bytearray) -> int:
        return self._stream.readinto(buffer)

    def flush(self) -> None:
        """Nothing is written."""

    def close(self) -> None:
        """The stream belongs to its connection."""
