"""A scenario that a command has selected to work with."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from awsit.cli.path_names import is_piped
from awsit.cli.session import Session
from awsit.errors import InvalidInputError
from awsit.model.json import Json

if TYPE_CHECKING:
    from awsit.scenario.reading.source import Source

T = TypeVar("T")


class SelectedScenario(Struct, frozen=True):
    """A scenario to work with, expanded. `place` says where it was found; `source` is None for one from the bucket.

    `rows` names the rows of its matrix that were selected; empty stands for all.
    """

    document: Json
    place: str
    source: Source | None = None
    rows: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The scenario's own name."""
        return str(self.document.get("name", "")) if isinstance(self.document, dict) else ""

    @property
    def file(self) -> str:
        """The file that it is in; empty for one from the bucket, or that was piped."""
        return self.place if self.source and not is_piped(self.place) else ""

    @property
    def key(self) -> str:
        """What tells it from other scenarios, however it was named."""
        return os.path.realpath(self.file) if self.file else self.place

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags; empty where the document has none, or is not valid."""
        metadata = self.document.get("metadata") if isinstance(self.document, dict) else None
        tags = metadata.get("tags") if isinstance(metadata, dict) else None
        return tuple(str(tag) for tag in tags) if isinstance(tags, list) else ()


def scenario_of(session: Session, source: Source) -> SelectedScenario:
    """The scenario of a source, with its defaults, cases and what it uses. Raises InvalidInputError."""
    from awsit.scenario.reading.kinds import is_library, is_suite

    if is_suite(source):
        hint = f"run the scenarios of its folder: awsit run {Path(source.file).parent}"
        raise InvalidInputError(f"{source.file} is the setup of a suite, not a scenario", code="is_suite", hint=hint)
    if is_library(source.document):
        hint = "scenarios take its actions with `use`; `awsit validate` checks it"
        raise InvalidInputError(f"{source.file} is a library, not a scenario", code="is_library", hint=hint)
    expanded = expanded_source(session, source)
    return SelectedScenario(expanded.document, expanded.file, expanded)


def expanded_source(session: Session, source: Source) -> Source:
    """The scenario's source with all that stands in other files: what it uses from libraries, its cases and rows."""
    from awsit.scenario.cases import with_cases
    from awsit.scenario.library.expand import expand
    from awsit.scenario.matrix_file import with_rows

    root = session.project_root
    return with_rows(with_cases(expand(source, session.libraries), root), root)


def select_each(names: Iterable[T], select: Callable[[T], Iterable[SelectedScenario]]) -> Iterator[SelectedScenario]:
    """The scenarios that each name stands for; the problems of several files are raised as one InvalidInputError."""
    errors: list[InvalidInputError] = []
    for name in names:
        try:
            yield from select(name)
        except InvalidInputError as error:
            errors.append(error)
    raise_together(errors)


def raise_together(errors: Sequence[InvalidInputError]) -> None:
    """Raise the errors, if there are any, as one with the problems of all."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        problems = tuple(problem for error in errors for problem in error.problems)
        raise InvalidInputError("; ".join(error.message for error in errors), problems, hint=errors[0].hint)
