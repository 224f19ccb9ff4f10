"""The lines of a journal: an object of JSON each, with a checksum as its last key.

A disk may damage a line, and a machine that loses its power may leave the last one cut off.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from awsit.model import codec
from awsit.model.json import Json, loads_record

_CHECKSUM = re.compile(rb',"crc32":"([0-9a-f]{8})"\}$')


def line(document: Mapping[str, Any]) -> bytes:
    """A line with its checksum (CRC-32, as zlib has it) and its line break; the document may hold dataclasses."""
    text = codec.text(document).encode()
    return b'%s,"crc32":"%08x"}\n' % (text[:-1], zlib.crc32(text))


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a file. `whole` are those that can be read, by their numbers; of the others, `damaged` has these.

    `cut_off` is what stands after the last line break; it begins at the byte `length`.
    """

    whole: Mapping[int, Json]
    damaged: tuple[int, ...] = ()
    cut_off: bytes = b""
    length: int = 0


def read(content: bytes) -> Lines:
    """The lines of a journal. One whose first line has no checksum is of a version that wrote none."""
    *texts, rest = content.split(b"\n")
    is_checked = bool(texts and _CHECKSUM.search(texts[0]))
    if rest and _document(rest, is_checked=True) is not None:  # only its line break is missing
        texts, rest = [*texts, rest], b""
    documents = dict(_numbered(texts, is_checked=is_checked))
    whole = {number: document for number, document in documents.items() if document is not None}
    damaged = tuple(number for number, document in documents.items() if document is None)
    return Lines(whole, damaged, rest, len(content) - len(rest))


def _numbered(texts: list[bytes], *, is_checked: bool) -> Iterator[tuple[int, Json]]:
    for number, text in enumerate(texts, start=1):
        yield number, _document(text, is_checked=is_checked)


def _document(text: bytes, *, is_checked: bool) -> Json:
    """The object of a line; None when it is damaged."""
    checksum = _CHECKSUM.search(text)
    if checksum:
        text = text[: checksum.start()] + b"}"
        if zlib.crc32(text) != int(checksum[1], 16):
            return None
    elif is_checked:
        return None
    try:
        document = loads_record(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None
