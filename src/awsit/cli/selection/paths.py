"""A file that a command is to read, or the standard input."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from awsit.cli.path_names import STANDARD_INPUT, is_piped
from awsit.cli.session import Session
from awsit.errors import InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from awsit.scenario.reading.source import Source

T = TypeVar("T")

MOST_HELD = 100
"""Files, and scenarios, that a command holds while it goes through folders."""


class InputFile(Struct, frozen=True):
    """A file that was named, or found in a folder that was: what it holds, or why it cannot be read."""

    name: str
    content: Source | InvalidInputError | NotFoundError

    def source(self) -> Source:
        """The content, if it could be read. Raises InvalidInputError or NotFoundError."""
        if isinstance(self.content, Exception):
            raise self.content
        return self.content


class RecentFiles:
    """Reads files. Those that were read last are held, for they may be read again; all of a folder may be too many."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._held: dict[str, InputFile] = {}

    def read(self, name: str) -> InputFile:
        """What the file holds, or why it cannot be read."""
        if name not in self._held:
            make_room(self._held)
            self._held[name] = read_file(self._session, name)
        return self._held[name]


def make_room(held: dict[str, T]) -> None:
    """Let go of what has been held longest, where there is as much as there may be."""
    if len(held) == MOST_HELD:
        del held[next(iter(held))]


def read_file(session: Session, name: str) -> InputFile:
    """Read a file, or what is piped, whose text the session keeps for messages and for a second read."""
    from awsit.scenario.limits import MAX_FILE_BYTES
    from awsit.scenario.reading.load import decode, load_file, load_text

    try:
        if not is_piped(name):
            return InputFile(name, load_file(name))
        if name not in session.sources:
            with nullcontext(sys.stdin.buffer) if name == STANDARD_INPUT else Path(name).open("rb") as pipe:
                session.sources[name] = decode(pipe.read(MAX_FILE_BYTES + 1), name)
        return InputFile(name, load_text(session.sources[name], name))
    except (InvalidInputError, NotFoundError) as error:
        return InputFile(name, error)


def no_such_path(path: Path, elsewhere: str = "") -> NotFoundError:
    """The error for a path that leads nowhere, with near names. `elsewhere` is a file that may have been meant."""
    if path.is_symlink():
        return NotFoundError(f"{path} is a link that leads to no file", hint="let it point to a file, or remove it")
    if path.exists():
        return NotFoundError(f"{path} is neither a file nor a folder", hint="name a file, a folder, or a scenario")
    close = " or ".join(map(str, _near(path))) or elsewhere
    return NotFoundError(
        f"there is no file or folder {path}", hint=f"did you mean {close}?" if close else "check the path"
    )


def _near(path: Path) -> list[Path]:
    """What is there under a name like that of the path, or in a folder with a name like that of its folder."""
    from awsit.suggestions import close_matches

    if path.parent.is_dir():
        there = sorted(path.parent.iterdir())
        stems = close_matches(path.stem, [each.stem for each in there])  # endings alone make no names alike
        return [each for stem in stems for each in there if each.stem == stem]
    return [folder / path.name for folder in _near(path.parent) if (folder / path.name).exists()]
