"""PyYAML's errors in words for people who write scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import yaml

from awsit.errors import Position, Problem
from awsit.patterns import lazy_pattern
from awsit.scenario.reading.source import lines_of

_BARE_TEMPLATE = lazy_pattern(r"(?:[:,\[]|-)\s+(\{\{.*)")
_OPENS_IN_TEXT = lazy_pattern(r"[^\s,\[\]{}]+(?=[\[{])")
"""A text without quotes up to a bracket in it, as in `{path: $.items[0]}`."""
_NO_SPACE = lazy_pattern("(?:^[ ]*|[:,\\[{]|-)([\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff])")
"""A character that looks like a space, or like nothing, where YAML takes a space."""
TEMPLATE_HINT = 'put the whole value in quotes: "{{ ... }}"'


class _Words(NamedTuple):
    """What is said when libyaml's message contains `sign`; `at_start`: the start of its context is marked."""

    sign: str
    message: str
    hint: str
    at_start: bool = False


_WORDS = (
    _Words(
        "mapping values are not allowed",
        "a second `:` in one line, or an indentation that does not fit",
        "put the value in quotes if it holds a `: `, else align the line with its neighbours",
    ),
    _Words("could not find expected ':'", "this line has no `:` after its key", "write `key: value`", at_start=True),
    _Words(
        "did not find expected key",
        "expected a key here",
        "align this line with the keys above it, and look for an open bracket or quote before it",
    ),
    _Words("expected '-' indicator", "expected a list item (`- `) here", "align it with the items above it"),
    _Words("expected ',' or ']'", "this list is not closed", "add the missing `,` or `]`", at_start=True),
    _Words("expected ',' or '}'", "this mapping is not closed", "add the missing `,` or `}`", at_start=True),
    _Words("expected node content", "expected a value here", "add the value, or close the bracket"),
    _Words("unexpected end of stream", "this quote is never closed", "close it", at_start=True),
    _Words("undefined alias", "no such anchor is defined before this place", "define it with `&name` first"),
    _Words("cannot start any token", "a text cannot start with this character", "put the value in quotes"),
    _Words(
        "unknown escape character",
        "unknown escape in a double-quoted text",
        "write `\\\\` for a backslash, or use single quotes",
    ),
    _Words(
        "invalid Unicode character escape",
        "this escape is not a character",
        "write the character itself, or one `\\U` escape for it",
    ),
)


def explain(text: str, file: str, error: yaml.MarkedYAMLError) -> Problem:
    """The problem behind one of PyYAML's errors, at the position where a person would look for it."""
    raw = error.problem or "the text cannot be parsed"
    words = next((words for words in _WORDS if words.sign in raw), _Words("", raw, ""))
    marks = [error.context_mark, error.problem_mark] if words.at_start else [error.problem_mark, error.context_mark]
    mark = next((mark for mark in marks if mark is not None), None)
    position = _inside(text, position_of(mark, file)) if mark else Position(file, 1, 1)
    line = lines_of(text)[position.line - 1]
    if _is_tab(line, position.column):
        return Problem("syntax", "a tab is used here; YAML is indented with spaces", "", "replace it", position)
    bare = _BARE_TEMPLATE.search(line)
    if bare:
        position = Position(file, position.line, bare.start(1) + 1, len(bare[1].rstrip()))
        return Problem("syntax", "a template needs quotes in YAML", "", TEMPLATE_HINT, position)
    return (
        _look_alike(lines_of(text), error, file)
        or _bracket_in_text(lines_of(text), error, file)
        or Problem("syntax", f"not valid YAML: {words.message}", "", words.hint, position)
    )


def _look_alike(lines: Sequence[str], error: yaml.MarkedYAMLError, file: str) -> Problem | None:
    """The problem of a character that is no space and looks like one, in a line of the error or in that before it."""
    marked = {mark.line for mark in (error.problem_mark, error.context_mark) if mark}
    for number in sorted(marked | {max(0, line - 1) for line in marked}, reverse=True):
        found = _NO_SPACE.search(lines[number]) if number < len(lines) else None
        if found:
            message = f"the character U+{ord(found[1]):04X} is no space, and looks like one"
            hint = "write a space; a page or a document from which text is copied may hold such characters"
            return Problem("syntax", message, "", hint, Position(file, number + 1, found.start(1) + 1, 1))
    return None


def _bracket_in_text(lines: Sequence[str], error: yaml.MarkedYAMLError, file: str) -> Problem | None:
    """The problem of a text with a bracket, inside other brackets and without quotes: `{path: $.items[0]}`."""
    mark = error.problem_mark
    if mark is None or mark.line >= len(lines) or "expected ',' or" not in (error.problem or ""):
        return None
    line = lines[mark.line]
    for text in _OPENS_IN_TEXT.finditer(line):
        if text.end() == mark.column:
            position = Position(file, mark.line + 1, text.start() + 1, len(text[0]) + 1)
            message = f"a text with `{line[mark.column]}` needs quotes here"
            return Problem("syntax", message, "", 'put all of it in quotes, as in {path: "$.items[0]"}', position)
    return None


def position_of(mark: Any, file: str, length: int = 1) -> Position:
    """A PyYAML mark, which counts from 0, as a position."""
    return Position(file, mark.line + 1, mark.column + 1, max(length, 1))


def _inside(text: str, position: Position) -> Position:
    """The position, or the text's end: libyaml counts one line more when the last one has no line break."""
    lines = lines_of(text)
    if position.line <= len(lines):
        return position
    return Position(position.file, len(lines), len(lines[-1]) + 1)


def _is_tab(line: str, column: int) -> bool:
    before = line[: column - 1]
    return line[column - 1 : column] == "\t" or ("\t" in before and not before.strip())
