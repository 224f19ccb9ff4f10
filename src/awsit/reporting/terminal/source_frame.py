"""A frame: a line of a file with a caret under a position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.cells import cell_len
from rich.text import Text

from awsit.errors import Position
from awsit.reporting.terminal.terminal import plain
from awsit.scenario.reading import source

TAB = "    "


def frame(position: Position, line: str, width: int = 80, before: Sequence[str] = ()) -> Text:
    """The position's file, the lines `before` it, and its `line` with carets under the columns that it marks.

    Lines longer than `width` are cut around the position.
    """
    number = str(position.line)
    gutter = " " * len(number)
    room = max(width - len(number) - 4, 40)
    start = position.column - 1
    left, marked = line[:start], line[start : start + position.length]
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
            text = Path(file).read_text(encoding="utf-8", errors="replace")
        except (OSError, ValueError):  # it is gone, may not be read, or its name cannot be one
            return None
    return source.lines_of(text.removeprefix("\ufeff"))


def _window(line: str, before: str, room: int) -> tuple[str, str]:
    """The part of a line, at most `room` columns of it, that has the position, and what of `before` is in it."""
    if cell_len(_flat(line)) <= room:
        return line, before
    start = max(0, len(before) - room // 2)
    lead = "..." if start else ""
    rest = line[start : start + room - 6]
    tail = "..." if start + room - 6 < len(line) else ""
    return f"{lead}{rest}{tail}", f"{lead}{before[start:]}"


def _flat(text: str) -> str:
    return plain(text.replace("\t", TAB))
