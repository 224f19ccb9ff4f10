"""The scenarios of folders, named ones or the project's, and what is wrong with the files beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

from msgspec import Struct

from awsit.cli.path_names import is_piped, shown
from awsit.cli.selection.paths import InputFile, no_such_path
from awsit.cli.selection.selected import expanded_source
from awsit.cli.session import Session
from awsit.config import FILE_NAME, SCENARIOS, Settings, find_file
from awsit.errors import InvalidInputError, NotFoundError, Position, Problem, UsageError
from awsit.records import replace
from awsit.scenario.reading.discover import may_be_scenario, scenario_files
from awsit.scenario.reading.kinds import counted, is_library, is_of_texts, is_scenario, is_suite, known_kind, misspelt
from awsit.scenario.reading.source import Source

IGNORED = "ignored"
NAMED = "named by a scenario"
MAY_BE_NAMED = "that variables of a scenario may name"
UNKNOWN = "of another kind"


class _Named(Struct, frozen=True):
    """The files that scenarios name, and patterns of those that they name with the variables of some run."""

    paths: frozenset[Path] = frozenset()
    patterns: frozenset[str] = frozenset()

    def kind_of(self, path: Path) -> str:
        """What a file is that a run may name; empty for others."""
        is_possible = any(path.match(str(Path(pattern).absolute())) for pattern in self.patterns)
        return MAY_BE_NAMED if is_possible else ""


class Folders:
    """Searches folders. Below a folder for scenarios, each file is one, or something known, or an error.

    In the project's own folder, and in those above it, only what was meant to be a scenario is an error: a project is
    full of YAML and JSON. `left_out` counts the files that were passed over, by what they are.
    """

    def __init__(self, session: Session, settings: Settings, read: Callable[[str], InputFile]) -> None:
        self._session = session
        self._settings = settings
        self.read = read
        self.left_out: Counter[str] = Counter()

    def tell(self) -> None:
        """Tell how many files were passed over, and why, if any were."""
        words = ", ".join(counted(number, kind) for kind, number in sorted(self.left_out.items()) if number)
        if words:
            self._session.say(f"Left out: {words}")

    def place_of(self, path: str) -> str:
        """Where the project has a file of this name, for a file that is named without its folder; empty for none."""
        return "" if Path(path).parent.name else file_named(Path(path).stem, self._settings) or ""

    def files_in(self, folder: Path, *, below: bool = True) -> Iterator[InputFile]:
        """Scenarios, libraries, and files that are errors, in order. `below`: folders in it are searched too."""
        paths = [shown(path) for path in scenario_files(folder, below=below) if not self._is_ignored(path)]
        is_strict = not self._is_own(folder)
        named: _Named | None = None
        for file in map(self.read, paths):
            if named is None and not _is_wanted(file) and is_strict:
                named = self._named_by(paths)
            judged = self._judged(file, named or _Named(), strict=is_strict)
            if judged:
                yield judged

    def _is_own(self, folder: Path) -> bool:
        """Whether it is the project's own folder, or one above it. Without `awsit.toml`, no folder `scenarios` is."""
        root = self._settings.root.resolve()
        is_for_scenarios = self._settings.file is None and root.name == SCENARIOS
        return root.is_relative_to(folder.resolve()) and not (is_for_scenarios and folder.resolve() == root)

    def _is_ignored(self, path: Path) -> bool:
        if not self._settings.ignore:
            return False
        name = _relative(path.resolve(), self._settings.root.resolve())
        ignored = any(
            fnmatch(name, pattern) or fnmatch(name, f"{pattern.rstrip('/')}/*") for pattern in self._settings.ignore
        )
        self.left_out[IGNORED] += ignored
        return ignored

    def _judged(self, file: InputFile, named: _Named, *, strict: bool) -> InputFile | None:
        """The file, or the error that it is; None when it is passed over."""
        if _is_wanted(file) and (strict or not is_of_texts(file.source().document)):
            return file
        kind, problem = "", None
        path = Path(file.name).resolve()
        if path in named.paths:
            kind = NAMED
        elif isinstance(file.content, Exception):
            if may_be_scenario(Path(file.name)):
                return file
            kind = named.kind_of(path)
            if strict and not kind:
                return _unreadable(file, self._settings)
        else:
            problem, kind = misspelt(file.content), known_kind(file.content.document) or named.kind_of(path)
        if problem is None and strict and not kind:
            problem = _riddle(file, self._settings)
        if problem is None:
            self.left_out[kind or UNKNOWN] += 1
        return _as_error(file, problem) if problem else None

    def _named_by(self, names: Iterable[str]) -> _Named:
        """The files that these scenarios and libraries name, also by what they use or by the project's contract."""
        from awsit.scenario.cases import case_paths
        from awsit.scenario.files import find_files, possible_files
        from awsit.scenario.matrix_file import matrix_path

        actions, root, contract = self._session.wiring.actions(), self._session.project_root, self._session.contract
        paths, patterns = set[Path](), set[str]()
        for source in self._expanded(map(self.read, names)):
            paths.update(map(Path, find_files(source, actions, root, contract=contract).paths.values()))
            paths.update(case_paths(source.written or source, root))
            paths.update(matrix_path(source.written or source, root))
            patterns.update(possible_files(source, actions))
        return _Named(frozenset(paths), frozenset(patterns))

    def _expanded(self, files: Iterable[InputFile]) -> Iterator[Source]:
        """The scenarios among these files, and for each action of a library one that uses it."""
        for file in filter(_is_wanted, files):
            source = file.source()
            try:
                yield from self._used(source)
            except InvalidInputError:  # its problems are told when it is checked
                yield source

    def _used(self, source: Source) -> Iterator[Source]:
        from awsit.scenario.checks.library import users_of
        from awsit.scenario.library.library import read_library

        if is_library(source.document):
            yield from users_of(read_library(source), self._session.libraries)
        else:
            yield expanded_source(self._session, source)


def _is_wanted(file: InputFile) -> bool:
    return is_around_scenarios(file) or (isinstance(file.content, Source) and is_scenario(file.content.document))


def is_around_scenarios(file: InputFile) -> bool:
    """Whether it is a library, or the `suite.yaml` of a folder."""
    return isinstance(file.content, Source) and (is_library(file.content.document) or is_suite(file.content))


def _as_error(file: InputFile, problem: Problem) -> InputFile:
    return InputFile(file.name, InvalidInputError(f"{file.name} is no scenario", (problem,), code=problem.code))


def _unreadable(file: InputFile, settings: Settings) -> InputFile:
    """The file with one more way out in each hint: it does not look like a scenario."""
    error = file.content
    if not isinstance(error, InvalidInputError):
        return file
    way_out = _way_out(file, settings)
    problems = (replace(each, hint="; ".join(filter(None, (each.hint, way_out)))) for each in error.problems)
    return InputFile(file.name, InvalidInputError(error.message, tuple(problems), hint=error.hint, code=error.code))


def _way_out(file: InputFile, settings: Settings) -> str:
    name = _relative(Path(file.name).resolve(), settings.root.resolve())
    return f'if it belongs here, say so in {FILE_NAME}: ignore = ["{name}"]'


def _riddle(file: InputFile, settings: Settings) -> Problem:
    return Problem(
        "not_a_scenario",
        "this file is no scenario: it has no `actions`, and no scenario names it",
        position=Position(file.name, 1, 1),
        hint=_way_out(file, settings),
    )


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def files_of(folders: Folders, paths: Iterable[str], *, libraries: bool = False) -> Iterator[InputFile]:
    """The scenario files that the paths name, folders searched; with `libraries` library files and `suite.yaml` too.

    Raises NotFoundError, and UsageError for an empty path, which would be the current folder and all that is in it.
    """
    for path in paths:
        if not path:
            raise UsageError("a path is empty", hint="name a file or a folder; is a variable of the shell not set?")
        if is_piped(path) or Path(path).is_file():
            yield folders.read(path)
        elif Path(path).is_dir():
            yield from _files_in(folders, path, libraries=libraries)
        else:
            raise no_such_path(Path(path), folders.place_of(path))


def _files_in(folders: Folders, path: str, *, libraries: bool) -> Iterator[InputFile]:
    """The files of a folder that are scenarios, or wrong. Raises NotFoundError when there is none."""
    is_any = False
    for file in folders.files_in(Path(path)):
        if libraries or not is_around_scenarios(file):
            is_any = True
            yield file
    if not is_any:
        raise NotFoundError(
            f"there is no scenario in the folder {path}",
            hint="a scenario is a .yaml, .yml or .json file with actions",
        )


def project_files(settings: Settings, folders: Folders) -> Iterator[InputFile]:
    """The files of the project's folders that are scenarios, or wrong, each once; of its root the own files only."""
    seen: set[Path] = set()
    for folder in settings.scenarios:
        for file in folders.files_in(folder, below=not _is_root(folder, settings)):
            path = Path(file.name).resolve()
            if path not in seen:
                seen.add(path)
                yield file


def nothing_in_project(settings: Settings) -> NotFoundError:
    """The error for a project without a scenario."""
    places = ", ".join(shown(folder) for folder in settings.scenarios)
    hint = "name a file or a folder, or write a scenario: awsit new scenario order_is_stored"
    return NotFoundError(f"there is no scenario in {places}", hint=hint)


def scenarios_among(files: Iterator[InputFile]) -> Iterator[Source]:
    """Those that are scenarios."""
    for file in files:
        if isinstance(file.content, Source) and is_scenario(file.content.document):
            yield file.content


def file_named(name: str, settings: Settings) -> str | None:
    """The file whose own name is `name`, without its ending; None when there is none."""
    paths = (
        path for folder in settings.scenarios for path in scenario_files(folder, below=not _is_root(folder, settings))
    )
    return next((shown(path) for path in paths if path.stem == name), None)


def is_found_by_name(file: Path, settings: Settings) -> bool:
    """Whether a command in the current folder finds the scenario of a file by its name alone, among its project's."""
    configuration = find_file(Path.cwd())
    root = configuration.parent if configuration else Path.cwd()
    if root.resolve() != settings.root.resolve():
        return False
    folder = file.resolve().parent
    return any(
        folder == each.resolve() or (folder.is_relative_to(each.resolve()) and not _is_root(each, settings))
        for each in settings.scenarios
    )


def _is_root(folder: Path, settings: Settings) -> bool:
    return folder.resolve() == settings.root.resolve()
