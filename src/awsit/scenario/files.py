"""The files that a scenario's params name: found on this machine, inside the project, before anything runs.

A name is a path relative to the file in which it is written, of the scenario or of a library.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from awsit.errors import ExpressionError, InvalidInputError, Problem
from awsit.expressions.templates import template
from awsit.model.files import MAX_FILE_BYTES, MAX_FILES
from awsit.model.json import Json
from awsit.model.paths import child_path, join_path
from awsit.model.ports import Action, ReadsFiles
from awsit.scenario.reading.positions import placed
from awsit.scenario.reading.source import Source
from awsit.scenario.schema.fields import is_template
from awsit.scenario.schema.matrix import matrix_rows
from awsit.scenario.schema.walk import walk
from awsit.suggestions import close_matches

Variables = Mapping[str, Json]


class FileProblem(Exception):
    """Why a name stands for no file that can be used."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """The files of one or more runs of a scenario. `paths` are absolute, by the names that rendered params hold.

    In the `document` all names are relative to the scenario's own file, those that libraries hold too.
    """

    document: Json
    paths: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def usable(self) -> FoundFiles:
        """These files, if nothing is wrong with them. Raises InvalidInputError."""
        if self.problems:
            raise InvalidInputError("the scenario names files that cannot be used", self.problems, code="bad_file")
        return self


def find_files(
    source: Source, actions: Mapping[str, Action], root: Path | None, given: Sequence[Variables] | None = None
) -> FoundFiles:
    """The files of the runs with the `given` variables, by default of one run for each row of the matrix.

    `source` is expanded. `root` is the project's folder; without one, or for a scenario outside of it, the scenario's
    own folder is. Nothing is read: problems are names that cannot be known, lead nowhere, or out of the project.
    """
    named = dict(_named(source.document, actions)) if isinstance(source.document, Mapping) else {}
    if not named:
        return FoundFiles(source.document)
    own = {path: _seen_from(source, path, name) for path, name in named.items()}
    rows = matrix_rows(source.document) if given is None else given
    search = _Search(_Project(Path(source.file).parent, root))
    search.names({path: name for path, name in own.items() if not is_template(name)})
    for row in rows:
        variables = known_variables(source.document, row)
        search.names({path: name for path, name in own.items() if is_template(name)}, variables)
    if len(search.paths) > MAX_FILES:
        search.problems.append(Problem("limit", f"the scenario names more than {MAX_FILES} files", hint="split it"))
    changed = {path: name for path, name in own.items() if name != named[path]}
    document = _with_values(source.document, changed, "") if changed else source.document
    return FoundFiles(document, search.paths, tuple(placed(each, source) for each in search.problems))


@dataclass(slots=True)
class _Search:
    """The files that are found, by their names, and what is wrong with the names."""

    project: _Project
    paths: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def names(self, named: Mapping[str, str], variables: Variables = MappingProxyType({})) -> None:
        """Find the files with these names, given by the places of the params that hold them."""
        for path, name in named.items():
            try:
                text = _rendered(name, variables)
                self.paths[text] = str(self.project.find(text))
            except FileProblem as error:
                problem = Problem("bad_file", error.message, path, error.hint)
                self.problems += [] if problem in self.problems else [problem]


def known_variables(document: Mapping[str, Json], given: Variables) -> dict[str, Json]:
    """The variables whose values are known before a run: those that are given, and what follows from them alone."""
    variables = dict(given)
    own = document.get("variables")
    for name, value in own.items() if isinstance(own, Mapping) else ():
        if name not in variables:
            try:
                variables[name] = template.render(value, {"vars": variables})
            except ExpressionError:
                continue
    return variables


def _named(document: Mapping[str, Json], actions: Mapping[str, Action]) -> Iterator[tuple[str, str]]:
    """Place and name of each file."""
    for site in walk(document).sites:
        action, params = actions.get(site.type), site.raw.get("params")
        if isinstance(action, ReadsFiles) and isinstance(params, Mapping):
            for place, name in action.named_files(params):
                if isinstance(name, str):
                    yield join_path(f"{site.path}.params", place), name


def _seen_from(source: Source, path: str, name: str) -> str:
    """A name that may be written in a library's file, relative to the scenario's file."""
    folder, home = Path(source.position(path).file).parent, Path(source.file).parent
    return name if folder == home or name.startswith("/") else f"{os.path.relpath(folder, home)}/{name}"


def _rendered(name: str, variables: Variables) -> str:
    if not is_template(name):
        return name
    try:
        text = template.render(name, {"vars": variables})
    except ExpressionError as error:
        message = f"the name of a file must be known before the run: {error.message}"
        raise FileProblem(message, "use variables whose values need nothing of the run") from error
    if not isinstance(text, str):
        raise FileProblem(f"the name of a file must be text, not {text!r}", "write a path relative to this file")
    return text


class _Project:
    """The folder that a scenario's files must be in."""

    def __init__(self, home: Path, root: Path | None) -> None:
        self._home = home
        resolved = home.resolve()
        self._root = root.resolve() if root and resolved.is_relative_to(root.resolve()) else resolved

    def find(self, name: str) -> Path:
        """The file of that name, free of links. Raises FileProblem."""
        if not name or "\0" in name or Path(name).is_absolute():
            raise FileProblem(f"{name!r} is no relative path", "write the path from this file to the other")
        path = self._home / name
        try:
            real = path.resolve(strict=True)
            status = real.stat()
        except FileNotFoundError:
            raise FileProblem(f"there is no file {path}", _similar(path)) from None
        except (OSError, RuntimeError) as error:
            raise FileProblem(f"{path} cannot be read: {error}", "check its permissions, and links") from error
        if not real.is_relative_to(self._root):
            raise FileProblem(f"{path} is outside of {self._root}", "a scenario's files are in its project's folder")
        if not stat.S_ISREG(status.st_mode):
            raise FileProblem(f"{path} is not a regular file", "name a file")
        if status.st_size > MAX_FILE_BYTES:
            limit = f"the limit is {MAX_FILE_BYTES // 1024 // 1024} MiB"
            raise FileProblem(f"{path} has {status.st_size} bytes; {limit}", "use a smaller file")
        if not os.access(real, os.R_OK):
            raise FileProblem(f"{path} may not be read", "check its permissions")
        return real


def _similar(path: Path) -> str:
    try:
        close = close_matches(path.name, [each.name for each in path.parent.iterdir()])
    except OSError:
        close = ()
    return f"did you mean {' or '.join(close)}?" if close else "its path is relative to the file that names it"


def _with_values(value: Json, changed: Mapping[str, Json], path: str) -> Json:
    """The document with other values at some places."""
    if path in changed:
        return changed[path]
    if isinstance(value, Mapping):
        return {key: _with_values(item, changed, child_path(path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_values(item, changed, child_path(path, index)) for index, item in enumerate(value)]
    return value
