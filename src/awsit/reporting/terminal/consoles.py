"""The console for a stream: a terminal has styles, and what is piped has none."""

from __future__ import annotations

from collections.abc import Mapping

from awsit.reporting.terminal.terminal import Console


def make_console(variables: Mapping[str, str], *, stderr: bool = False, color: bool = True) -> Console:
    """The console for the standard output, or standard error.

    The environment `variables` may say that it is to be written as a terminal, or not: TTY_COMPATIBLE, FORCE_COLOR.
    """
    console = Console(variables, stderr=stderr)
    if not _has_styles(console, variables):
        return console
    from awsit.reporting.terminal.styled import StyledConsole  # brings rich, which is slow to import

    return StyledConsole(variables, stderr=stderr, color=color)


def _has_styles(console: Console, variables: Mapping[str, str]) -> bool:
    """As rich sees it."""
    if (compatible := variables.get("TTY_COMPATIBLE")) in {"0", "1"}:
        return compatible == "1"
    if (forced := variables.get("FORCE_COLOR")) is not None:
        return forced != ""
    return console.file.isatty()
