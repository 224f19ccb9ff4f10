"""The OpenAPI documents of a scenario's contracts: checked, and followed to the files that they refer to."""

from __future__ import annotations

import re

import yaml

from awsit.errors import ActionError, Position
from awsit.model.files import MAX_FILES
from awsit.model.json import Json, dumps, loads
from awsit.openapi.document import decoded, other_files, parse, referenced_files, split_reference, unusable, version_of
from awsit.scenario.project import FileProblem, ProjectFolder
from awsit.scenario.reading.source import position_at
from awsit.scenario.reading.yaml_messages import explain
from awsit.scenario.reading.yaml_nodes import value_of

_VERSION = re.compile(r"^[ \t{]*[\"']?(openapi|swagger)\b", re.MULTILINE)
_PATHS = re.compile(r"^[ \t{]*[\"']?(paths)\b", re.MULTILINE)
_REFERENCE = re.compile(r"\$ref[\"']?\s*:\s*([\"']?)([^\"'\s,}]+)\1")


def contract_files(name: str, project: ProjectFolder) -> dict[str, str]:
    """The paths of the OpenAPI document with that name and of all files that it refers to, by their names.

    Raises FileProblem for a file that is missing or is neither JSON nor YAML, for a reference to a URL, and when the
    first file is no OpenAPI document.
    """
    paths: dict[str, str] = {}
    waiting: list[tuple[str, _File | None]] = [(name, None)]
    while waiting:
        target, referrer = waiting.pop()
        if target in paths:
            continue
        if len(paths) == MAX_FILES:
            raise FileProblem(f"{name} refers to more than {MAX_FILES} files", "join them into one document")
        file = _read(target, project, referrer)
        paths[target] = file.path
        waiting += [(each, file) for each in file.others(is_document=target == name)]
    return paths


class _File:
    """One file of a document: its `name`, the `path` that leads to it, and that path as messages show it."""

    def __init__(self, name: str, path: str, shown: str, content: bytes) -> None:
        self.name, self.path, self.shown = name, path, shown
        self._content = content

    def others(self, *, is_document: bool) -> tuple[str, ...]:
        """The names of the files that it refers to. Raises FileProblem."""
        try:
            value = _parsed(self.name, self._content)
        except ActionError as error:
            raise self._syntax_problem(error) from error
        try:
            if is_document:
                version_of(self.name, value)
        except ActionError as error:
            raise FileProblem(error.message, error.hint, self._version_position(error.message)) from error
        try:
            return _referenced(self.name, self._content, value)
        except ActionError as error:
            hint = "copy it into a file of the project, and refer to that"
            raise FileProblem(error.message, hint, self.position_of("", is_url=True)) from error

    def position_of(self, target: str, *, is_url: bool = False) -> Position:
        """Where the file first refers to another one, or to a URL."""
        for match in _REFERENCE.finditer(self._text):
            other = split_reference(self.name, match[2])[0]
            if "://" in other if is_url else other == target:
                return position_at(self._text, self.shown, match.start(2), len(match[2]))
        return Position(self.shown, 1, 1)

    @property
    def _text(self) -> str:
        return decoded(self._content)

    def _version_position(self, message: str) -> Position:
        match = (_PATHS if "`paths`" in message else _VERSION).search(self._text)
        if match is None:
            return Position(self.shown, 1, 1)
        return position_at(self._text, self.shown, match.start(1), len(match[1]))

    def _syntax_problem(self, error: ActionError) -> FileProblem:
        cause = error.__cause__
        if isinstance(cause, yaml.MarkedYAMLError):
            problem = explain(self._text, self.shown, cause)
            return FileProblem(f"{self.name}: {problem.message}", problem.hint or error.hint, problem.position)
        offset = getattr(cause, "pos", 0)
        return FileProblem(error.message, error.hint, position_at(self._text, self.shown, offset))


def _read(name: str, project: ProjectFolder, referrer: _File | None) -> _File:
    try:
        path = project.find(name)
        content = path.read_bytes()
    except FileProblem as error:
        position = referrer.position_of(name) if referrer else None
        raise FileProblem(error.message, error.hint, position) from error
    return _File(name, str(path), project.shown(name), content)


def _referenced(name: str, content: bytes, value: Json) -> tuple[str, ...]:
    """The files that a file refers to; found once for its content, where it can be parsed by the library."""
    try:
        return referenced_files(name, content)
    except ImportError:
        return other_files(name, value)


def _parsed(name: str, content: bytes) -> Json:
    """What a file holds, also where the library is missing that holds responses to it. Raises ActionError."""
    try:
        return parse(name, content)
    except ImportError:
        pass
    try:
        return loads(dumps(value_of(decoded(content))))
    except (yaml.YAMLError, TypeError, ValueError) as error:
        raise unusable(f"{name} is neither JSON nor YAML: {error}") from error
