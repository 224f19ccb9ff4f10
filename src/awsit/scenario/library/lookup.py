"""Where the name of a `use` is looked up: in its own file's library, in the libraries named there, in the project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from awsit.errors import AwsitError, InvalidInputError, Problem
from awsit.scenario.library.library import Library, LibraryFiles
from awsit.scenario.library.tree import Node
from awsit.suggestions import suggestion


@dataclass(frozen=True)
class LibraryScope:
    """A file in which a `use` may stand. `tree` is its document, `library` is None for a scenario.

    Without `libraries`, nothing is looked up in other files.
    """

    file: str
    tree: Node
    libraries: LibraryFiles | None = None
    library: Library | None = None

    @property
    def defaults(self) -> Mapping[str, Node]:
        """What its actions have in common, by type."""
        node = self.tree.entries.get("defaults")
        return node.entries if node is not None else {}

    @cached_property
    def named(self) -> tuple[list[Library], list[Problem]]:
        """The libraries that the file names, and what is wrong with them."""
        found: list[Library] = []
        problems: list[Problem] = []
        entries = self.tree.entries["libraries"].children if "libraries" in self.tree.entries else ()
        for entry in entries:
            if self.libraries is None or not isinstance(entry.value, str):
                continue  # told with the other keys
            try:
                found += self.libraries.named(entry.value, self.file)
            except AwsitError as error:
                problems.append(entry.problem(error.code, error.message, error.hint))
        return found, [*problems, *(problem for library in found for problem in library.problems)]

    def find(self, name: str) -> LibraryAction:
        """The action that `name` means. Raises InvalidInputError with what is wrong, in the message or as problems."""
        wanted, _, action = name.rpartition(".")
        known: set[str] = set()
        broken: list[Problem] = []
        for tier in self._tiers():
            found = [each for each in tier if action in each.actions and wanted in ("", each.name)]
            if len(found) > 1:
                raise _ambiguous(name, found)
            if found:
                return LibraryAction(action, found[0], found[0].actions[action], self._of(found[0]))
            known |= {f"{each.name}.{inner}" if wanted else inner for each in tier for inner in each.actions}
            broken += [problem for each in tier for problem in each.problems]
        if broken or self.named[1]:
            raise InvalidInputError("a library cannot be read", tuple(broken))
        raise _unknown(name, known)

    def _tiers(self) -> Iterator[list[Library]]:
        if self.library is not None:
            yield [self.library]
        yield self.named[0]
        if self.libraries is not None:
            yield self.libraries.of_project()

    def _of(self, library: Library) -> LibraryScope:
        if library is self.library:
            return self
        return LibraryScope(library.source.file, library.tree, self.libraries, library)


@dataclass(frozen=True, slots=True)
class LibraryAction:
    """An action of a library, and the home of what it uses itself."""

    name: str
    library: Library
    node: Node
    home: LibraryScope

    @property
    def key(self) -> str:
        """What tells it from all other actions, for people."""
        return f"{self.library.name}.{self.name}"


def _ambiguous(name: str, found: list[Library]) -> InvalidInputError:
    places = " and ".join(f"`{library.name}` ({library.source.file})" for library in found)
    action = name.rpartition(".")[2]
    hint = f"write `{found[0].name}.{action}`, or give the libraries names of their own"
    return InvalidInputError(f"the libraries {places} both have an action `{action}`", code="ambiguous_name", hint=hint)


def _unknown(name: str, known: set[str]) -> InvalidInputError:
    hint = "" if known else "name a library file in `libraries`, or its folder in `libraries` of awsit.toml"
    rest = suggestion(name, known) if known else "; no library was found"
    return InvalidInputError(f"no library has an action `{name}`{rest}", code="unknown_use", hint=hint)
