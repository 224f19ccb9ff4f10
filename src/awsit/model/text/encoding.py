r"""Text that UTF-8 cannot hold: halves of surrogate pairs, such as `\ud83d`.

A service may send one in JSON (RFC 8259, section 8.2), and Python makes them from bytes that are not UTF-8 in file
names, arguments and the environment (PEP 383). One rule holds everywhere:

- inside awsit the text stays as it came, and is compared as it is;
- JSON writes a half as its escape, which reads back equal;
- people are shown the same escape, in the terminal, in logs and in every report;
- a request that would have to carry it as UTF-8 is refused, with the place of the half.
"""

from __future__ import annotations

from typing import Final

from awsit.patterns import lazy_pattern

ESCAPE: Final = "backslashreplace"
r"""The error handler (`codecs`) of every stream of ours: what its encoding cannot hold is written as `\ud83d`."""

_HALF = lazy_pattern("[\ud800-\udfff]")
_PAIR = lazy_pattern("[\ud800-\udbff][\udc00-\udfff]")


def escaped(text: str) -> str:
    r"""The text with each half of a surrogate pair as its escape, `\ud83d`."""
    return text if text.isascii() else encoded(text).decode()


def encoded(text: str) -> bytes:
    """The text in UTF-8, escaped."""
    return text.encode("utf-8", ESCAPE)


def whole(text: str) -> str:
    """The text with two halves that have come together as the character that they are."""
    if text.isascii() or not _PAIR.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def unencodable(text: str) -> str:
    r"""The first half of a pair in the text: `\ud83d`, half of a surrogate pair, at character 7. Empty without any."""
    half = None if text.isascii() else _HALF.search(text)
    if half is None:
        return ""
    return f"`{escaped(half[0])}`, half of a surrogate pair, at character {half.start() + 1}"
