"""The checks of a library file, which need no scenario that uses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from awsit.errors import Problem, first_problems
from awsit.model.action.protocol import Action
from awsit.model.json import Json
from awsit.scenario.checks import limits, reuse
from awsit.scenario.checks.validate import every_problem, in_order
from awsit.scenario.files import find_files
from awsit.scenario.library.expand import expand
from awsit.scenario.library.library import Library, LibraryFiles, read_library
from awsit.scenario.reading.positions import placed
from awsit.scenario.reading.source import Source


def library_problems(
    source: Source, libraries: LibraryFiles, actions: Mapping[str, Action], root: Path | None = None
) -> list[Problem]:
    """All problems of a library, in the order of the text; each of its actions is checked as if a scenario used it.

    `root` is the project's folder, in which the files that it names must be; names that inputs give are not checked.
    """
    too_deep = list(limits.depth_problems(source.document))
    if too_deep:
        return [placed(problem, source) for problem in too_deep]
    library = read_library(source)
    own = [placed(problem, source) for problem in reuse.own_problems(source.document, actions)]
    return first_problems(in_order([*library.problems, *own, *_used(library, libraries, actions, root)], source.file))


def _used(
    library: Library, libraries: LibraryFiles, actions: Mapping[str, Action], root: Path | None
) -> Iterator[Problem]:
    for user in users_of(library, libraries):
        yield from every_problem(user, actions)
        yield from find_files(user, actions, root, ()).problems


def users_of(library: Library, libraries: LibraryFiles) -> Iterator[Source]:
    """For each action of a library the smallest scenario that uses it, expanded. Raises InvalidInputError."""
    for name, action in library.actions.items():
        inputs = action.entries["inputs"].entries if "inputs" in action.entries else {}
        required = [each for each, spec in inputs.items() if "default" not in spec.entries]
        yield expand(Source(_user_of(name, required), library.source.file), libraries, library)


def _user_of(action: str, inputs: list[str]) -> Json:
    """A scenario that does nothing but use an action, with a variable of unknown value for each input."""
    values: dict[str, Json] = {name: f"{{{{ vars.{name} }}}}" for name in inputs}
    return {"name": "user", "variables": dict.fromkeys(inputs), "actions": [{"use": action, "with": values}]}
