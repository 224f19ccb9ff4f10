"""The console of a terminal, or of what is to be written like one: texts have their styles there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TextIO

from rich import text as rich_text
from rich.console import Console as RichConsole
from rich.segment import Segment

from awsit.model.text.visible import has_control, visible, without_commands
from awsit.reporting.terminal.terminal import Console, is_ci
from awsit.reporting.terminal.text import Text


class _TextConsole(RichConsole):
    """A console to which everything that it is given is text, also what nobody has made `plain` before.

    Lines that begin like a command to a CI server are found here once more: wrapping makes new beginnings.
    """

    def _render_buffer(self, buffer: Iterable[Segment]) -> str:
        return without_commands(super()._render_buffer(map(_as_text, buffer)))


def _as_text(segment: Segment) -> Segment:
    if segment.control or not has_control(segment.text):
        return segment
    return Segment(visible(segment.text), segment.style)


class StyledConsole(Console):
    """A console that writes through rich, without markup, emoji or highlighting of its own.

    It follows NO_COLOR, FORCE_COLOR, TERM and COLUMNS of the environment `variables`, and is not interactive with CI.
    """

    def __init__(
        self, variables: Mapping[str, str], *, stderr: bool = False, color: bool = True, file: TextIO | None = None
    ) -> None:
        super().__init__(variables, stderr=stderr, file=file)
        self.rich: RichConsole = _TextConsole(
            stderr=stderr,
            file=file,
            no_color=None if color else True,
            force_interactive=False if is_ci(variables) else None,
            highlight=False,
            markup=False,
            emoji=False,
            _environ={**variables, "COLUMNS": str(self._columns or "")},  # rich would write nothing into 0 columns
        )

    @property
    def is_terminal(self) -> bool:
        """Whether a person reads it on a screen, or it is to be written as if."""
        return self.rich.is_terminal

    @property
    def width(self) -> int:
        """The columns of a line."""
        return self.rich.width

    @property
    def live(self) -> RichConsole | None:
        """What redraws lines."""
        rich = self.rich
        redraws = rich.is_interactive and rich.file.isatty() and not rich.is_dumb_terminal and not rich.no_color
        return rich if redraws else None

    def write(self, text: Text) -> None:
        """Write a text and end the line."""
        self.rich.print(as_rich(text), soft_wrap=True)


def as_rich(text: Text) -> rich_text.Text:
    """The text as rich has it."""
    made = rich_text.Text(style=text.style)
    for part, style in text.parts:
        made.append(part, style=style or None)
    return made
