"""Errors and problems: the message, the line of the file with a caret under the position, and the hint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from awsit.errors import Position, Problem
from awsit.reporting.terminal.source_frame import frame, lines_of
from awsit.reporting.terminal.terminal import Console, plain, show
from awsit.reporting.terminal.text import Text
from awsit.reporting.terminal.values import prose


def print_error(console: Console, message: str, hint: str = "") -> None:
    """Show an error's message, and its hint."""
    show(console, _labelled("error", "bold red", message, console.width))
    if hint:
        show(console, _labelled("hint", "bold cyan", hint, console.width))


def print_problems(console: Console, problems: Sequence[Problem], sources: Mapping[str, str]) -> None:
    """Show each problem with its line. `sources` holds texts by file name; other files are read again."""
    for problem in problems:
        show(console)
        show(console, Text(plain(problem.message), style="bold"))
        position = problem.position
        line = _line(position, sources) if position else None
        if position and line is not None:
            show(console, frame(position, line, console.width))
        else:
            _show_position(problem, console)
        if problem.hint:
            show(console, _labelled("hint", "bold cyan", problem.hint, console.width))


def _show_position(problem: Problem, console: Console) -> None:
    position = problem.position
    file = f"{position.file}:{position.line}:{position.column}" if position else ""
    where = " ".join(filter(None, (file, problem.path)))
    if where:
        show(console, f" --> {plain(where)}", style="dim")


def _labelled(label: str, style: str, message: str, width: int) -> Text:
    text = Text().append(f"{label}: ", style=style)
    indent = " " * len(f"{label}: ")
    lines = prose(message, width - len(indent))
    text.append(f"\n{indent}".join(lines))
    return text


def _line(position: Position, sources: Mapping[str, str]) -> str | None:
    """The line of the position; None when its file cannot be read any more."""
    lines = lines_of(position.file, sources)
    if lines is None:
        return None
    return lines[position.line - 1] if 0 < position.line <= len(lines) else ""
