"""Tables: columns as wide as what is in them, on a terminal no wider than that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from awsit.reporting.terminal.terminal import Console, show
from awsit.reporting.terminal.text import Text, cell_len

GAP = 2
INDENT = 4
"""Columns that the rest of a broken row is moved in."""


class Column(Struct, frozen=True):
    """A column. One that is `flexible` has the room that the others leave; a row in which it is longer is broken."""

    title: str
    right: bool = False
    flexible: bool = False


def show_table(columns: Sequence[Column], rows: Iterable[Sequence[Text]], console: Console, indent: int = 0) -> None:
    """Show rows under the titles of their columns. Nothing is cut, and what is piped has a line for each row."""
    listed = list(rows)
    room = console.width - indent if console.is_terminal else None
    widths = _widths(columns, listed, room)
    if any(column.title for column in columns):
        titles = [Text(column.title) for column in columns]
        for line in _lines(columns, titles, widths, room):
            show(console, Text(" " * indent).append_text(line), style="dim")
    for row in listed:
        for line in _lines(columns, row, widths, room):
            show(console, Text(" " * indent).append_text(line))


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[Text]], room: int | None) -> list[int]:
    widths = [
        max([cell_len(column.title), *(row[number].cell_len for row in rows)]) for number, column in enumerate(columns)
    ]
    if room is None:
        return widths
    others = sum(width + GAP for column, width in zip(columns, widths, strict=True) if not column.flexible)
    left = room - others if others <= room else room - INDENT
    return [min(width, left) if column.flexible else width for column, width in zip(columns, widths, strict=True)]


def _lines(columns: Sequence[Column], row: Sequence[Text], widths: Sequence[int], room: int | None) -> Iterator[Text]:
    """The row; what is longer than its column ends a line, and the rest of the row stands below it in its place.

    Columns that end beyond the room begin a line of their own.
    """
    line = Text()
    start = 0
    for column, cell, width in zip(columns, row, widths, strict=True):
        if room is not None and start > INDENT and start + width > room:
            yield from _ended(line)
            line, start = Text(), INDENT
        line.pad_right(max(0, start - line.cell_len))
        fits = cell.cell_len <= width
        if not fits and start:
            yield from _ended(line)
            line = Text(" " * INDENT)
        line.append(" " * (width - cell.cell_len) if column.right and fits else "")
        line.append_text(cell)
        start += width + GAP
        if not fits:
            yield line
            line = Text()
    yield from _ended(line)


def _ended(line: Text) -> Iterator[Text]:
    """The line without the space at its end, unless it has nothing else."""
    line.rstrip()
    if line:
        yield line
