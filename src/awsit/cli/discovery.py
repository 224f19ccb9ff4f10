"""Scenario files in folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from awsit.errors import InvalidInputError, NotFoundError
from awsit.model.json import Json

if TYPE_CHECKING:
    from awsit.scenario.source import Source

ENDINGS = frozenset({".yaml", ".yml", ".json"})
OF_A_SCENARIO = frozenset({"name", "actions", "setup", "assertions"})
"""A document in a folder that has none of these keys is something else: a template, a package file."""


def files_in(folder: Path, *, deep: bool = True) -> list[Path]:
    """The YAML and JSON files of a folder in order of their paths; those of hidden folders are left out."""
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name == "node_modules":
            continue
        if path.is_dir() and deep:
            found.extend(files_in(path))
        elif path.suffix.lower() in ENDINGS and path.is_file():
            found.append(path)
    return found


def is_scenario(document: Json) -> bool:
    """Whether a document is meant to be a scenario."""
    return isinstance(document, Mapping) and not OF_A_SCENARIO.isdisjoint(document)


def project_scenarios(folders: Iterable[Path], root: Path) -> Iterator[Source]:
    """The scenarios of the project's folders that can be read; the root's own files only, not those below it.

    Other files are passed over: a project is full of YAML and JSON.
    """
    from awsit.scenario.load import load_file

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
        files = files_in(folder, deep=folder.resolve() != root.resolve()) if folder.is_dir() else []
        for path in files:
            if path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def shown(path: Path) -> str:
    """The path as a person would type it: from the working folder, where it is below that."""
    working = Path.cwd()
    return str(path.relative_to(working)) if path.is_relative_to(working) else str(path)
