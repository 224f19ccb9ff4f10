"""The `suite.yaml` of a folder: the setup and the clean-up around its scenarios, read as a scenario of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from awsit.errors import InvalidInputError, Problem, first_problems
from awsit.model.action.protocol import Action
from awsit.model.json import Json
from awsit.model.text.paths import path_in_suite_file, with_first_key
from awsit.records import replace
from awsit.scenario.checks.suite import unknown_in_suite
from awsit.scenario.checks.validate import every_problem, in_order
from awsit.scenario.library.expand import expand
from awsit.scenario.reading.kinds import SUITE_FILE, is_suite
from awsit.scenario.reading.load import load_file
from awsit.scenario.reading.positions import placed
from awsit.scenario.reading.source import LazyPositions, Source
from awsit.scenario.schema.walk import walk
from awsit.suggestions import suggestion

if TYPE_CHECKING:
    from awsit.scenario.library.library import LibraryFiles

_NAME = "suite"
_OWN_USE = "`suite` is for the scenarios: in the suite.yaml itself it is `context`"
_SETUP, _ACTIONS = "setup", "actions"


def as_scenario(source: Source) -> Source:
    """The scenario that a `suite.yaml` stands for: its actions are the setup. It has the positions of the file."""
    document = source.document if isinstance(source.document, Mapping) else {}
    renamed = {_ACTIONS if key == _SETUP else key: value for key, value in document.items() if key != _ACTIONS}
    positions = LazyPositions(
        lambda: {with_first_key(path, _SETUP, _ACTIONS): position for path, position in source.positions.items()}
    )
    return replace(source, document={"name": _NAME, **renamed}, positions=positions)


def with_paths_in_file(source: Source) -> Source:
    """The source of a setup's scenario, with its positions under the paths that the `suite.yaml` has."""
    return replace(
        source,
        positions=LazyPositions(
            lambda: {path_in_suite_file(path): position for path, position in source.positions.items()}
        ),
    )


def suite_problems(written: Source, expanded: Source, actions: Mapping[str, Action]) -> Iterator[Problem]:
    """What is wrong with a `suite.yaml`, with its positions; `expanded` is its scenario, with what that uses."""
    own = list(_own_problems(written.document))
    yield from (placed(problem, written) for problem in own)
    if not own:
        own_uses = unknown_in_suite(expanded.document, frozenset(), written.file)
        uses = (placed(replace(each, message=_OWN_USE), expanded) for each in own_uses)
        for problem in (*every_problem(expanded, actions), *uses):
            message = problem.message.replace(f"`{_ACTIONS}[", f"`{_SETUP}[")
            yield replace(problem, path=path_in_suite_file(problem.path), message=message)


class SuiteFile(Struct, frozen=True):
    """A `suite.yaml` that is valid. `source` is that of its scenario, `names` are those that its setup captures."""

    file: str
    source: Source
    names: frozenset[str]


class SuiteFiles:
    """The files of a project, each read once. `shown` is how a path is named in messages."""

    def __init__(
        self, root: Path, libraries: LibraryFiles, actions: Mapping[str, Action], shown: Callable[[Path], str]
    ) -> None:
        self._root = root.resolve()
        self._libraries = libraries
        self._actions = actions
        self._shown = shown
        self._around: dict[Path, SuiteFile | None] = {}

    def around(self, scenario: str) -> SuiteFile | None:
        """The one in the folder of a scenario's file, else the nearest above it in the project; None without one.

        Raises InvalidInputError when it is not valid.
        """
        folder = Path(scenario).resolve().parent
        if folder not in self._around:
            self._around[folder] = self._nearest(folder)
        return self._around[folder]

    def problems(self, source: Source) -> list[Problem]:
        """What is wrong with a file."""
        return in_order(
            suite_problems(source, expand(as_scenario(source), self._libraries), self._actions), source.file
        )

    def _nearest(self, folder: Path) -> SuiteFile | None:
        folders = [folder, *folder.parents] if folder.is_relative_to(self._root) else [folder]
        for each in folders:
            source = self._read(each / SUITE_FILE)
            if source is not None:
                return self._valid(source)
            if each == self._root:
                break
        return None

    def _read(self, path: Path) -> Source | None:
        """The file, if there is one and it is no scenario, as those of earlier versions may be."""
        source = load_file(self._shown(path)) if path.is_file() else None
        return source if source is not None and is_suite(source) else None

    def _valid(self, source: Source) -> SuiteFile:
        if problems := self.problems(source):
            raise InvalidInputError(
                f"{source.file} is not valid", tuple(first_problems(problems)), code="invalid_suite"
            )
        expanded = expand(as_scenario(source), self._libraries)
        return SuiteFile(source.file, expanded, walk(expanded.document).known.context)


def _own_problems(document: Json) -> Iterator[Problem]:
    if not isinstance(document, Mapping):
        yield Problem("invalid", "a suite.yaml is a mapping with `setup`", "")
        return
    from awsit.scenario.schema.suite import SuiteSpec  # brings pydantic, which is slow to import

    known = SuiteSpec.model_fields.keys()
    for key in document.keys() - known:
        yield Problem("unknown_key", f"a suite.yaml has no key `{key}`{suggestion(key, known)}", str(key))
    if not document.get(_SETUP):
        hint = "write at least one action; what it captures is `suite.name` in the scenarios"
        yield Problem("missing_key", "a suite.yaml has a `setup`", "", hint=hint)
