"""The scenarios of the project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from awsit.cli.path_names import shown
from awsit.errors import InvalidInputError, NotFoundError
from awsit.scenario.reading.discover import ENDINGS, is_scenario, scenario_files
from awsit.scenario.reading.load import load_file
from awsit.scenario.reading.source import Source


def project_scenarios(folders: Iterable[Path], root: Path) -> Iterator[Source]:
    """The scenarios of the project's folders that can be read; the root's own files only, not those below it.

    Other files are passed over: a project is full of YAML and JSON.
    """
    for path in _project_files(folders, root):
        try:
            source = load_file(shown(path))
        except (InvalidInputError, NotFoundError):
            continue
        if is_scenario(source.document):
            yield source


def named(name: str, folders: Iterable[Path], root: Path) -> str | None:
    """The file whose own name is `name`, without its ending; None when there is none."""
    return next((shown(path) for path in _project_files(folders, root) if path.stem == name), None)


def _project_files(folders: Iterable[Path], root: Path) -> Iterator[Path]:
    seen: set[Path] = set()
    for folder in folders:
        for path in _own_files(folder) if folder.resolve() == root.resolve() else scenario_files(folder):
            if path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def _own_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and path.is_file())
