"""Errors and problems as text: the message, the line of the file with a caret under the spot, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from awsit.errors import Position, Problem
from awsit.reporting.terminal import plain, show
from awsit.reporting.values import prose

TAB = "    "


def print_error(console: Console, message: str, hint: str = "") -> None:
    """One error, and what to do next."""
    show(console, _labelled("error", "bold red", message, console.width))
    if hint:
        show(console, _labelled("hint", "bold cyan", hint, console.width))


def print_problems(console: Console, problems: Sequence[Problem], sources: Mapping[str, str]) -> None:
    """Each problem with its place. `sources` holds the texts that are not files, by name; files are read again."""
    for problem in problems:
        show(console)
        show(console, Text(plain(problem.message), style="bold"))
        position = problem.position
        line = _line(position, sources) if position else None
        if position and line is not None:
            show(console, frame(position, line, console.width))
        else:
            _place(problem, console)
        if problem.hint:
            show(console, _labelled("hint", "bold cyan", problem.hint, console.width))


def frame(position: Position, line: str, width: int = 80) -> Text:
    """The line of a file with a caret under the columns that the position marks."""
    number = str(position.line)
    gutter = " " * len(number)
    start = position.column - 1
    before, marked = line[:start], line[start : start + position.length]
    shown, before = _window(line, before, max(width - len(number) - 4, 40))
    text = Text().append(f"{gutter}--> {plain(position.file)}:{position.line}:{position.column}\n", style="dim")
    text.append(f"{gutter} |\n{number} | ", style="dim")
    text.append(f"{_flat(shown)}\n")
    text.append(f"{gutter} | ", style="dim")
    left = cell_len(_flat(before))
    carets = min(max(1, cell_len(_flat(marked))), max(1, cell_len(_flat(shown)) - left))
    text.append(" " * left + "^" * carets, style="bold red")
    return text


def _window(line: str, before: str, room: int) -> tuple[str, str]:
    """The part of a long line that holds the spot."""
    if cell_len(_flat(line)) <= room:
        return line, before
    start = max(0, len(before) - room // 2)
    lead = "..." if start else ""
    rest = line[start : start + room - 6]
    tail = "..." if start + room - 6 < len(line) else ""
    return f"{lead}{rest}{tail}", f"{lead}{before[start:]}"


def _flat(text: str) -> str:
    return plain(text.replace("\t", TAB))


def _place(problem: Problem, console: Console) -> None:
    position = problem.position
    place = f"{position.file}:{position.line}:{position.column}" if position else ""
    where = " ".join(filter(None, (place, problem.path)))
    if where:
        show(console, f" --> {plain(where)}", style="dim")


def _labelled(label: str, style: str, message: str, width: int) -> Text:
    text = Text().append(f"{label}: ", style=style)
    indent = " " * len(f"{label}: ")
    lines = prose(message, width - len(indent))
    text.append(f"\n{indent}".join(lines))
    return text


def _line(position: Position, sources: Mapping[str, str]) -> str | None:
    """The line of the position, or None when its text cannot be read any more."""
    text = sources.get(position.file)
    if text is None:
        path = Path(position.file)
        if not path.is_file():
            return None
        text = path.read_text(encoding="utf-8", errors="replace")
    lines = text.split("\n")
    return lines[position.line - 1].rstrip("\r") if 0 < position.line <= len(lines) else ""
