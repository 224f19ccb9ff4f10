"""Library files, found and read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING

from awsit.errors import InvalidInputError
from awsit.scenario.reading.discover import may_be_scenario, scenario_files
from awsit.scenario.reading.kinds import is_library
from awsit.scenario.reading.load import load_file
from awsit.scenario.reading.source import Source

if TYPE_CHECKING:
    from awsit.scenario.library.library import Library


class Libraries:
    """Reads library files, each once. Every file may use those of the project: `places` are its files and folders."""

    def __init__(self, places: Iterable[Path] = ()) -> None:
        self._places = tuple(places)
        self._read: dict[Path, Library | None] = {}

    def of_project(self) -> list[Library]:
        """The project's libraries. Raises NotFoundError or InvalidInputError."""
        return self._of_project

    @cached_property
    def _of_project(self) -> list[Library]:
        return [library for place in self._places for library in self._at(place)]

    def named(self, entry: str, file: str) -> list[Library]:
        """The libraries that `libraries: [entry]` in a file names. Raises NotFoundError or InvalidInputError."""
        return self._at(Path(normpath(Path(file).parent / entry)))

    def _at(self, path: Path) -> list[Library]:
        folder = _is_folder(path)
        files = list(self._in_folder(path)) if folder else [self._library(path)]
        libraries = [library for library in files if library is not None]
        if not libraries:
            message = f"there is no library in the folder {path}" if folder else f"{path} is not a library"
            hint = "a library file begins with `library: its_name`"
            raise InvalidInputError(message, code="not_a_library", hint=hint)
        return libraries

    def _in_folder(self, folder: Path) -> Iterator[Library]:
        for path in scenario_files(folder):
            library = self._library(path)
            if library is not None and (library.source.document is not None or may_be_scenario(path)):
                yield library

    def _library(self, path: Path) -> Library | None:
        """The library in a file; None for another kind of file. Raises NotFoundError."""
        from awsit.scenario.library.library import Library, read_library  # many projects have none

        if path not in self._read:
            try:
                source = load_file(path)
            except InvalidInputError as error:
                self._read[path] = Library(path.stem, Source(None, str(path)), error.problems)
            else:
                self._read[path] = read_library(source) if is_library(source.document) else None
        return self._read[path]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError as error:  # a name that is too long
        raise InvalidInputError(f"{path} cannot be opened: {error.strerror}", code="not_a_library") from error
