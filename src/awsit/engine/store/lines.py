"""The lines of a journal: an object of JSON each, with a mark of its writer and a checksum as its last keys.

A disk may damage a line, and a machine that loses its power may leave the last one cut off. The mark binds a line to
its run: one that is missing, or of another run, is no line of this journal.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from awsit.model import codec
from awsit.model.json import Json, loads_record
from awsit.patterns import lazy_pattern
from awsit.system.marks import Marks

_CHECKSUM = lazy_pattern(rb',"crc32":"([0-9a-f]{8})"\}$')
_MARK = lazy_pattern(rb',"mark":"([0-9a-f]{64})","crc32":"[0-9a-f]{8}"\}$')

MOST_FOREIGN = 1_000
"""Lines at the beginning of a journal of which one is its writer's own, unless all of it is a stranger's."""
_LONGEST_READ = 1024 * 1024
"""Bytes of a line that is read to tell whether it can be."""


def line(document: Mapping[str, Any], run_id: str, marks: Marks) -> bytes:
    """A line with its mark, its checksum (CRC-32, as zlib has it) and its line break; it may hold records."""
    text = codec.utf8(document)
    text = b'%s,"mark":"%s"}' % (text[:-1], marks.of(run_id, text).encode())
    return b'%s,"crc32":"%08x"}\n' % (text[:-1], zlib.crc32(text))


class Lines(Struct, frozen=True):
    """The lines of a file. `whole` are those that can be obeyed, by their numbers; of the others, `damaged` has these.

    `cut_off` is what stands after the last line break; it begins at the byte `length`. `is_foreign`: there are lines
    that can be read, and none has the right mark.
    """

    whole: Mapping[int, Json]
    damaged: tuple[int, ...] = ()
    cut_off: bytes = b""
    length: int = 0
    is_foreign: bool = False


def is_foreign(beginning: bytes, run_id: str, marks: Marks) -> bool:
    """Whether the lines of a journal, as far as its beginning tells, are a stranger's: no more of them is looked at.

    A file that came with a repository may have millions of lines, or one that takes all of the memory to read.
    """
    texts = beginning.split(b"\n", MOST_FOREIGN)
    is_cut_off = len(texts) > MOST_FOREIGN
    if any(_is_own(text, run_id, marks) for text in texts[:MOST_FOREIGN]):
        return False
    return is_cut_off or any(len(text) > _LONGEST_READ or _is_readable(texts[0], text) for text in texts)


def _is_readable(first: bytes, text: bytes) -> bool:
    return _document(text, is_checked=_CHECKSUM.search(first) is not None) is not None


def read(content: bytes, run_id: str, marks: Marks) -> Lines:
    """The lines of a run's journal."""
    if is_foreign(content, run_id, marks):
        return Lines({}, is_foreign=True)
    texts, rest = _split(content)
    readable = {number: document for number, document in _numbered(texts) if document is not None}
    whole = {number: document for number, document in readable.items() if _is_own(texts[number - 1], run_id, marks)}
    damaged = tuple(number for number in range(1, len(texts) + 1) if number not in whole)
    return Lines(whole, damaged, rest, len(content) - len(rest), is_foreign=bool(readable) and not whole)


def adopted(content: bytes, run_id: str, marks: Marks) -> bytes:
    """The content of a journal with a right mark on each line that can be read; what is damaged stays."""
    texts, rest = _split(content)
    documents = dict(_numbered(texts))
    adopted_lines = (
        b"%s\n" % text if documents[number] is None else line(_without_mark(documents[number]), run_id, marks)
        for number, text in enumerate(texts, start=1)
    )
    return b"".join(adopted_lines) + rest


def _split(content: bytes) -> tuple[list[bytes], bytes]:
    """The lines of a file without their line breaks, and what was cut off after the last of them."""
    *texts, rest = content.split(b"\n")
    if rest and _document(rest, is_checked=True) is not None:  # only its line break is missing
        return [*texts, rest], b""
    return texts, rest


def _is_own(text: bytes, run_id: str, marks: Marks) -> bool:
    mark = _MARK.search(text)
    return mark is not None and marks.is_right(run_id, text[: mark.start()] + b"}", mark[1].decode())


def _without_mark(document: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in document.items() if name != "mark"}


def _numbered(texts: list[bytes]) -> Iterator[tuple[int, Json]]:
    """The objects of the lines by their numbers. A first line without a checksum is of a version that wrote none."""
    is_checked = bool(texts and _CHECKSUM.search(texts[0]))
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
