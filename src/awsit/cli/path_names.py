"""Paths in messages and reports."""

from __future__ import annotations

import errno
from pathlib import Path

STANDARD_INPUT = "-"


def shown(path: Path) -> str:
    """The path as a person would type it: from the working folder, where it is below that."""
    working = Path.cwd()
    return str(path.relative_to(working)) if path.is_relative_to(working) else str(path)


def is_piped(name: str) -> bool:
    """Whether a word is the standard input, or a pipe that a shell made: `<(command)`. It is read once.

    A pipe in any other folder is not opened: it may never have a writer.
    """
    is_of_process = name == "/dev/stdin" or name.startswith(("/dev/fd/", "/proc/self/fd/"))
    return name == STANDARD_INPUT or (is_of_process and Path(name).is_fifo())


def leads_somewhere(name: str) -> bool:
    """Whether a word is the path of a file or folder; the name of a row of a matrix may be too long to be one."""
    try:
        return Path(name).exists()
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        return False
