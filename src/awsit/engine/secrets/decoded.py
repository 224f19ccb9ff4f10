"""Secrets in texts that are percent-encoded, and in texts of which awsit shows the beginning only."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile
from typing import AnyStr

from awsit.patterns import lazy_pattern

_PIECE = lazy_pattern("%[0-9A-Fa-f]{2}|[^\x00-\x7f]")
_CUT = "… (".encode()
"""What follows the beginning of a value in a message (`values.show`)."""
MOST_CUTS = 50
MOST_IN_PATTERN = 512
"""Characters of a form that is part of a regular expression; longer ones would take long to compile."""
LEAST_BEGINNING = 4
"""Bytes of a secret that are masked where the rest of it is cut off."""


class DecodedText:
    """A text as the bytes that it stands for, percent-encoded or not (RFC 3986, section 2.1); `+` is a space."""

    def __init__(self, text: str) -> None:
        content, ends, place = bytearray(), [(0, 0)], 0
        for piece in _PIECE.finditer(text):
            content += text[place : piece.start()].encode()
            encoded = piece[0].startswith("%")
            content += bytes.fromhex(piece[0][1:]) if encoded else piece[0].encode(errors="surrogatepass")
            place = piece.end()
            ends.append((len(content), place))
        content += text[place:].encode()
        self.content, self._ends = bytes(content).replace(b"+", b" "), ends

    def places(self, pattern: re.Pattern[bytes], forms: Sequence[bytes]) -> Iterator[tuple[int, int]]:
        """First and last character of each match, of each form, and of each beginning of one that is cut off.

        In their order, those that meet as one. `forms` are longest first; the short ones are those of the `pattern`.
        """
        found = [*(match.span() for match in pattern.finditer(self.content)), *self._cut_off(forms)]
        for form in takewhile(lambda form: len(form) > MOST_IN_PATTERN, forms):
            found += occurrences(form, self.content)
        yield from _united((self._character(start), self._character(end)) for start, end in found)

    def _cut_off(self, forms: Sequence[bytes]) -> Iterator[tuple[int, int]]:
        for cut in islice(re.finditer(re.escape(_CUT), self.content), MOST_CUTS):
            longest = max((_beginning(self.content, cut.start(), form) for form in forms), default=0)
            if longest:
                yield cut.start() - longest, cut.start()

    def _character(self, byte: int) -> int:
        """The character of the text at which a byte of the content begins."""
        end, character = self._ends[bisect_right(self._ends, (byte, len(self.content) * 3)) - 1]
        return character + byte - end


def _united(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans in their order, those that meet as one: a secret and its beginning, or with and without its blanks."""
    first = last = -1
    for start, end in sorted(spans):
        if start > last:
            if first < last:
                yield first, last
            first = start
        last = max(last, end)
    if first < last:
        yield first, last


def occurrences(form: AnyStr, content: AnyStr) -> Iterator[tuple[int, int]]:
    """Where a form stands in a text."""
    place = content.find(form)
    while place >= 0:
        yield place, place + len(form)
        place = content.find(form, place + len(form))


def in_decoded(forms: Iterable[str]) -> list[bytes]:
    """The forms of secrets as a `DecodedText` holds them, longest first.

    One that is percent-encoded itself, as a password within a URL is, stands there decoded where nothing encoded it
    once more.
    """
    raw = {form: form.encode(errors="surrogatepass").replace(b"+", b" ") for form in forms}
    decoded = {DecodedText(form).content for form in raw if "%" in form}
    return sorted({*raw.values(), *(form for form in decoded if len(form) >= LEAST_BEGINNING)}, key=len, reverse=True)


def _beginning(content: bytes, end: int, form: bytes) -> int:
    """How many of the first bytes of a form stand before `end`; 0 when they are few. Of an encoded byte a part may."""
    first = form[:LEAST_BEGINNING]
    place = content.find(first, max(0, end - len(form) - 2), end)
    while place >= 0:
        rest = content[place:end]
        if form.startswith(re.sub(rb"%[0-9A-Fa-f]?$", b"", rest)):
            return end - place
        place = content.find(first, place + 1, end)
    return 0
