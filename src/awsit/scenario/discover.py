"""Scenario files in folders, by name and as a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from awsit.errors import InvalidInputError, NotFoundError, Problem
from awsit.expressions.near import near
from awsit.model.json import Json
from awsit.scenario.load import load_file
from awsit.scenario.source import Source

ENDINGS = frozenset({".yaml", ".yml", ".json"})
_ACTIONS_KEY = re.compile(r"""(?:^\s*|[{,]\s*)["']?actions["']?\s*:""", re.MULTILINE)
_PASSED_OVER = frozenset({"node_modules"})


@dataclass(frozen=True, slots=True)
class ScenarioEntry:
    """One scenario of a folder. `problems` is why it cannot be read; then `name` is the file's, and the rest empty."""

    name: str
    path: Path
    description: str = ""
    tags: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A scenario that was named, and the file that it is in."""

    source: Source
    path: Path


def find(name_or_path: str, folders: Iterable[Path]) -> Found:
    """The scenario in that file, else the one of that name in the folders; a file's own name does as well.

    Raises NotFoundError with the near names, and InvalidInputError for a file that cannot be read.
    """
    path = Path(name_or_path)
    if path.is_file() or path.suffix.lower() in ENDINGS:
        return Found(load_file(path), path)
    entries = [entry for folder in folders for entry in list_scenarios(folder)]
    named = [entry for entry in entries if entry.name == name_or_path]
    named = named or [entry for entry in entries if entry.path.stem == name_or_path]
    if not named:
        raise _not_found(name_or_path, entries)
    if len(named) > 1:
        places = " and ".join(str(entry.path) for entry in named)
        raise InvalidInputError(
            f"{places} are both called `{name_or_path}`", code="ambiguous_name", hint="name the file instead"
        )
    return Found(load_file(named[0].path), named[0].path)


def list_scenarios(folder: Path) -> list[ScenarioEntry]:
    """The scenarios in a folder and below it, in order of their paths. YAML and JSON of other kinds is passed over."""
    return [entry for path in scenario_files(folder) if (entry := _entry(path)) is not None]


def scenario_files(folder: Path) -> Iterator[Path]:
    """The YAML and JSON files in a folder and below it, in order; hidden files and folders are passed over."""
    for path in _inside(folder):
        if path.name.startswith(".") or path.name in _PASSED_OVER:
            continue
        if path.is_dir() and not path.is_symlink():
            yield from scenario_files(path)
        elif path.suffix.lower() in ENDINGS and path.is_file():
            yield path


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:  # no folder, or one that is closed to this user: nothing to run in it
        return []


def is_scenario(document: Json) -> bool:
    """Whether a document is meant to be a scenario: a mapping with `actions`."""
    return isinstance(document, Mapping) and "actions" in document


def _entry(path: Path) -> ScenarioEntry | None:
    try:
        document = load_file(path).document
    except InvalidInputError as error:
        return ScenarioEntry(path.stem, path, problems=error.problems) if _may_be_scenario(path) else None
    if not is_scenario(document):
        return None
    metadata = document.get("metadata")
    return ScenarioEntry(
        name=_text(document.get("name")) or path.stem,
        path=path,
        description=_text(document.get("description")),
        tags=tuple(map(str, _list(metadata.get("tags") if isinstance(metadata, Mapping) else None))),
        actions=tuple(_text(each.get("name")) for each in _list(document["actions"]) if isinstance(each, Mapping)),
    )


def _may_be_scenario(path: Path) -> bool:
    """A file that cannot be read is still worth a message if a person would say that it is a scenario."""
    try:
        return bool(_ACTIONS_KEY.search(path.read_bytes().decode(errors="replace")))
    except OSError:
        return False


def _not_found(name: str, entries: list[ScenarioEntry]) -> NotFoundError:
    close = near(name, {entry.name for entry in entries})
    hint = (
        f"did you mean {' or '.join(f'`{each}`' for each in close)}?" if close else "`awsit list-scenarios` lists them"
    )
    return NotFoundError(f"there is no scenario `{name}`", hint=hint)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
