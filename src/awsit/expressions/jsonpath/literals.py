"""Values inside a JSONPath, as literals: what a value holds never becomes syntax of the path (RFC 9535, section 2.3).

A path is written in pieces of syntax with values between them. What a value may stand for depends on where it stands:
the content of a quoted text, a part of a name after a dot, or, inside brackets, a literal of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from itertools import product

from msgspec import Struct

from awsit.errors import ExpressionError
from awsit.expressions.jsonpath import query
from awsit.expressions.values import as_text, is_integer, kind, show
from awsit.model.json import Json, dumps
from awsit.patterns import lazy_pattern

_NAME_CHARACTER = r"[^\x00-/:-@\[-^`{-\x7f\ud800-\udfff]"
"""Of a name after a dot (RFC 9535, section 2.5.1.1), as those that it has not: these are compiled ten times as fast."""
_NAME = lazy_pattern(rf"{_NAME_CHARACTER}+")
_ENDS_IN_NAME = lazy_pattern(rf"\.{_NAME_CHARACTER}*\Z")
_ALL_NAME = lazy_pattern(rf"{_NAME_CHARACTER}*\Z")
_ESCAPES = {chr(code): f"\\u{code:04x}" for code in range(0x20)}
_ESCAPES |= {"\\": r"\\", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
"""Of the characters that a quoted text cannot hold as they are (RFC 9535, section 2.3.1.1)."""

MAX_COMBINATIONS = 64
"""Combinations of sample values that `sample_paths` gives."""


class Place(Enum):
    """What a value is for, by the syntax around it."""

    QUOTED = auto()
    NAME = auto()
    LITERAL = auto()
    SYNTAX = auto()


_SAMPLES = {Place.QUOTED: ("x",), Place.NAME: ("x", "1"), Place.LITERAL: (0, "x"), Place.SYNTAX: ()}


class Hole(Struct, frozen=True):
    """Where a value stands in a path; `quote` is the mark of the text around it, if there is one."""

    place: Place
    quote: str = ""

    def filled(self, value: Json) -> str:
        """The value as it is written into the path. Raises ExpressionError, code `bad_path`, for one that does not fit.

        Inside brackets an integer is an index or a number, a text a name or a string.
        """
        if self.place is Place.QUOTED:
            return _escaped(as_text(value), self.quote)
        if self.place is Place.LITERAL:
            return _literal(value)
        text = as_text(value)
        if self.place is Place.NAME and _NAME.fullmatch(text):
            return text
        raise _no_name(text) if self.place is Place.NAME else no_syntax()


def holes(pieces: Sequence[str]) -> list[Hole]:
    """The holes between the pieces of a path's syntax, in order: one less than there are pieces."""
    reader = _Reader()
    found: list[Hole] = []
    for piece in pieces[:-1]:
        reader.read(piece)
        found.append(reader.hole())
    return found


def joined(pieces: Sequence[str], values: Sequence[Json]) -> str:
    """The path of these pieces, with the values in the holes between them. Raises ExpressionError, code `bad_path`."""
    filled = [hole.filled(value) for hole, value in zip(holes(pieces), values, strict=True)]
    return "".join(text for pair in zip(pieces, [*filled, ""], strict=True) for text in pair)


def sample_paths(pieces: Sequence[str]) -> list[str]:
    """Paths with sample values in the holes: one of them can be parsed if values make any sense there.

    Raises ExpressionError, code `bad_path`, when a value would be syntax.
    """
    samples = [_SAMPLES[hole.place] for hole in holes(pieces)]
    if not all(samples):
        raise no_syntax()
    combinations = product(*samples)
    return [joined(pieces, values) for values, _ in zip(combinations, range(MAX_COMBINATIONS), strict=False)]


def no_syntax() -> ExpressionError:
    """The error for a value that would be more than a literal of the path."""
    hint = "write the path out, and let the template give a literal in it, as in `$.items[?@.id == {{ context.id }}]`"
    message = "a template gives one name, index or text of a path, never a part of its syntax"
    return ExpressionError(message, code="bad_path", hint=hint)


def quoted(text: str) -> str:
    """A text as a literal in single quotes."""
    return f"'{_escaped(text, chr(39))}'"


class _Reader:
    """Reads a path's syntax piece by piece, and knows what would stand at the end of what it has read."""

    def __init__(self) -> None:
        self._quote = ""
        self._escaping = False
        self._depth = 0
        self._in_name = False

    def read(self, piece: str) -> None:
        self._in_name = bool(_ENDS_IN_NAME.search(piece) or (self._in_name and _ALL_NAME.match(piece)))
        for character in piece:
            if self._quote:
                self._read_quoted(character)
            elif character in "'\"":
                self._quote = character
            else:
                self._depth += {"[": 1, "]": -1}.get(character, 0)

    def _read_quoted(self, character: str) -> None:
        if self._escaping:
            self._escaping = False
        elif character == "\\":
            self._escaping = True
        elif character == self._quote:
            self._quote = ""

    def hole(self) -> Hole:
        if self._escaping:
            return Hole(Place.SYNTAX)
        if self._quote:
            return Hole(Place.QUOTED, self._quote)
        if self._in_name:
            return Hole(Place.NAME)
        return Hole(Place.LITERAL if self._depth > 0 else Place.SYNTAX)


def _literal(value: Json) -> str:
    if isinstance(value, str):
        return quoted(value)
    if is_integer(value) and abs(value) <= query.MAX_INDEX:
        return str(int(value))
    if kind(value) in {"number", "boolean", "null"}:
        return dumps(value)
    message = f"{kind(value)} {show(value, 40)} is no literal of a path"
    raise ExpressionError(message, code="bad_path", hint="a path takes numbers, texts, true, false and null")


def _escaped(text: str, quote: str) -> str:
    return "".join(f"\\{each}" if each == quote else _ESCAPES.get(each, each) for each in text)


def _no_name(text: str) -> ExpressionError:
    message = f"{show(text, 40)} is no name that may stand after a dot of a path"
    hint = "for a name with any characters write `['{{ … }}']`; a path of several names must be written out"
    return ExpressionError(message, code="bad_path", hint=hint)
