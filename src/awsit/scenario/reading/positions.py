"""From a path inside a document to the characters of its text."""

from __future__ import annotations

from awsit.errors import Position, Problem
from awsit.patterns import lazy_pattern
from awsit.records import replace
from awsit.scenario.reading.source import Scalar, Source, SourcePosition, lines_of

_ABOUT_KEYS = frozenset({"unknown_key", "invalid_key", "misplaced_key", "unreachable"})
"""Codes of problems whose message is about the key of an entry, not about its value."""
_LITERAL_HEADER = lazy_pattern(r"\|[-+]?[ \t]*(?:#.*)?\Z")
_ESCAPES = {'"': "\\", "'": "'", "": ""}


def placed(problem: Problem, source: Source) -> Problem:
    """The problem with its position in the source's text, exact to the character where that can be computed."""
    if problem.position is not None:
        return problem
    entry = source.positions.get(problem.path)
    exact = _inside(entry, problem.offset, problem.length) if entry and problem.offset is not None else None
    return replace(problem, position=exact or source.position(problem.path, key=problem.code in _ABOUT_KEYS))


def _inside(entry: SourcePosition, offset: int, length: int) -> Position | None:
    """Where characters of a text are written; None when escapes or folded lines make that too hard to compute."""
    written = entry.written
    if written is None:
        return None
    if written.style == "|":
        return _inside_block(entry.value, written, offset, length)
    if not written.one_line or written.style not in _ESCAPES:
        return None
    column = entry.value.column + len(written.style) + offset
    line = lines_of(written.text)[entry.value.line - 1]
    before = line[entry.value.column - 1 + len(written.style) : column - 1 + length]
    escape = _ESCAPES[written.style]
    if escape and escape in before:
        return None
    return replace(entry.value, column=column, length=length)


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
