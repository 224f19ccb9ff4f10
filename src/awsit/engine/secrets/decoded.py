r"""Secrets in texts that are encoded character by character, and in those of which awsit shows the beginning only.

Percent-encoded (RFC 3986, section 2.1), or as JSON and HTML may escape any character: .NET writes `+` as `\u002B`, PHP
`/` as `\/`, Handlebars `=` as `&#x3D;`; base64 has all three.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile
from typing import AnyStr

from awsit.patterns import lazy_pattern

_PIECE = lazy_pattern(
    r"%[0-9A-Fa-f]{2}|[^\x00-\x7f]|(?<!\\)\\++(?:u[0-9A-Fa-f]{4}(?:\\++u[dD][c-fC-F][0-9A-Fa-f]{2})?|/)"
    r"|&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|amp|lt|gt|quot);"
)
ENCODED = lazy_pattern(r"%[0-9A-Fa-f]{2}|\\(?:u[0-9A-Fa-f]{4}|/)|&#[0-9xX]")
"""What a text has in which secrets are looked for in its decoded form."""
_PART_OF_ONE = lazy_pattern(
    rb"(?:\xed[\xa0-\xaf][\x80-\xbf])?(?:%[0-9A-Fa-f]?|\\+(?:u[0-9A-Fa-f]{0,3})?|&[a-zA-Z]{0,4}|&#[xX]?[0-9A-Fa-f]{0,7})?\Z"
)
"""The end of a text that is cut off within a character: half of a surrogate pair, the beginning of what encodes one."""
_UNIT = lazy_pattern("u([0-9A-Fa-f]{4})")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"'}
_CUT = "… (".encode()
"""What follows the beginning of a value in a message (`values.show`)."""
MOST_CUTS = 50
MOST_IN_PATTERN = 512
"""Characters of a form that is part of a regular expression; longer ones would take long to compile."""
LONGEST_PART = 16
"""Characters of one that is encoded and cut off: in JSON that is a text in JSON, and that once more, `\\\\\\\\u00e`."""
LEAST_BEGINNING = 4
"""Bytes of a secret that are masked where the rest of it is cut off."""


class DecodedText:
    """A text as the bytes that it stands for, encoded or not; `+` is a space."""

    def __init__(self, text: str) -> None:
        content, ends, place = bytearray(), [(0, 0)], 0
        for piece in _PIECE.finditer(text):
            content += text[place : piece.start()].encode()
            content += _decoded(piece[0])
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
        yield from united((self._character(start), self._character(end)) for start, end in found)

    def _cut_off(self, forms: Sequence[bytes]) -> Iterator[tuple[int, int]]:
        for cut in islice(re.finditer(re.escape(_CUT), self.content), MOST_CUTS):
            longest = max((_beginning(self.content, cut.start(), form) for form in forms), default=0)
            if longest:
                yield cut.start() - longest, cut.start()

    def _character(self, byte: int) -> int:
        """The character of the text at which a byte of the content begins."""
        end, character = self._ends[bisect_right(self._ends, (byte, len(self.content) * 3)) - 1]
        return character + byte - end


def _decoded(piece: str) -> bytes:
    """The bytes of one character, however it is written."""
    if piece[0] == "%":
        return bytes.fromhex(piece[1:])
    if piece[-1] == "/":
        return b"/"
    if piece[0] == "\\":
        character = bytes.fromhex("".join(_UNIT.findall(piece))).decode("utf-16-be", "surrogatepass")
    elif piece[:2] == "&#":
        number = int(piece[3:-1], 16) if piece[2] in "xX" else int(piece[2:-1])
        character = chr(number) if number <= sys.maxunicode else piece
    else:
        character = _ENTITIES.get(piece[1:-1], piece)
    return character.encode(errors="surrogatepass")


def united(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
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

    One that is encoded itself, as a password within a URL is, stands there decoded where nothing encoded it
    once more.
    """
    raw = {form: form.encode(errors="surrogatepass").replace(b"+", b" ") for form in forms}
    decoded = {DecodedText(form).content for form in raw if ENCODED.search(form)}
    return sorted({*raw.values(), *(form for form in decoded if len(form) >= LEAST_BEGINNING)}, key=len, reverse=True)


def _beginning(content: bytes, end: int, form: bytes) -> int:
    """How many of the first bytes of a form stand before `end`; 0 when they are few. Of an encoded byte a part may."""
    first = form[:LEAST_BEGINNING]
    place = content.find(first, max(0, end - len(form) - LONGEST_PART), end)
    while place >= 0:
        rest = content[place:end]
        if form.startswith(_PART_OF_ONE.sub(b"", rest)):
            return end - place
        place = content.find(first, place + 1, end)
    return 0
