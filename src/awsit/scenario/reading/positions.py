"""From a place inside a document to the characters of its text."""

from __future__ import annotations

import re
from dataclasses import replace

from awsit.errors import Position, Problem
from awsit.scenario.reading.source import Scalar, Source, SourcePosition, lines_of

_AT_KEY = frozenset({"unknown_key", "invalid_key", "misplaced_key", "unreachable"})
_LITERAL_HEADER = re.compile(r"\|[-+]?[ \t]*(?:#.*)?\Z")
_ESCAPES = {'"': "\\", "'": "'", "": ""}


def placed(problem: Problem, source: Source) -> Problem:
    """The problem with its position in the source's text, to the character where that can be told."""
    if problem.position is not None:
        return problem
    spot = source.positions.get(problem.path)
    exact = _inside(spot, problem.offset, problem.length) if spot and problem.offset is not None else None
    return replace(problem, position=exact or source.position(problem.path, key=problem.code in _AT_KEY))


def _inside(spot: SourcePosition, offset: int, length: int) -> Position | None:
    """Where characters of a text stand; None when escapes or folded lines make it hard to tell."""
    written = spot.written
    if written is None:
        return None
    if written.style == "|":
        return _inside_block(spot.value, written, offset, length)
    if not written.one_line or written.style not in _ESCAPES:
        return None
    column = spot.value.column + len(written.style) + offset
    line = lines_of(written.text)[spot.value.line - 1]
    before = line[spot.value.column - 1 + len(written.style) : column - 1 + length]
    escape = _ESCAPES[written.style]
    if escape and escape in before:
        return None
    return replace(spot.value, column=column, length=length)


def _inside_block(start: Position, written: Scalar, offset: int, length: int) -> Position | None:
    lines = lines_of(written.text)
    if not _LITERAL_HEADER.match(lines[start.line - 1][start.column - 1 :]):
        return None
    content = lines[start.line :]
    first = next((line for line in content if line.strip(" ")), "")
    indent = len(first) - len(first.lstrip(" "))
    left = offset
    for number, line in enumerate(content, start=start.line + 1):
        text = line[indent:]
        if left <= len(text):
            return Position(start.file, number, indent + left + 1, max(1, min(length, len(text) - left)))
        left -= len(text) + 1
    return None
