"""What all output to a terminal is made with: consoles, marks of statuses, numbers with units, escaped text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.segment import Segment
from rich.text import Text

from awsit.model.result import RunStatus, Status
from awsit.model.text.visible import has_control, visible, without_commands

INDENT = "  "

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


class _TextConsole(Console):
    """A console to which everything that it is given is text, also what nobody has made `plain` before.

    Lines that begin like a command to a CI server are found here once more: wrapping makes new beginnings.
    """

    def _render_buffer(self, buffer: Iterable[Segment]) -> str:
        return without_commands(super()._render_buffer(map(_as_text, buffer)))


def _as_text(segment: Segment) -> Segment:
    if segment.control or not has_control(segment.text):
        return segment
    return Segment(visible(segment.text), segment.style)


def is_ci(variables: Mapping[str, str]) -> bool:
    """Whether the environment `variables` are those of a CI server."""
    return variables.get("CI", "").lower() not in {"", "0", "false"}


def make_console(variables: Mapping[str, str], *, stderr: bool = False, color: bool = True) -> Console:
    """A console that adds no markup, emoji or highlighting of its own to a text.

    It follows NO_COLOR, FORCE_COLOR, TERM and COLUMNS of the environment `variables`, and is not interactive with CI.
    """
    return _TextConsole(
        stderr=stderr,
        no_color=None if color else True,
        force_interactive=False if is_ci(variables) else None,
        highlight=False,
        markup=False,
        emoji=False,
        _environ=variables,
    )


def is_live(console: Console) -> bool:
    """Whether lines can be redrawn: the console is a terminal, not in CI, and colours are not turned off."""
    return console.is_interactive and console.file.isatty() and not console.is_dumb_terminal and not console.no_color


def is_ascii(console: Console) -> bool:
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


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 action`, `3 actions`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def show(console: Console, text: Text | str = "", style: str = "") -> None:
    """Write a text. Long lines are left to the terminal to wrap, so that ARNs and URLs can be copied whole."""
    console.print(text, style=style or None, soft_wrap=True, markup=False, highlight=False, emoji=False)
