"""From what a person names to scenarios: files, folders, names in the project's folders, names in the bucket."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from awsit.cli.session import Session
from awsit.config import LOCAL, Settings
from awsit.errors import EnvironmentFailure, InvalidInputError, NotFoundError, UsageError
from awsit.model.json import Json

if TYPE_CHECKING:
    from awsit.scenario.source import Source

STANDARD_INPUT = "-"
NOTHING_THERE = {"stack_not_deployed", "sandbox_not_running"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A scenario to work with. `place` says where it was found; `source` is None for one from the bucket."""

    document: Json
    place: str
    source: Source | None = None

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


def choose(session: Session, settings: Settings, wanted: Sequence[str], tags: Sequence[str] = ()) -> list[Chosen]:
    """The scenarios that were named, in that order; with tags, those that have one of them.

    Raises NotFoundError, and InvalidInputError with the problems of every file that cannot be read.
    """
    found = list(_each(wanted, lambda name: _named(session, settings, name)))
    if not tags:
        return found
    kept = [scenario for scenario in found if set(tags) & set(scenario.tags)]
    if not kept:
        known = sorted({tag for scenario in found for tag in scenario.tags})
        raise NotFoundError(
            f"none of {len(found)} scenarios has the tag {' or '.join(tags)}",
            hint=f"their tags are {', '.join(known)}" if known else "they have no tags",
        )
    return kept


def of_paths(session: Session, paths: Sequence[str]) -> list[Chosen]:
    """The scenarios in files and folders."""
    return list(_each(files_of(paths), lambda file: [_of_file(session, file)]))


def files_of(paths: Iterable[str], *, libraries: bool = False) -> list[str]:
    """The scenario files that the paths name, folders searched; library files too if wanted. Raises NotFoundError."""
    from awsit.cli.discovery import shown
    from awsit.scenario.discover import scenario_files

    files: list[str] = []
    for path in paths:
        if path == STANDARD_INPUT or Path(path).is_file():
            files.append(path)
        elif Path(path).is_dir():
            files.extend(_scenarios_in(path, map(shown, scenario_files(Path(path))), libraries=libraries))
        else:
            raise _no_such_path(Path(path))
    return files


def _no_such_path(path: Path) -> NotFoundError:
    from awsit.expressions.near import near

    siblings = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
    close = [str(path.parent / name) for name in near(path.name, siblings)]
    hint = f"did you mean {' or '.join(close)}?" if close else "check the path"
    return NotFoundError(f"there is no file or folder {path}", hint=hint)


def _scenarios_in(folder: str, files: Iterable[str], *, libraries: bool) -> list[str]:
    """The files that are scenarios; those that cannot be read and might be ones are shown with what is wrong."""
    found = [file for file in files if _is_wanted(file, libraries=libraries)]
    if not found:
        raise NotFoundError(
            f"there is no scenario in the folder {folder}",
            hint="a scenario is a .yaml, .yml or .json file with actions",
        )
    return found


def _is_wanted(file: str, *, libraries: bool) -> bool:
    from awsit.scenario.discover import is_scenario, may_be_scenario
    from awsit.scenario.library import is_library
    from awsit.scenario.load import load_file

    try:
        document = load_file(file).document
    except InvalidInputError:
        return may_be_scenario(Path(file))
    return is_scenario(document) or (libraries and is_library(document))


def read(session: Session, file: str) -> Source:
    """What a file, or the standard input, holds; the latter's text is kept for messages."""
    from awsit.scenario.load import load_file, load_text

    if file != STANDARD_INPUT:
        return load_file(file)
    text = session.sources.setdefault(STANDARD_INPUT, sys.stdin.read())
    return load_text(text)


def chosen_of(session: Session, source: Source) -> Chosen:
    """The scenario of a source, with its defaults and what it uses from libraries. Raises InvalidInputError."""
    from awsit.scenario.expand import expand
    from awsit.scenario.library import is_library

    if is_library(source.document):
        hint = "scenarios take its actions with `use`; `awsit validate` checks it"
        raise InvalidInputError(f"{source.file} is a library, not a scenario", code="is_library", hint=hint)
    expanded = expand(source, session.libraries)
    return Chosen(expanded.document, expanded.file, expanded)


def _of_file(session: Session, file: str) -> Chosen:
    return chosen_of(session, read(session, file))


def _named(session: Session, settings: Settings, name: str) -> list[Chosen]:
    """What one argument of `run` stands for."""
    if name == STANDARD_INPUT or Path(name).exists() or _is_path(name):
        return of_paths(session, [name])
    return [_in_project(session, settings, name) or _in_bucket(session, settings, name)]


def _is_path(name: str) -> bool:
    return "/" in name or Path(name).suffix.lower() in {".yaml", ".yml", ".json"}


def _in_project(session: Session, settings: Settings, name: str) -> Chosen | None:
    from awsit.cli.discovery import named, project_scenarios

    found = [
        source for source in project_scenarios(settings.scenarios, settings.root) if source.document.get("name") == name
    ]
    if len(found) > 1:
        places = " and ".join(source.file for source in found)
        raise UsageError(f"{places} are both called {name!r}", code="ambiguous_name", hint="name the file instead")
    if found:
        return chosen_of(session, found[0])
    file = named(name, settings.scenarios, settings.root)
    return _of_file(session, file) if file else None


def _in_bucket(session: Session, settings: Settings, name: str) -> Chosen:
    """The pushed scenario. Raises NotFoundError with the near names of the project and of the bucket."""
    if settings.engine == LOCAL and not (settings.stack or settings.state_machine_arn):
        raise _unknown(settings, name, [])
    try:
        store = session.wiring.scenario_store(settings)
        return Chosen(store.get(name), f"{name} in the bucket")
    except NotFoundError:
        raise _unknown(settings, name, list(store.names()), "the stack's bucket") from None
    except EnvironmentFailure as failure:
        if settings.sandbox and failure.code in NOTHING_THERE:
            raise _unknown(settings, name, [], "the sandbox, where nothing is deployed") from None
        raise


def _unknown(settings: Settings, name: str, pushed: list[str], elsewhere: str = "") -> NotFoundError:
    from awsit.cli.discovery import project_scenarios, shown
    from awsit.expressions.near import near

    local = [str(source.document.get("name", "")) for source in project_scenarios(settings.scenarios, settings.root)]
    folders = [shown(folder) for folder in settings.scenarios if folder.is_dir()]
    places = ["this folder" if folder == "." else folder for folder in folders] + ([elsewhere] if elsewhere else [])
    where = f"in {' or '.join(places)}" if places else ""
    close = near(name, [*local, *pushed])
    hint = f"did you mean {' or '.join(close)}?" if close else "`awsit list-scenarios` shows what there is"
    return NotFoundError(f"there is no scenario {name!r} {where}".rstrip(), hint=hint)


def _each(names: Iterable[str], find: Callable[[str], Iterable[Chosen]]) -> Iterator[Chosen]:
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
