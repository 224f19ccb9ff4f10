"""What all output to a terminal is made with: consoles, marks of statuses, numbers with units, escaped text."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from awsit.model.result import RunStatus, Status
from awsit.model.text.visible import has_control, visible, without_commands
from awsit.reporting.terminal.text import Text, without_tabs

if TYPE_CHECKING:
    from rich.console import Console as RichConsole

INDENT = "  "
DEFAULT_WIDTH = 80

_SECONDS_SHOWN_BELOW = 59.95
"""What is shorter is shown in seconds with one decimal; from here on that would be 60.0."""
_MINUTES_OF_AN_HOUR = 60

_MARKS = {
    "passed": ("✓", "+", "green"),
    "failed": ("✗", "x", "red"),
    "error": ("!", "!", "red"),
    "timed_out": ("!", "!", "red"),
    "cancelled": ("!", "!", "yellow"),
    "skipped": ("-", "-", "dim"),
    "running": ("»", ">", "cyan"),
}


MOST_DIGITS = 5
"""Digits of a width that is followed: there is no screen of a longer one, and Python reads 4,300 digits at most."""


class Console:
    """Where text for people goes that is piped: it has no styles, and lines as long as they are.

    All that it is given is text, also what nobody has made `plain` before. It follows COLUMNS of the environment
    `variables`, and writes to the standard output, or standard error, unless there is a `file`.
    """

    def __init__(self, variables: Mapping[str, str], *, stderr: bool = False, file: TextIO | None = None) -> None:
        self._stderr = stderr
        self._file = file
        columns = variables.get("COLUMNS", "")
        is_width = columns.isdecimal() and len(columns) <= MOST_DIGITS
        self._columns = (int(columns) if is_width else 0) or None

    @property
    def file(self) -> TextIO:
        """What is written to."""
        return self._file or (sys.stderr if self._stderr else sys.stdout)

    @property
    def is_terminal(self) -> bool:
        """Whether a person reads it on a screen, which breaks long lines."""
        return False

    @property
    def width(self) -> int:
        """The columns of a line; those of the terminal that the process has, if any, also where it does not write."""
        if self._columns is not None:
            return self._columns
        for descriptor in (0, 1, 2):
            with suppress(OSError):
                return os.get_terminal_size(descriptor).columns or DEFAULT_WIDTH
        return DEFAULT_WIDTH

    @property
    def encoding(self) -> str:
        """The encoding of what is written."""
        return self.file.encoding or "utf-8"

    @property
    def live(self) -> RichConsole | None:
        """What redraws lines: None unless this is a terminal, not in CI, and colours are not turned off."""
        return None

    def write(self, text: Text) -> None:
        """Write a text and end the line."""
        line = f"{without_tabs(text.plain)}\n"
        self.file.write(visible(line) if has_control(line) else without_commands(line))
        self.file.flush()


def is_ci(variables: Mapping[str, str]) -> bool:
    """Whether the environment `variables` are those of a CI server."""
    return variables.get("CI", "").lower() not in {"", "0", "false"}


def is_ascii(console: Console | RichConsole) -> bool:
    """Whether the console can show only ASCII."""
    return not console.encoding.lower().startswith("utf")


def mark(status: Status | RunStatus, console: Console) -> Text:
    """A character for the status, which differs without colour too."""
    sign, ascii_sign, style = _MARKS[status.value]
    return Text().append(ascii_sign if is_ascii(console) else sign, style=style)


def style_of(status: Status | RunStatus) -> str:
    """The colour of a status."""
    return _MARKS[status.value][2]


def plain(text: object) -> str:
    """The text for people, as `visible` shows it."""
    return visible(str(text))


def duration(seconds: float) -> str:
    """Seconds in units for people: `0.21 s`, `4.3 s`, `1 m 04 s`, `2 h 03 m`."""
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < _SECONDS_SHOWN_BELOW:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < _MINUTES_OF_AN_HOUR:
        return f"{minutes} m {rest:02} s"
    return f"{minutes // _MINUTES_OF_AN_HOUR} h {minutes % _MINUTES_OF_AN_HOUR:02} m"


def show(console: Console, text: Text | str = "", style: str = "") -> None:
    """Write a text. Long lines are left to the terminal to wrap, so that ARNs and URLs can be copied whole."""
    console.write(Text(style=style).append_text(text if isinstance(text, Text) else Text(text)))
