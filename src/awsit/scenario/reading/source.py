"""A scenario document together with the text it was read from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePath

from awsit.errors import Position, Problem
from awsit.model.json import Json
from awsit.model.paths import parent_path

LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""The line breaks of YAML 1.1 (section 5.4), by which the lines of positions are counted, in JSON as well."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """How a text is written: YAML's `style` (empty for a plain one), in which `text` of a file, on one line or not."""

    text: str
    style: str
    one_line: bool


@dataclass(frozen=True, slots=True)
class SourcePosition:
    """Where an entry of a document stands: its key (None in a list and at the root) and its value."""

    value: Position
    key: Position | None = None
    scalar: bool = True
    written: Scalar | None = field(default=None, repr=False, compare=False)

    def place(self, *, key: bool = False) -> Position:
        """What to mark: the value, or the key for `key=True` and where the value spans several lines."""
        if self.key is not None and (key or not self.scalar):
            return self.key
        return self.value


@dataclass(frozen=True, slots=True)
class Source:
    """A document and where each part of it stands in `file`; `-` is the standard input.

    `positions` maps paths such as `actions[2].params.url` to their spots. It is empty when they could not be told.
    A document that was expanded has `written`, what it was made from, and `problems`, what could not be expanded; then
    spots may be in other files.
    """

    document: Json
    file: str
    text: str = ""
    positions: Mapping[str, SourcePosition] = field(default_factory=dict)
    written: Source | None = None
    problems: tuple[Problem, ...] = ()

    def position(self, path: str, *, key: bool = False) -> Position:
        """The place of `path`: of its value, or of its key for `key=True` and where the value spans several lines.

        A path that is not in the document has the place of its nearest ancestor.
        """
        while path not in self.positions:
            if not path:
                return Position(self.file, 1, 1)
            path = parent_path(path)
        return self.positions[path].place(key=key)


@lru_cache(maxsize=4)
def lines_of(text: str) -> list[str]:
    """The lines that positions count."""
    return LINE_BREAK.split(text)


def position_at(text: str, file: str, offset: int, length: int = 1) -> Position:
    """The place of a character of a text."""
    before = LINE_BREAK.split(text[:offset])
    return Position(file, len(before), len(before[-1]) + 1, length)


def is_json_file(file: str) -> bool:
    """Whether the file's name says that it holds JSON."""
    return PurePath(file).suffix.lower() == ".json"
