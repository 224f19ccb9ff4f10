"""From paths to scenarios: files, folders, the standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from awsit.cli.session import Session
from awsit.errors import InvalidInputError, NotFoundError
from awsit.model.json import Json

if TYPE_CHECKING:
    from awsit.scenario.reading.source import Source

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class SelectedScenario:
    """A scenario to work with. `place` says where it was found; `source` is None for one from the bucket.

    `rows` names the rows of its matrix that were chosen; empty stands for all.
    """

    document: Json
    place: str
    source: Source | None = None
    rows: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The scenario's own name."""
        return str(self.document.get("name", "")) if isinstance(self.document, dict) else ""

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags; empty where the document has none, or is not valid."""
        metadata = self.document.get("metadata") if isinstance(self.document, dict) else None
        tags = metadata.get("tags") if isinstance(metadata, dict) else None
        return tuple(str(tag) for tag in tags) if isinstance(tags, list) else ()


def of_paths(session: Session, paths: Sequence[str]) -> list[SelectedScenario]:
    """The scenarios in files and folders."""
    return list(each(files_of(session, paths), lambda file: [of_file(session, file)]))


def files_of(session: Session, paths: Iterable[str], *, libraries: bool = False) -> Iterator[str]:
    """The scenario files that the paths name, folders searched; library files too if wanted. Raises NotFoundError."""
    from awsit.cli.selection.discovery import shown
    from awsit.scenario.reading.discover import scenario_files

    for path in paths:
        if path == STANDARD_INPUT or Path(path).is_file():
            yield path
        elif Path(path).is_dir():
            yield from _scenarios_in(session, path, map(shown, scenario_files(Path(path))), libraries=libraries)
        else:
            raise _no_such_path(Path(path))


def _no_such_path(path: Path) -> NotFoundError:
    from awsit.suggestions import close_matches

    if path.is_symlink():
        return NotFoundError(f"{path} is a link that leads to no file", hint="let it point to a file, or remove it")
    siblings = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
    close = [str(path.parent / name) for name in close_matches(path.name, siblings)]
    hint = f"did you mean {' or '.join(close)}?" if close else "check the path"
    return NotFoundError(f"there is no file or folder {path}", hint=hint)


def _scenarios_in(session: Session, folder: str, files: Iterable[str], *, libraries: bool) -> Iterator[str]:
    """The files that are scenarios; those that cannot be read and might be ones are shown with what is wrong."""
    found = False
    for file in files:
        if _is_wanted(session, file, libraries=libraries):
            found = True
            yield file
    if not found:
        raise NotFoundError(
            f"there is no scenario in the folder {folder}",
            hint="a scenario is a .yaml, .yml or .json file with actions",
        )


def _is_wanted(session: Session, file: str, *, libraries: bool) -> bool:
    from awsit.scenario.library.library import is_library
    from awsit.scenario.reading.discover import is_scenario, may_be_scenario
    from awsit.scenario.reading.load import load_file

    try:
        source = load_file(file)
    except InvalidInputError:
        return may_be_scenario(Path(file))
    wanted = is_scenario(source.document) or (libraries and is_library(source.document))
    if wanted:
        session.read_ahead[file] = source
    return wanted


def read(session: Session, file: str) -> Source:
    """What a file, or the standard input, holds; the latter's text is kept for messages."""
    from awsit.scenario.reading.load import decode, load_file, load_text

    if file in session.read_ahead:
        return session.read_ahead.pop(file)
    if file != STANDARD_INPUT:
        return load_file(file)
    if STANDARD_INPUT not in session.sources:
        session.sources[STANDARD_INPUT] = decode(sys.stdin.buffer.read())
    return load_text(session.sources[STANDARD_INPUT])


def chosen_of(session: Session, source: Source) -> SelectedScenario:
    """The scenario of a source, with its defaults and what it uses from libraries. Raises InvalidInputError."""
    from awsit.scenario.library.expand import expand
    from awsit.scenario.library.library import is_library

    if is_library(source.document):
        hint = "scenarios take its actions with `use`; `awsit validate` checks it"
        raise InvalidInputError(f"{source.file} is a library, not a scenario", code="is_library", hint=hint)
    expanded = expand(source, session.libraries)
    return SelectedScenario(expanded.document, expanded.file, expanded)


def of_file(session: Session, file: str) -> SelectedScenario:
    """The scenario in a file, or on the standard input. Raises InvalidInputError."""
    return chosen_of(session, read(session, file))


def each(names: Iterable[str], find: Callable[[str], Iterable[SelectedScenario]]) -> Iterator[SelectedScenario]:
    """What each name stands for; the problems of several files are raised together."""
    problems: list[InvalidInputError] = []
    for name in names:
        try:
            yield from find(name)
        except InvalidInputError as error:
            problems.append(error)
    if len(problems) == 1:
        raise problems[0]
    if problems:
        together = tuple(problem for error in problems for problem in error.problems)
        raise InvalidInputError("; ".join(error.message for error in problems), together, hint=problems[0].hint)
