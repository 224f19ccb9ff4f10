"""Base64 inside a text: in one line or in several, as MIME and PEM break it, and the text that it holds.

A queue's message, the body of an event or a file of a repository may be JSON or a form in base64, in which a secret is
escaped, or base64 once more. The text is in UTF-8, or in UTF-16, as the commands of PowerShell are encoded.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from bisect import bisect_right
from codecs import utf_8_decode
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from awsit.patterns import lazy_pattern

_RUN = lazy_pattern(r"[A-Za-z0-9+/_-]{16,}(?:(?:\r?\n|(?:\\+r)?\\+n)[A-Za-z0-9+/_-]+)*")
"""Line breaks too as JSON writes them. What `=` stands for at the end tells nothing."""
_BREAK = lazy_pattern(r"\r?\n|(?:\\+r)?\\+n")
_MOST_OF_PATH = 6
"""Places of a run at which base64 may begin: the beginning, and after slashes, for a path may stand before it."""
_Spans = Iterable[tuple[int, int]]


def in_base64(text: str, find: Callable[[str], _Spans]) -> Iterator[tuple[int, int]]:
    """Where that stands which `find` finds in the texts that are in base64 here, and in lines that are broken.

    `find` gives spans in order, and apart. Those that come of them have the characters that depend on nothing but what
    was found.
    """
    for run in _RUN.finditer(text):
        joined, start = run[0], run.start()
        if "\n" not in joined and "\\" not in joined:
            yield from ((start + first, start + end) for first, end in _in_run(joined, find))
            continue
        lines = _Lines(start, joined)
        yield from (lines.span(*each) for each in (*find(lines.joined), *_in_run(lines.joined, find)))


def _in_run(encoded: str, find: Callable[[str], _Spans]) -> Iterator[tuple[int, int]]:
    place = -1
    for _ in range(_MOST_OF_PATH):
        begins = place + 1
        yield from ((begins + start, begins + end) for start, end in _found(encoded[begins:], find))
        place = encoded.find("/", begins)
        if place < 0:
            return


def _found(encoded: str, find: Callable[[str], _Spans]) -> Iterator[tuple[int, int]]:
    for held, encoding in _held(encoded):
        place = bits = 0
        for start, end in find(held):
            first = bits + 8 * len(held[place:start].encode(encoding))
            place, bits = end, first + 8 * len(held[start:end].encode(encoding))
            if -(-first // 6) < bits // 6:
                yield -(-first // 6), bits // 6


def _held(encoded: str) -> Iterator[tuple[str, str]]:
    """The texts that a run may hold, the last character of which may be cut off, and their encodings."""
    whole = encoded[:-1] if len(encoded) % 4 == 1 else encoded
    raw = urlsafe_b64decode(whole + "=" * (-len(whole) % 4))
    if b"\0" in raw and (encoding := _utf_16(raw)):
        yield raw[: len(raw) // 2 * 2].decode(encoding, "replace"), encoding
    with suppress(UnicodeDecodeError):
        yield utf_8_decode(raw, "strict", False)[0], "utf-8"


def _utf_16(raw: bytes) -> str:
    """UTF-16 of one byte order, as PowerShell has it, where a good part of the characters are ASCII; else empty."""
    orders = {"utf-16-le": raw[1::2].count(0), "utf-16-be": raw[::2].count(0)}
    encoding = max(orders, key=orders.__getitem__)
    return encoding if 4 * orders[encoding] >= len(raw) // 2 else ""


class _Lines:
    """The lines of a run, joined, and where each character of them stands in the whole text."""

    def __init__(self, start: int, run: str) -> None:
        self._starts, self._places, parts, place = list[int](), list[int](), list[str](), 0
        length = 0
        for end, after in (*(each.span() for each in _BREAK.finditer(run)), (len(run), len(run))):
            self._starts.append(length)
            self._places.append(start + place)
            parts.append(run[place:end])
            length += end - place
            place = after
        self.joined = "".join(parts)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the whole text of one in the lines; line breaks within it belong to it."""
        return self._place(start), self._place(end - 1) + 1

    def _place(self, character: int) -> int:
        line = bisect_right(self._starts, character) - 1
        return self._places[line] + character - self._starts[line]
