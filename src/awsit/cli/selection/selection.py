"""From what a person names to scenarios: paths, names and patterns in the project, names in the bucket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from awsit.cli.path_names import is_piped, leads_somewhere, shown
from awsit.cli.patterns import base_name, is_pattern
from awsit.cli.selection.folders import (
    Folders,
    file_named,
    files_of,
    is_around_scenarios,
    nothing_in_project,
    project_files,
)
from awsit.cli.selection.matrix_rows import labels_of, rows_like
from awsit.cli.selection.paths import RecentFiles, make_room
from awsit.cli.selection.selected import SelectedScenario, raise_together, scenario_of, select_each
from awsit.cli.selection.tags import Tags
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.errors import EnvironmentFailure, InvalidInputError, NotFoundError, UsageError
from awsit.model.json import Json
from awsit.records import replace
from awsit.scenario.reading.kinds import is_scenario
from awsit.scenario.reading.source import Source

NOTHING_THERE = {"stack_not_deployed", "sandbox_not_running"}


class Selector:
    """Finds the scenarios that a person names. The files that were read last are not read again when they are named."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self._session = session
        self._settings = settings
        self._read = RecentFiles(session).read
        self._scenarios: dict[str, SelectedScenario] = {}

    def select(self, names: Sequence[str], tags: Tags) -> list[SelectedScenario]:
        """The scenarios that are named, each once and in that order, if the tags admit them.

        Raises NotFoundError, and InvalidInputError with the problems of every file that cannot be read.
        """
        return list(tags.admitted(_once(select_each(names, self._named))))

    def of_project(self, tags: Tags) -> list[SelectedScenario]:
        """The scenarios of the project's folders, as `awsit list-scenarios` has them, if the tags admit them.

        Raises NotFoundError when there is none, and InvalidInputError with the problems of every file that is wrong.
        """
        files = [file for file in project_files(self._settings, self._folders) if not is_around_scenarios(file)]
        if not files:
            raise nothing_in_project(self._settings)
        scenarios = select_each(files, lambda file: [self._scenario(file.source())])
        found = list(tags.admitted(_once(scenarios)))
        self._folders.tell()
        return found

    def each(self, names: Sequence[str], tags: Tags) -> Iterator[SelectedScenario]:
        """As `select`, one by one, for more than memory should hold; a scenario that is named twice comes twice."""
        return tags.admitted(select_each(names, self._named))

    def by_paths(self, paths: Iterable[str]) -> Iterator[SelectedScenario]:
        """The scenarios in files and folders. Raises NotFoundError and InvalidInputError."""
        files = files_of(self._folders, paths)
        yield from select_each(files, lambda file: [self._scenario(file.source())])
        self._folders.tell()

    def by_name(self, name: str) -> SelectedScenario:
        """The scenario, or row, of that name: in the project, else in the bucket. Raises NotFoundError."""
        return self._in_project(name) or self._in_bucket(name)

    def by_file(self, file: str) -> SelectedScenario:
        """The scenario in a file. Raises NotFoundError and InvalidInputError."""
        return self._scenario(self._read(file).source())

    def called(self, name: str) -> list[SelectedScenario]:
        """All scenarios of the project's folders that have a name; there may be several by mistake."""
        return [self.by_file(file) for file, own_name in self._project.items() if own_name == name]

    def _named(self, name: str) -> Iterable[SelectedScenario]:
        if is_piped(name) or leads_somewhere(name) or _is_path(name):
            return self.by_paths([name])
        return self._like(name) if is_pattern(name) else [self.by_name(name)]

    def _in_project(self, name: str) -> SelectedScenario | None:
        base = base_name(name)
        files = [file for file, own_name in self._project.items() if own_name == base]
        if len(files) > 1:
            both = " and ".join(files)
            raise UsageError(f"{both} are both called {base!r}", code="ambiguous_name", hint="name the file instead")
        if files:
            return _row(self.by_file(files[0]), name)
        file = file_named(name, self._settings)
        return self.by_file(file) if file else None

    def _like(self, pattern: str) -> Iterator[SelectedScenario]:
        """The scenarios of the project whose names, or whose rows, are like the pattern; else those of the bucket."""
        raise_together([name for name in self._project.values() if isinstance(name, InvalidInputError)])
        is_any = False
        for source in (self._read(file).source() for file in self._project):
            if (rows := rows_like(pattern, self._with_rows(source))) is not None:
                is_any = True
                yield replace(self._scenario(source), rows=rows)
        if not is_any:
            yield from self._like_in_bucket(pattern)

    def _with_rows(self, source: Source) -> Json:
        """The document, in which cases and rows of other files are read, so that its runs are known by name."""
        from awsit.scenario.schema.cases import patterns_of
        from awsit.scenario.schema.matrix import file_of

        document = source.document
        is_in_files = patterns_of(document) or file_of(document.get("matrix"))
        return self._scenario(source).document if is_in_files else document

    def _like_in_bucket(self, pattern: str) -> list[SelectedScenario]:
        if not self._has_bucket:
            raise self._unknown(pattern)
        store = self._session.wiring.scenario_store(self._settings)
        pushed = list(store.names())
        similar = [name for name in pushed if rows_like(pattern, {"name": name}) is not None]
        if not similar:
            raise self._unknown(pattern, pushed, "the stack's bucket")
        return [SelectedScenario(store.get(name), f"{name} in the bucket") for name in similar]

    def _in_bucket(self, name: str) -> SelectedScenario:
        """The pushed scenario. Raises NotFoundError with the near names of the project and of the bucket."""
        if not self._has_bucket:
            raise self._unknown(name)
        base = base_name(name)
        try:
            store = self._session.wiring.scenario_store(self._settings)
            document = store.get(base)
        except NotFoundError:
            raise self._unknown(name, store.names(), "the stack's bucket") from None
        except EnvironmentFailure as failure:
            if self._settings.sandbox and failure.code in NOTHING_THERE:
                raise self._unknown(name, place="the sandbox, where nothing is deployed") from None
            raise
        return _row(SelectedScenario(document, f"{base} in the bucket"), name)

    @property
    def _has_bucket(self) -> bool:
        settings = self._settings
        return settings.uses_step_functions or bool(settings.stack or settings.state_machine_arn)

    def _unknown(self, name: str, pushed: Iterable[str] = (), place: str = "") -> NotFoundError:
        """The error for a name that no scenario has. `pushed` are the names in a `place` that was searched as well."""
        from awsit.suggestions import close_matches

        names = ((own_name, Path(file).stem) for file, own_name in self._project.items() if isinstance(own_name, str))
        local = [each for both in names for each in both]
        folders = [shown(folder) for folder in self._settings.scenarios if folder.is_dir()]
        places = ["this folder" if folder == "." else folder for folder in folders] + ([place] if place else [])
        where = f"in {' or '.join(places)}" if places else ""
        close = close_matches(name.strip("*?"), [*local, *pushed])
        hint = f"did you mean {' or '.join(close)}?" if close else "`awsit list-scenarios` shows what there is"
        like = "like " if is_pattern(name) else ""
        return NotFoundError(f"there is no scenario {like}{name!r} {where}".rstrip(), hint=hint)

    @cached_property
    def _project(self) -> dict[str, str | InvalidInputError]:
        """The names of the project's scenarios, by their files; the error of a file that is none, and should be one."""
        names: dict[str, str | InvalidInputError] = {}
        for file in project_files(self._settings, self._folders):
            if isinstance(file.content, InvalidInputError):
                names[file.name] = file.content
            elif isinstance(file.content, Source) and is_scenario(file.content.document):
                names[file.name] = str(file.content.document.get("name", ""))
        return names

    @cached_property
    def _folders(self) -> Folders:
        return Folders(self._session, self._settings, self._read)

    def _scenario(self, source: Source) -> SelectedScenario:
        if source.file not in self._scenarios:
            make_room(self._scenarios)
            self._scenarios[source.file] = scenario_of(self._session, source)
        return self._scenarios[source.file]


def _once(scenarios: Iterable[SelectedScenario]) -> list[SelectedScenario]:
    """Each scenario once; with all the rows by which it was named, if it was only named by rows."""
    by_key: dict[str, SelectedScenario] = {}
    for scenario in scenarios:
        before = by_key.get(scenario.key)
        rows = () if before is None or not (before.rows and scenario.rows) else before.rows + scenario.rows
        by_key[scenario.key] = replace(scenario, rows=rows) if before else scenario
    return list(by_key.values())


def _is_path(name: str) -> bool:
    """Whether a name is meant as a path. That of a row may hold anything in its brackets: `priced[/books/1]`."""
    name = base_name(name) if name.endswith("]") else name
    return "/" in name or Path(name).suffix.lower() in {".yaml", ".yml", ".json"}


def _row(scenario: SelectedScenario, name: str) -> SelectedScenario:
    """The scenario, or the one row of its matrix that was named. Raises NotFoundError when there is no such row."""
    if name == scenario.name:
        return scenario
    labels = labels_of(scenario.document)
    if name in labels:
        return replace(scenario, rows=(name,))
    raise NotFoundError(f"the scenario {scenario.name} has no row {name!r}", hint=_hint(name, labels))


def _hint(name: str, labels: Sequence[str]) -> str:
    from awsit.suggestions import LISTED, close_matches

    if len(labels) <= 1:
        return "it has no matrix"
    by_row = {label.partition("[")[2]: label for label in labels}
    close = [by_row[row] for row in close_matches(name.partition("[")[2], by_row)]
    if close:
        return f"did you mean {' or '.join(close)}?"
    more = f" and {len(labels) - LISTED} more" if len(labels) > LISTED else ""
    return f"its rows are {', '.join(labels[:LISTED])}{more}"
