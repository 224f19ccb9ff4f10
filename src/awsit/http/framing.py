"""Where one response ends and the next begins (RFC 9112), more strictly than `http.client` tells it.

A client that is wrong about an end takes the rest of one response for the answer to the next request. So interim
responses are passed over, contradictory heads are refused, and a connection that holds more than the response is shut
down: its next user finds it closed, and urllib3 opens another.
"""

from __future__ import annotations

import io
import socket
import ssl
from contextlib import suppress
from email import errors as defects
from http import HTTPStatus
from http.client import BadStatusLine, HTTPException, HTTPMessage, HTTPResponse, IncompleteRead
from typing import Any, Self

from msgspec import Struct
from urllib3.exceptions import InvalidHeader

from awsit.http.deadline import BoundedReader
from awsit.patterns import lazy_pattern

MOST_INTERIM_RESPONSES = 100
MOST_LINES = 250_000
"""Lines around the content of a response: of heads, sizes of chunks, trailers. Six mebibytes in chunks of 26 bytes."""
_END_OF_HEAD = (b"\r\n", b"\n")
_STATUS_LINE = lazy_pattern(rb"HTTP/1\.[01] [1-9]\d\d( [^\r\n]*)?\r?\n")
_OF_A_BODY = (
    defects.CloseBoundaryNotFoundDefect,
    defects.InvalidMultipartContentTransferEncodingDefect,
    defects.MultipartInvariantViolationDefect,
    defects.NoBoundaryInMultipartDefect,
    defects.StartBoundaryNotFoundDefect,
)
"""What the parser, made for mail, says of each head of a body of several parts: that no parts follow in the head."""
_PLAIN_HEAD = lazy_pattern(
    rb"HTTP/1\.1 ([2-5]\d\d)( [\x20-\x7e]*+)?\r\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]++:[\t\x20-\x7e]*+\r\n){1,99}+)\r\n"
)
"""Status line and field lines (RFC 9112, sections 4 and 5), all in ASCII; not more than `http.client` takes."""
_FRAMING = frozenset({"content-length", "transfer-encoding"})
"""The fields that tell where a body ends."""
_LONGEST_LENGTH = 15
"""Digits of a `Content-Length` of the usual form."""
_CHUNK_HEAD = lazy_pattern(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")
_LONGEST_CHUNK_HEAD = 65_536
_BODILESS = frozenset({HTTPStatus.SWITCHING_PROTOCOLS, HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


class _PlainHead(Struct, frozen=True):
    """A head of the usual form, which nearly all are: with one length, or of a response without a body.

    `end` is where it ends in what was read, `length` that of the body. Names of fields are in lower case.
    """

    status: int
    reason: str
    fields: list[tuple[str, str]]
    length: int
    end: int

    @classmethod
    def of(cls, start: bytes, *, is_of_head: bool) -> Self | None:
        """The head of a response that begins so.

        None for any other: interim, folded, not all there, of a chunked body, of one that the end of the connection
        ends, or with more than one length.
        """
        head = _PLAIN_HEAD.match(start)
        if head is None:
            return None
        lines = [line.partition(":") for line in head[3].decode("ascii").splitlines()]
        fields = [(name.lower(), value.lstrip(" \t")) for name, _, value in lines]
        framing = [field for field in fields if field[0] in _FRAMING]
        status = int(head[1])
        is_bodiless = is_of_head or status in _BODILESS
        if len(framing) > 1 or not (_is_length(*framing[0]) if framing else is_bodiless):
            return None
        length = 0 if is_bodiless else int(framing[0][1])
        return cls(status, (head[2] or b"").decode("ascii").strip(), fields, length, head.end())

    @property
    def ends_connection(self) -> bool:
        """Whether the server closes the connection after the response."""
        return any(name == "connection" and "close" in value.lower() for name, value in self.fields)


def _is_length(name: str, value: str) -> bool:
    """Whether a field gives the length of a body, as a number of the usual form."""
    return name == "content-length" and value.isdigit() and len(value) <= _LONGEST_LENGTH


class WholeResponse:
    """A response that came in one piece, and nothing after it: there is no end to look for.

    It is what `http.client` makes of a connection, too.
    """

    will_close = False

    def __init__(self, head: _PlainHead, body: bytes) -> None:
        self.status, self.fields, self.body = head.status, head.fields, body

    @classmethod
    def of(cls, start: bytes, method: str) -> Self | None:
        """The response that begins with these bytes, if they are all of it."""
        head = _PlainHead.of(start, is_of_head=method == "HEAD")
        if head is None or head.end + head.length != len(start) or head.ends_connection:
            return None
        return cls(head, start[head.end :])

    def begin(self) -> None:
        """Nothing: it has begun."""

    def isclosed(self) -> bool:
        """Always: the connection is free for the next request."""
        return True

    def release_conn(self) -> None:
        """Nothing: it holds no connection."""

    def close(self) -> None:
        """Nothing, likewise."""


class ResponseStream(io.BufferedReader):
    """What a response is read from. Closed while it holds more than was asked for, it shuts the connection down."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, start: bytes) -> None:
        self._bounded = BoundedReader(raw, sock, start)
        self._sock = sock
        self.reusable = True
        self.first_line = self.last_line = b""
        self._lines = 0
        super().__init__(self._bounded)

    def readline(self, size: int | None = -1, /) -> bytes:
        """The next line; the first and the last are kept. Raises HTTPException after `MOST_LINES`."""
        self._lines += 1
        if self._lines > MOST_LINES:
            raise HTTPException(f"more than {MOST_LINES} lines of heads, chunk sizes and trailers")
        line = super().readline(size)
        self.first_line, self.last_line = self.first_line or line, line
        return line

    @property
    def ends_within_status_line(self) -> bool:
        """Whether the last line is the beginning of a status line, after which nothing came."""
        return not self.last_line.endswith(b"\n") and self.last_line[:5] == b"HTTP/"[: len(self.last_line)]

    def close(self) -> None:
        """Close the stream; the connection stays open only if it can be used again."""
        if not self.closed and not (self.reusable and self._is_drained()):
            with suppress(OSError):
                self._sock.shutdown(socket.SHUT_RDWR)
        super().close()

    def _is_drained(self) -> bool:
        if self._bounded.start:
            return False
        self._bounded.ended = True
        waiting = self._sock.pending() if isinstance(self._sock, ssl.SSLSocket) else 0
        return not waiting and not self.peek(1)


class _PlainFields(HTTPMessage):
    """Fields that are all in ASCII: each is read as it was written, without what mail does for other characters."""

    def items(self) -> list[tuple[str, str]]:
        """Names and values, in their order."""
        return list(self.raw_items())


class FramedResponse(HTTPResponse):
    """The final response to a request. `start` is what was read of it before."""

    def __init__(self, sock: socket.socket, *args: Any, start: bytes = b"", **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.stream = ResponseStream(self.fp.detach(), sock, start)
        self.fp = self.stream
        self._is_of_head = options.get("method") == "HEAD"

    def begin(self) -> None:
        """Read heads up to that of the final response (RFC 9110, section 15.2: a client parses all interim ones).

        Raises urllib3's InvalidHeader for a head that does not tell where its body ends.
        """
        if self.headers is not None or self._begins_plainly():
            return
        self._begin_in_full()
        _check_head(self.msg)
        # both: the sender and a proxy before it may disagree about the end (RFC 9112, section 6.3)
        both = "transfer-encoding" in self.msg and "content-length" in self.msg
        if both or self.status == HTTPStatus.SWITCHING_PROTOCOLS:
            self.stream.reusable = False
        if self.status in _BODILESS:  # whatever its head says of a body (RFC 9112, section 6.3, rule 1)
            self.chunked = False
            del self.msg["transfer-encoding"]

    def _get_chunk_left(self) -> int | None:
        """Bytes that are left of the chunk, or those of the next one; None after the last (RFC 9112, section 7.1).

        `http.client` takes what Python takes for a number (`-7`, `0x7`, `0_7`), and passes over what follows a chunk.
        """
        if self.chunk_left == 0:
            end = self.stream.read(2)
            if len(end) < len(b"\r\n"):
                raise IncompleteRead(end)
            if end != b"\r\n":
                raise HTTPException("a chunk is longer than its size, or no line break follows it")
            self.chunk_left = None
        left: int | None = super()._get_chunk_left()  # type: ignore[misc]  # what it calls to read by chunks
        return left

    def _read_next_chunk_size(self) -> int:
        line = self.stream.readline(_LONGEST_CHUNK_HEAD)
        if not line.endswith(b"\n") and len(line) < _LONGEST_CHUNK_HEAD:
            raise IncompleteRead(b"")
        size = _CHUNK_HEAD.fullmatch(line)
        if size is None:
            raise HTTPException(f"{line[:40]!r} is no size of a chunk")
        return int(size[1], 16)

    def _begins_plainly(self) -> bool:
        """Read a head of the usual form without the parser of mail that `http.client` uses; False for any other."""
        head = _PlainHead.of(self.stream.peek(), is_of_head=self._is_of_head)
        if head is None:
            return False
        self.stream.read(head.end)
        self.version, self.code, self.status, self.reason = 11, head.status, head.status, head.reason
        self.headers = self.msg = message = _PlainFields()
        for name, value in head.fields:
            message.set_raw(name, value)
        self.chunked, self.length, self.will_close = False, head.length, head.ends_connection
        return True

    def _begin_in_full(self) -> None:
        for _ in range(MOST_INTERIM_RESPONSES):
            try:
                super().begin()
            except BadStatusLine:
                if self.stream.ends_within_status_line:
                    raise IncompleteRead(self.stream.last_line) from None
                raise
            if self.stream.last_line not in _END_OF_HEAD:
                raise IncompleteRead(self.stream.last_line)
            if not _STATUS_LINE.fullmatch(self.stream.first_line):
                raise BadStatusLine(repr(self.stream.first_line[:80]))
            if not _is_interim(self.status):
                break
            self.stream.first_line = b""
            self.headers = self.msg = None  # type: ignore[assignment]  # "no head was read yet", to `http.client`
        else:
            raise InvalidHeader(f"more than {MOST_INTERIM_RESPONSES} interim responses came before the final one")


def _is_interim(status: int) -> bool:
    return status // 100 == 1 and status != HTTPStatus.SWITCHING_PROTOCOLS


def _check_head(head: HTTPMessage) -> None:
    """Refuse what RFC 9112 calls invalid framing (sections 5.1 and 6.3)."""
    if any(not isinstance(each, _OF_A_BODY) for each in head.defects) or any("\0" in value for value in head.values()):
        raise InvalidHeader("one of them is no header field")
    lengths = {each.strip() for line in head.get_all("content-length", []) for each in line.split(",")}
    if len(lengths) > 1 or not all(each.isascii() and each.isdigit() for each in lengths):
        raise InvalidHeader(f"Content-Length is {' and '.join(sorted(lengths)) or 'empty'}")
    codings = [" ".join(each.split()) for line in head.get_all("transfer-encoding", []) for each in line.split(",")]
    if codings and [each.lower() for each in codings] not in (["chunked"], ["identity"]):
        raise InvalidHeader(f"the transfer coding {', '.join(codings)} is not supported")
