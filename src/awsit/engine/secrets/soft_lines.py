"""Lines that quoted-printable has broken, wherever its lines became too long: also in the middle of a secret.

Source: RFC 2045, section 6.7, rule 5 ("Soft Line Breaks").
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

from awsit.patterns import lazy_pattern

_BREAK = lazy_pattern(r"(?<!=)=(?:\r?\n|(?:\\+r)?\\+n)(?!\Z)")
"""Line breaks too as JSON writes them; the end of base64 is none."""


def may_have_soft_lines(text: str) -> bool:
    """Whether a text may have soft line breaks: few have, and this takes a tenth of the time of a pattern."""
    return "=\n" in text or "=\r" in text or "=\\" in text


def in_soft_lines(text: str, find: Callable[[str], Iterable[tuple[int, int]]]) -> Iterator[tuple[int, int]]:
    """Where that stands which `find` finds in the text without its soft line breaks, with those that are within it."""
    starts, places, parts, length, place = [0], [0], list[str](), 0, 0
    for each in _BREAK.finditer(text):
        parts.append(text[place : each.start()])
        length += each.start() - place
        place = each.end()
        starts.append(length)
        places.append(place)
    if not parts:
        return

    def in_text(character: int) -> int:
        line = bisect_right(starts, character) - 1
        return places[line] + character - starts[line]

    for start, end in find("".join((*parts, text[place:]))):
        yield in_text(start), in_text(end - 1) + 1
