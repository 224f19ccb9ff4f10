"""From paths to the files that hold scenarios: files, folders, the standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from awsit.cli.path_names import shown
from awsit.cli.session import Session
from awsit.errors import InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from awsit.scenario.reading.source import Source

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was named, or found in a folder that was: what it holds, or why it cannot be read."""

    name: str
    content: Source | InvalidInputError | NotFoundError

    def source(self) -> Source:
        """The content, if it could be read. Raises InvalidInputError or NotFoundError."""
        if isinstance(self.content, Exception):
            raise self.content
        return self.content


def read_file(session: Session, name: str) -> InputFile:
    """Read a file, or the standard input, whose text the session keeps for messages and for a second read."""
    from awsit.scenario.reading.load import decode, load_file, load_text

    try:
        if name != STANDARD_INPUT:
            return InputFile(name, load_file(name))
        if STANDARD_INPUT not in session.sources:
            session.sources[STANDARD_INPUT] = decode(sys.stdin.buffer.read())
        return InputFile(name, load_text(session.sources[STANDARD_INPUT]))
    except (InvalidInputError, NotFoundError) as error:
        return InputFile(name, error)


def files_of(read: Callable[[str], InputFile], paths: Iterable[str], *, libraries: bool = False) -> Iterator[InputFile]:
    """The scenario files that the paths name, folders searched; library files too if wanted. Raises NotFoundError."""
    from awsit.scenario.reading.discover import scenario_files

    for path in paths:
        if path == STANDARD_INPUT or Path(path).is_file():
            yield read(path)
        elif Path(path).is_dir():
            files = (read(shown(file)) for file in scenario_files(Path(path)))
            yield from _scenarios_in(path, files, libraries=libraries)
        else:
            raise _no_such_path(Path(path))


def _scenarios_in(folder: str, files: Iterable[InputFile], *, libraries: bool) -> Iterator[InputFile]:
    """The files of a folder that are scenarios, and those that cannot be read and might be. Raises NotFoundError."""
    is_empty = True
    for file in files:
        if _is_wanted(file, libraries=libraries):
            is_empty = False
            yield file
    if is_empty:
        raise NotFoundError(
            f"there is no scenario in the folder {folder}",
            hint="a scenario is a .yaml, .yml or .json file with actions",
        )


def _is_wanted(file: InputFile, *, libraries: bool) -> bool:
    from awsit.scenario.library.library import is_library
    from awsit.scenario.reading.discover import is_scenario, may_be_scenario

    if isinstance(file.content, Exception):
        return may_be_scenario(Path(file.name))
    document = file.content.document
    return is_scenario(document) or (libraries and is_library(document))


def _no_such_path(path: Path) -> NotFoundError:
    from awsit.suggestions import close_matches

    if path.is_symlink():
        return NotFoundError(f"{path} is a link that leads to no file", hint="let it point to a file, or remove it")
    siblings = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
    close = [str(path.parent / name) for name in close_matches(path.name, siblings)]
    hint = f"did you mean {' or '.join(close)}?" if close else "check the path"
    return NotFoundError(f"there is no file or folder {path}", hint=hint)
