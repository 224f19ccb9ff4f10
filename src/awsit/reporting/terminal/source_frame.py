"""A frame: a line of a file with a caret under a position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from awsit.errors import Position
from awsit.model.files import MAX_FILE_BYTES
from awsit.reporting.terminal.terminal import plain
from awsit.reporting.terminal.text import Text, cell_len
from awsit.scenario.reading import source
from awsit.scenario.reading.source import Source
from awsit.system.files import read_regular

TAB = "    "

_CHARACTERS_PER_COLUMN = 10
"""Of a line that may fit; a longer one is cut before it is measured, since a file of one line may have a megabyte."""

LINES_BEFORE = 4
"""Lines of a long assertion that are shown above the marked one."""


class Excerpt(Struct, frozen=True):
    """Lines of a file, the last of which has the position."""

    position: Position
    lines: tuple[str, ...]


def excerpt(position: Position | None, text: Source, begins: str) -> Excerpt | None:
    """The lines from the element at path `begins` to the position; None when the file has them no more."""
    lines = lines_of(position.file, {text.file: text.text}) if position else None
    if position is None or lines is None or position.line > len(lines):
        return None
    start = text.positions[begins].value if begins in text.positions else position
    is_near = start.file == position.file and 0 <= position.line - start.line <= LINES_BEFORE
    first = start.line if is_near else position.line
    return Excerpt(position, tuple(lines[first - 1 : position.line]))


def frame(position: Position, line: str, width: int = 80, before: Sequence[str] = ()) -> Text:
    """The position's file, the lines `before` it, and its `line` with carets under the columns that it marks.

    Lines longer than `width` are cut around the position.
    """
    number = str(position.line)
    gutter = " " * len(number)
    room = max(width - len(number) - 4, 40)
    start = position.column - 1
    left, marked = line[:start], line[start : start + min(position.length, room * _CHARACTERS_PER_COLUMN)]
    shown, left = _window(line, left, room)
    text = Text().append(f"{gutter}--> {plain(position.file)}:{position.line}:{position.column}\n", style="dim")
    text.append(f"{gutter} |\n", style="dim")
    for offset, each in enumerate(before, position.line - len(before)):
        text.append(f"{offset:>{len(number)}} | ", style="dim")
        text.append(f"{_flat(_window(each, '', room)[0])}\n")
    text.append(f"{number} | ", style="dim")
    text.append(f"{_flat(shown)}\n")
    text.append(f"{gutter} | ", style="dim")
    cells = cell_len(_flat(left))
    carets = min(max(1, cell_len(_flat(marked))), max(1, cell_len(_flat(shown)) - cells))
    text.append(" " * cells + "^" * carets, style="bold red")
    return text


def lines_of(file: str, sources: Mapping[str, str]) -> list[str] | None:
    """The lines of a file, from `sources` if that has its text; None when the file cannot be read any more."""
    text = sources.get(file)
    if text is None:
        try:
            text = read_regular(Path(file), MAX_FILE_BYTES).decode("utf-8", errors="replace")
        except (OSError, ValueError):  # it is gone, may not be read, or its name cannot be one
            return None
    return source.lines_of(text.removeprefix("\ufeff"))


def _window(line: str, before: str, room: int) -> tuple[str, str]:
    """The part of a line, at most `room` columns of it, that has the position, and what of `before` is in it."""
    if len(line) <= room * _CHARACTERS_PER_COLUMN and cell_len(_flat(line)) <= room:
        return line, before
    start = max(0, len(before) - room // 2)
    lead = "..." if start else ""
    rest = line[start : start + room - 6]
    tail = "..." if start + room - 6 < len(line) else ""
    return f"{lead}{rest}{tail}", f"{lead}{before[start:]}"


def _flat(text: str) -> str:
    return plain(text.replace("\t", TAB))
