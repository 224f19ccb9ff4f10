"""Where the text of a configuration file names its settings, and where it says their values."""

from __future__ import annotations

import re
from pathlib import Path

from awsit.errors import Position
from awsit.patterns import lazy_pattern

VALUE = lazy_pattern(
    r"""[ \t]*["']?[ \t]*=[ \t]*("(?:[^"\\\n]|\\.)*"(?!")|'[^'\n]*'(?!')|\[[^\[\]#\n]*\]|\{[^{}#\n]*\}|[\w.:+-]+)"""
)
"""What follows the name of a setting: a value that ends in its line (TOML 1.0, "Key/Value Pair")."""


def position_of(name: str, path: Path, text: str) -> Position | None:
    """Where a configuration file with that text names a setting."""
    match = _named(name, text)
    return _position(match, path, text) if match else None


def value_position(name: str, path: Path, text: str) -> Position | None:
    """Where the file says the value of a setting; where it names the setting, if the value takes several lines."""
    key = _named(name, text)
    value = VALUE.match(text, key.end(1)) if key else None
    return _position(value, path, text) if value else position_of(name, path, text)


def _named(name: str, text: str) -> re.Match[str] | None:
    return re.search(rf"^[ \t]*\[{{0,2}}[ \t]*[\"']?({re.escape(name)})\b", text, re.MULTILINE)


def _position(match: re.Match[str], path: Path, text: str) -> Position:
    """The position of the first group of a match."""
    begin, end = match.span(1)
    line_begins = text.rfind("\n", 0, begin) + 1
    return Position(str(path), text.count("\n", 0, begin) + 1, begin - line_begins + 1, end - begin)
