r"""Texts for a regular expression: what `^[A-Z]{2}-\d+$` could match.

The common syntax is read: literals, classes, groups, alternatives, quantifiers. What only looks at the text around
it is passed over, so a text has to be tried against the expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from awsit.expressions import regex

_QUANTIFIER = re.compile(r"(?:([*+?])|\{(\d+)(,(\d*))?\})[?+]?")
_GROUP = re.compile(r"\((\?(?:[:>]|P?<[A-Za-z_]\w*>|[aiLmsux-]+:))?")
_LOOKAROUND = re.compile(r"\(\?<?[=!]")
_ESCAPES = {"d": "5", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a", "t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_PROPERTIES = {"L": "a", "Lu": "A", "Ll": "a", "N": "5", "Nd": "5", "P": "-", "S": "$", "Z": " "}
_CODE = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]+)\}")
_PROPERTY = re.compile(r"p\{(?:L=)?(\w+)\}")
_CANDIDATES = "aA0 -_.x1bZ9@/:+,;=#!é~" + "".join(map(chr, range(33, 127)))
MOST_REPEATS = 10_000


def samples_of(pattern: str, least: int = 0) -> Iterator[str]:
    """Texts that may match, shorter ones first; `least` is the length that a repeated part is stretched to.

    A pattern that is not understood gives none. Raises ExpressionError for one that is too complex.
    """
    for stretch in dict.fromkeys((0, 1, 2, 3, 8, least)):
        try:
            reader = _Reader(pattern, stretch)
            text = reader.alternatives()
        except (ValueError, IndexError, RecursionError):
            return
        if reader.at == len(pattern):
            yield text


class _Reader(Struct):
    """Reads a pattern from left to right, writing a text that it matches."""

    pattern: str
    stretch: int
    at: int = 0
    groups: list[str] = field(default_factory=list)

    def alternatives(self) -> str:
        """The text of the first alternative that has one, up to the closing bracket or the end."""
        texts = [self._sequence()]
        while self._peek() == "|":
            self.at += 1
            texts.append(self._sequence())
        return next(filter(None, texts), "")

    def _sequence(self) -> str:
        written = ""
        while self._peek() not in ("", "|", ")"):
            piece, times = self._piece(), self._times()
            if len(written) + len(piece) * times > MOST_REPEATS:
                raise ValueError("the text is too long")
            written += piece * times
        return written

    def _times(self) -> int:
        """How often the piece before is written; the quantifier is read."""
        found = _QUANTIFIER.match(self.pattern, self.at)
        if not found:
            return 1
        self.at = found.end()
        sign, least, comma, most = found.groups()
        if sign:
            bottom, top = {"*": (0, MOST_REPEATS), "+": (1, MOST_REPEATS), "?": (0, 1)}[sign]
        else:
            bottom = int(least)
            top = int(most) if most else MOST_REPEATS if comma else bottom
        return min(max(bottom, self.stretch), top, MOST_REPEATS)

    def _piece(self) -> str:
        character = self._peek()
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        self.at += 1
        if character == "\\":
            return self._escape()
        return {".": "a", "^": "", "$": ""}.get(character, character)

    def _group(self) -> str:
        lookaround = _LOOKAROUND.match(self.pattern, self.at)
        opening = lookaround or _GROUP.match(self.pattern, self.at)
        if not opening or (opening[0] == "(" and self.pattern.startswith("(?", self.at)):
            raise ValueError("a kind of group that is not known")
        self.at = opening.end()
        text = self.alternatives()
        if self._peek() != ")":
            raise ValueError("a group without end")
        self.at += 1
        if lookaround:
            return ""
        self.groups.append(text)
        return text

    def _escape(self) -> str:
        rest = self.pattern[self.at :]
        code, prop = _CODE.match(rest), _PROPERTY.match(rest)
        if code:
            self.at += code.end()
            return chr(int(next(filter(None, code.groups())), 16))
        if prop:
            self.at += prop.end()
            return _PROPERTIES.get(prop[1], "a")
        character = rest[0]
        self.at += 1
        if character.isdigit():
            return self.groups[int(character) - 1]
        return "" if character in "bBAzZ" else _ESCAPES.get(character, character)

    def _class(self) -> str:
        """A character of the class: the first of some usual ones that is in it."""
        end = self.at + 1
        end += self.pattern[end] == "^"
        end += self.pattern[end] == "]"
        while self.pattern[end] != "]":
            end += 2 if self.pattern[end] == "\\" else 1
        written = self.pattern[self.at : end + 1]
        self.at = end + 1
        return next((each for each in (*_CANDIDATES, *written) if regex.matches_whole(written, each)), "")

    def _peek(self) -> str:
        return self.pattern[self.at : self.at + 1]
