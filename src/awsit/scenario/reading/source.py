"""A scenario document together with the text it was read from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import PurePath

from msgspec import Struct, field

from awsit.errors import Position, Problem
from awsit.model.json import Json
from awsit.model.text.paths import parent_path
from awsit.patterns import lazy_pattern

LINE_BREAK = lazy_pattern("\r\n|[\n\r\x85\u2028\u2029]")
"""The line breaks of YAML 1.1 (section 5.4), by which the lines of positions are counted, in JSON as well."""


EMPTY_HINT = "write a scenario with `name` and `actions`"
"""What a file that holds nothing needs; of a file that is no scenario, the reader says something else."""


class Scalar(Struct, frozen=True):
    """A text as it is written: in which file's `text`, in which `style` of YAML (empty: plain), on one line or more."""

    text: str
    style: str
    one_line: bool


class SourcePosition(Struct, frozen=True):
    """Where an entry of a document is written: its value, and its key (None in a list and at the root).

    `scalar`: the value is no mapping and no list. `written`: how it is written, when it is a text.
    """

    value: Position
    key: Position | None = None
    scalar: bool = True
    written: Scalar | None = None

    def marked(self, *, key: bool = False) -> Position:
        """What a message marks: the value, or with `key` the key; the key as well when the value is no scalar."""
        if self.key is not None and (key or not self.scalar):
            return self.key
        return self.value


class LazyPositions(Mapping[str, SourcePosition]):
    """The positions of a document's entries, read when the first of them is asked for: a valid file needs none."""

    def __init__(self, read: Callable[[], Mapping[str, SourcePosition]]) -> None:
        self._read = read

    @cached_property
    def _positions(self) -> Mapping[str, SourcePosition]:
        return self._read()

    def __getitem__(self, path: str) -> SourcePosition:
        return self._positions[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._positions)

    def __len__(self) -> int:
        return len(self._positions)


class Source(Struct, frozen=True):
    """A document, and where each entry of it is written in `file`; `-` is the standard input.

    The keys of `positions` are paths such as `actions[2].params.url`; it is empty when the positions are not known. The
    source of an expanded document has the source that it was made from in `written`, and what could not be expanded in
    `problems`; its positions may be in other files.
    """

    document: Json
    file: str
    text: str = ""
    positions: Mapping[str, SourcePosition] = field(default_factory=dict)
    written: Source | None = None
    problems: tuple[Problem, ...] = ()

    def position(self, path: str, *, key: bool = False) -> Position:
        """What a message about the entry at `path` marks, as `SourcePosition.marked`.

        For a path that is not in the document, it is what holds the missing entry.
        """
        while path not in self.positions:
            if not path:
                return Position(self.file, 1, 1)
            path = parent_path(path)
        return self.positions[path].marked(key=key)


@lru_cache(maxsize=4)
def lines_of(text: str) -> list[str]:
    """The lines of a text, as positions count them."""
    return LINE_BREAK.split(text)


def position_at(text: str, file: str, offset: int, length: int = 1) -> Position:
    """The position of `length` characters of a text."""
    before = LINE_BREAK.split(text[:offset])
    return Position(file, len(before), len(before[-1]) + 1, length)


def is_json_file(file: str) -> bool:
    """Whether the file's name says that it holds JSON."""
    return file[-5:].lower() == ".json" and bool(PurePath(file).suffix)
