"""Content codings of responses (RFC 9110, section 8.4), undone while the body is read.

urllib3 decodes too, but takes a coded body that ends early for a whole one: what its decompressors know of an end is
not asked.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any, Protocol

from msgspec import Struct

MOST_CODINGS = 5
"""As many as curl and urllib3 undo."""
_PIECE = 64 * 1024
_ZSTD = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"


class DecodingError(Exception):
    """The body is not what its `Content-Encoding` says."""


class TruncatedBody(DecodingError):
    """The coded body ends before its coding does."""


class UnknownCoding(DecodingError):
    """The library for `coding` is not installed: extra `compression`."""

    def __init__(self, coding: str) -> None:
        super().__init__(f"{coding}, which is not read here")


class Decompressor(Protocol):
    """One compressed stream, read as Python's `bz2`, `lzma` and `zstd` read theirs."""

    @property
    def eof(self) -> bool:
        """Whether the end of the stream was read."""

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes out before more goes in."""

    @property
    def unused_data(self) -> bytes:
        """What came after the end of the stream."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """The next bytes, at most `max_length`; what is left of `data` is kept."""


def codings_of(content_encoding: str) -> list[str]:
    """The codings that can be undone, in the order in which they are. From an unknown one on, a body stays as it is."""
    if not content_encoding:
        return []
    names = [name.strip() for name in content_encoding.lower().split(",")]
    known: list[str] = []
    for name in reversed([name for name in names if name not in {"", "identity", "none"}]):
        if name not in _CODINGS:
            break
        known.append(name)
    return known


def decoded(chunks: Iterator[bytes], codings: Sequence[str], *, is_part: bool = False) -> Iterator[bytes]:
    """The body in pieces of at most 64 KiB, so that a reader can stop whatever a small body unfolds to.

    A body without a byte has no coding. One that `is_part` of a coded body, the content of a 206, may end anywhere
    (RFC 9110, section 14.2: ranges count coded bytes). Raises DecodingError.
    """
    if len(codings) > MOST_CODINGS:
        raise DecodingError(f"{len(codings)} codings are more than {MOST_CODINGS}")
    for coding in codings:
        chunks = _undone(chunks, coding, is_part)
    return chunks


def _undone(chunks: Iterator[bytes], coding: str, is_part: bool) -> Iterator[bytes]:
    stream: Decompressor | None = None
    for data in chunks:
        rest = data
        while rest or not (stream is None or stream.needs_input or stream.eof):
            if stream and stream.eof and rest[0] not in _CODINGS[coding].again:
                raise DecodingError(f"bytes follow the end of {coding}")
            if stream is None or stream.eof:
                stream = _CODINGS[coding].start(rest)
            yield _decompressed(stream, rest, coding)
            rest = stream.unused_data if stream.eof else b""
    if stream and not (stream.eof or is_part):
        raise TruncatedBody(f"it ends before {coding} does")


def _decompressed(stream: Decompressor, data: bytes, coding: str) -> bytes:
    try:
        return stream.decompress(data, _PIECE)
    except Exception as error:  # each library has an error of its own, and brotli's cannot be imported without it
        raise DecodingError(f"{coding}: {error}") from error


class _Inflate:
    """zlib's stream as a Decompressor."""

    def __init__(self, window_bits: int) -> None:
        self._stream = zlib.decompressobj(window_bits)
        self._is_full = False

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def needs_input(self) -> bool:
        return not (self._is_full or self._stream.unconsumed_tail)

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        piece = self._stream.decompress(self._stream.unconsumed_tail + data, max_length)
        self._is_full = len(piece) == max_length  # there may be more of what was read already
        return piece


class _Brotli:
    """brotli's stream as a Decompressor. It refuses what follows its end itself."""

    unused_data = b""

    def __init__(self) -> None:
        self._stream: Any = _library("brotli", "br").Decompressor()
        self._is_full = False

    @property
    def eof(self) -> bool:
        return bool(self._stream.is_finished())

    @property
    def needs_input(self) -> bool:
        return not self._is_full and bool(self._stream.can_accept_more_data())

    def decompress(self, data: bytes, max_length: int) -> bytes:
        piece: bytes = self._stream.process(data, output_buffer_limit=max_length)
        self._is_full = len(piece) >= max_length  # the limit is a soft one
        return piece


def _gzip(_: bytes) -> Decompressor:
    return _Inflate(zlib.MAX_WBITS + 16)


def _deflate(start: bytes) -> Decompressor:
    """The zlib format (RFC 1950), or the bare deflate (RFC 1951) that some servers send under this name.

    The first byte tells: method 8 and a window of at most 32 KiB; a deflate stream of a real encoder never begins so.
    """
    method, window = start[0] & 0x0F, start[0] >> 4
    is_zlib = method == zlib.DEFLATED and window + 8 <= zlib.MAX_WBITS
    return _Inflate(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)


def _zstd(_: bytes) -> Decompressor:
    decompressor: Decompressor = _library(_ZSTD, "zstd").ZstdDecompressor()
    return decompressor


def _library(module: str, coding: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise UnknownCoding(coding) from error


class _Coding(Struct, frozen=True):
    """`start` makes the reader of a stream from its first bytes; with a byte of `again`, another stream may follow."""

    start: Callable[[bytes], Decompressor]
    again: bytes = b""


_CODINGS = {
    "gzip": _Coding(_gzip, again=b"\x1f"),  # members: RFC 1952, section 2.2
    "x-gzip": _Coding(_gzip, again=b"\x1f"),
    "deflate": _Coding(_deflate),
    "br": _Coding(lambda _: _Brotli()),
    "zstd": _Coding(_zstd, again=bytes([0x28, *range(0x50, 0x60)])),  # frames, and those to skip: RFC 8878, section 3.1
}
