"""The project of a scenario: the folder that its files must be in, and the contract that it gives to its scenarios."""

from __future__ import annotations

import os
import stat
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from awsit.errors import Position
from awsit.model.files import MAX_FILE_BYTES
from awsit.records import replace
from awsit.scenario.reading.source import Source, SourcePosition
from awsit.suggestions import close_matches


class FileProblem(Exception):
    """Why a name stands for no file that can be used. `position`: in that file, or in one that leads to it."""

    def __init__(self, message: str, hint: str, position: Position | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.position = position


class ProjectContract(Struct, frozen=True):
    """The `contract` of a project: the absolute path of the document, and where the project names it."""

    path: Path
    named_at: Position

    def given_to(self, source: Source) -> Source:
        """The scenario with this contract, its path relative to the file in which it is named, as all of them are."""
        name = Path(os.path.relpath(self.path, Path(self.named_at.file).parent.absolute())).as_posix()
        positions = {**source.positions, "contract": SourcePosition(self.named_at)}
        return replace(source, document={**source.document, "contract": name}, positions=positions)


class ProjectFolder:
    """The folder that a scenario's files must be in: the project's `root`, if the scenario is in it, else its own."""

    def __init__(self, home: Path, root: Path | None) -> None:
        """`home` is the scenario's folder."""
        self._home = home
        self._given = root

    @property
    def is_in_project(self) -> bool:
        """Whether the scenario is in the project."""
        return self._given is not None and self._root == self._given.resolve()

    @cached_property
    def _root(self) -> Path:
        """Most scenarios name no file, so that nobody asks for it."""
        resolved, root = self._home.resolve(), self._given and self._given.resolve()
        return root if root and resolved.is_relative_to(root) else resolved

    def shown(self, name: str) -> str:
        """The path of that name as messages show it, from where the scenario's own path begins."""
        return os.path.normpath(self._home / name)

    def find(self, name: str) -> Path:
        """The file of that name, free of links. Raises FileProblem."""
        real, status = self._inside(name, "file")
        shown = self.shown(name)
        if not stat.S_ISREG(status.st_mode):
            raise FileProblem(f"{shown} is not a regular file", "name a file")
        if status.st_size > MAX_FILE_BYTES:
            limit = f"the limit is {MAX_FILE_BYTES // 1024 // 1024} MiB"
            raise FileProblem(f"{shown} has {status.st_size} bytes; {limit}", "use a smaller file")
        if not os.access(real, os.R_OK):
            raise FileProblem(f"{shown} may not be read", "check its permissions")
        return real

    def entries(self, name: str) -> dict[str, bool]:
        """What is in the folder of that name, in order, and whether each is a folder. Raises FileProblem."""
        real, status = self._inside(name, "folder")
        if not stat.S_ISDIR(status.st_mode):
            raise FileProblem(f"{self.shown(name)} is not a folder", "name a folder")
        try:
            return {path.name: path.is_dir() for path in sorted(real.iterdir())}
        except OSError as error:
            raise FileProblem(f"{self.shown(name)} may not be read", "check its permissions") from error

    def _inside(self, name: str, kind: str) -> tuple[Path, os.stat_result]:
        """What is there by that name, free of links."""
        if not name or "\0" in name or Path(name).is_absolute():
            raise FileProblem(f"{name!r} is no relative path", "write the path from this file to the other")
        path, shown = self._home / name, self.shown(name)
        try:
            real = path.resolve(strict=True)
            status = real.stat()
        except FileNotFoundError:
            raise FileProblem(f"there is no {kind} {shown}", _similar(path)) from None
        except (OSError, RuntimeError) as error:
            raise FileProblem(f"{shown} cannot be read: {error}", "check its permissions, and links") from error
        if not real.is_relative_to(self._root):
            raise FileProblem(f"{shown} is outside of {self._root}", "a scenario's files are in its project's folder")
        return real, status


def _similar(path: Path) -> str:
    try:
        close = close_matches(path.name, [each.name for each in path.parent.iterdir()])
    except OSError:
        close = ()
    return f"did you mean {' or '.join(close)}?" if close else "its path is relative to the file that names it"
