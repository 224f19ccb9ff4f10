"""The files that a scenario's params name: found on this machine, inside the project, before anything runs.

A name is a path relative to the file in which it is written, of the scenario or of a library.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeGuard

from msgspec import Struct, field

from awsit.errors import ExpressionError, InvalidInputError, Problem
from awsit.expressions.templates import template
from awsit.expressions.templates.segments import split
from awsit.identity import Identity
from awsit.model.action.abilities import KeepsContract, ReadsFiles
from awsit.model.action.protocol import Action
from awsit.model.files import MAX_FILES
from awsit.model.json import OBJECTS, Json
from awsit.model.text.paths import child_path, join_path
from awsit.scenario.project import FileProblem, ProjectContract, ProjectFolder
from awsit.scenario.reading.positions import placed
from awsit.scenario.reading.source import Source
from awsit.scenario.schema.keys import is_template
from awsit.scenario.schema.matrix import matrix_rows
from awsit.scenario.schema.walk import ActionSite, walk, walked_before

Variables = Mapping[str, Json]


class FoundFiles(Struct, frozen=True):
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
    source: Source,
    actions: Mapping[str, Action],
    root: Path | None,
    given: Sequence[Variables] | None = None,
    contract: ProjectContract | None = None,
) -> FoundFiles:
    """The files of the runs with the `given` variables, by default of one run for each row of the matrix.

    `source` is expanded. `root` is the project's folder; without one, or for a scenario outside of it, the scenario's
    own folder is. A scenario of the project without a `contract` gets that of the project. Only contracts are read:
    problems are names that cannot be known, lead nowhere, or out of the project, and contracts that cannot be used.
    """
    if not isinstance(source.document, Mapping):
        return FoundFiles(source.document)
    folder = ProjectFolder(Path(source.file).parent, root)
    if contract and source.document.get("contract") is None and folder.is_in_project:
        source = contract.given_to(source)
    files, contracts = _names_in(Identity(source.document), Identity(actions))
    named = {**files, **contracts}
    if not named:
        return FoundFiles(source.document)
    own = {path: _seen_from(source, path, name) for path, name in named.items()}
    rows = matrix_rows(source.document) if given is None else given
    search = _Search(folder, frozenset(contracts))
    search.names({path: name for path, name in own.items() if not is_template(name)})
    for row in rows:
        variables = known_variables(source.document, row)
        search.names({path: name for path, name in own.items() if is_template(name)}, variables)
    if len(search.paths) > MAX_FILES:
        search.problems.append(Problem("limit", f"the scenario names more than {MAX_FILES} files", hint="split it"))
    changed = {path: name for path, name in own.items() if name != named[path]}
    document = _with_values(source.document, changed, "") if changed else source.document
    return FoundFiles(document, search.paths, tuple(placed(each, source) for each in search.problems))


def possible_files(source: Source, actions: Mapping[str, Action]) -> Iterator[str]:
    """Patterns (`fnmatch`) of the paths that names with variables may come to, with the values that a run is given."""
    if not isinstance(source.document, Mapping):
        return
    sites = walk(source.document).sites
    for path, name in (*_named(sites, actions), *_contracts(source.document, sites, actions)):
        if is_template(name):
            with suppress(ExpressionError):
                yield os.path.normpath(Path(source.file).parent / _pattern(_seen_from(source, path, name)))


def _pattern(name: str) -> str:
    return "".join("*" if part.expression else glob.escape(part.text) for part in split(name))


class _Search(Struct):
    """The files that are found, by their names, and what is wrong with the names.

    `contracts` are the places of names that stand for OpenAPI documents.
    """

    project: ProjectFolder
    contracts: frozenset[str]
    paths: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def names(self, named: Mapping[str, str], variables: Variables = MappingProxyType({})) -> None:
        """Find the files with these names, given by the places of the params that hold them."""
        for path, name in named.items():
            try:
                text = _rendered(name, variables)
                if path in self.contracts:
                    from awsit.scenario.contracts import contract_files  # most scenarios have none

                    self.paths |= contract_files(text, self.project)
                else:
                    self.paths[text] = str(self.project.find(text))
            except FileProblem as error:
                problem = Problem("bad_file", error.message, path, error.hint, error.position)
                self.problems += [] if problem in self.problems else [problem]


def known_variables(
    document: Mapping[str, Json], given: Variables, scope: Mapping[str, object] = MappingProxyType({})
) -> dict[str, Json]:
    """The variables whose values are known before a run: those that are given, and what follows from them alone.

    `scope` is what else their templates may read.
    """
    variables = dict(given)
    own = document.get("variables")
    for name, value in own.items() if isinstance(own, Mapping) else ():
        if name not in variables:
            try:
                variables[name] = template.render(value, {**scope, "vars": variables})
            except ExpressionError:
                continue
    return variables


@lru_cache(maxsize=1)
def _names_in(
    document: Identity[Mapping[str, Json]], actions: Identity[Mapping[str, Action]]
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The names of the files and of the OpenAPI documents of a scenario, by their places; found once for all runs."""
    sites = walked_before(document.value).sites
    return dict(_named(sites, actions.value)), dict(_contracts(document.value, sites, actions.value))


def _named(sites: Iterable[ActionSite], actions: Mapping[str, Action]) -> Iterator[tuple[str, str]]:
    """Place and name of each file."""
    readers = {name: each for name, each in _types(sites, actions) if _reads_files(each)}
    for site in sites if readers else ():
        params = site.raw.get("params")
        if site.type in readers and isinstance(params, OBJECTS):
            for place, name in readers[site.type].named_files(params):
                if isinstance(name, str):
                    yield join_path(f"{site.path}.params", place), name


def _contracts(
    document: Mapping[str, Json], sites: Iterable[ActionSite], actions: Mapping[str, Action]
) -> Iterator[tuple[str, str]]:
    """Place and name of each OpenAPI document; an empty name is told as no value that the key takes."""
    if isinstance(document.get("contract"), str) and document["contract"].strip():
        yield "contract", document["contract"]
    keepers = {name: each for name, each in _types(sites, actions) if _keeps_contract(each)}
    for site in sites if keepers else ():
        params = site.raw.get("params")
        if site.type in keepers and isinstance(params, OBJECTS):
            name = keepers[site.type].contract(params)
            if isinstance(name, str) and name.strip():
                yield f"{site.path}.params.contract", name


def _reads_files(action: Action) -> TypeGuard[ReadsFiles]:
    """What `isinstance` says; of a class, unlike of an object, Python keeps the answer."""
    return issubclass(type(action), ReadsFiles)


def _keeps_contract(action: Action) -> TypeGuard[KeepsContract]:
    return issubclass(type(action), KeepsContract)


def _types(sites: Iterable[ActionSite], actions: Mapping[str, Action]) -> list[tuple[str, Action]]:
    """The types of the sites, each once: a protocol takes long to look for."""
    return [(name, actions[name]) for name in dict.fromkeys(site.type for site in sites) if name in actions]


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


def _with_values(value: Json, changed: Mapping[str, Json], path: str) -> Json:
    """The document with other values at some places."""
    if path in changed:
        return changed[path]
    if isinstance(value, Mapping):
        return {key: _with_values(item, changed, child_path(path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_values(item, changed, child_path(path, index)) for index, item in enumerate(value)]
    return value
