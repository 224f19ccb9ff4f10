"""Where the name of a `use` is looked up: in its own file's library, in the libraries named there, in the project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from awsit.errors import AwsitError, InvalidInputError, Problem
from awsit.scenario.library.library import Library, LibraryFiles
from awsit.scenario.library.tree import Node
from awsit.suggestions import suggestion


class LibraryScope(Struct, frozen=True, dict=True):
    """What a `use` in one file can name. `tree` is the file's document; `library` is None when it is a scenario.

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
        libraries: list[Library] = []
        problems: list[Problem] = []
        entries = self.tree.entries["libraries"].children if "libraries" in self.tree.entries else ()
        for entry in entries:
            if self.libraries is None or not isinstance(entry.value, str):
                continue  # reported with the other keys
            try:
                libraries += self.libraries.named(entry.value, self.file)
            except AwsitError as error:
                problems.append(entry.problem(error.code, error.message, error.hint))
        return libraries, [*problems, *(problem for library in libraries for problem in library.problems)]

    def find(self, name: str) -> LibraryAction:
        """The action that `name` means. Raises InvalidInputError with what is wrong, in the message or as problems."""
        library_name, _, action = name.rpartition(".")
        known: set[str] = set()
        broken: list[Problem] = []
        for tier in self._tiers():
            having = [each for each in tier if action in each.actions and library_name in ("", each.name)]
            if len(having) > 1:
                raise _ambiguous(name, having)
            if having:
                return LibraryAction(action, having[0], having[0].actions[action], self._scope_of(having[0]))
            known |= {f"{each.name}.{inner}" if library_name else inner for each in tier for inner in each.actions}
            broken += [problem for each in tier for problem in each.problems]
        if broken or self.named[1]:
            raise InvalidInputError("a library cannot be read", tuple(broken))
        raise _unknown(name, known)

    def _tiers(self) -> Iterator[list[Library]]:
        """The libraries in which a name is looked up, the first tier that has it being taken."""
        if self.library is not None:
            yield [self.library]
        yield self.named[0]
        if self.libraries is not None:
            yield self.libraries.of_project()

    def _scope_of(self, library: Library) -> LibraryScope:
        if library is self.library:
            return self
        return LibraryScope(library.source.file, library.tree, self.libraries, library)


class LibraryAction(Struct, frozen=True):
    """An action of a library, and the scope in which it uses others itself."""

    name: str
    library: Library
    node: Node
    scope: LibraryScope

    @property
    def key(self) -> str:
        """The name that no other action has, for messages."""
        return f"{self.library.name}.{self.name}"


def _ambiguous(name: str, libraries: list[Library]) -> InvalidInputError:
    places = " and ".join(f"`{library.name}` ({library.source.file})" for library in libraries)
    action = name.rpartition(".")[2]
    are_distinct = len({library.name for library in libraries}) == len(libraries)
    choice = f"write `{libraries[0].name}.{action}`, or " if are_distinct else ""
    hint = f"{choice}give the libraries names of their own"
    return InvalidInputError(f"the libraries {places} both have an action `{action}`", code="ambiguous_name", hint=hint)


def _unknown(name: str, known: set[str]) -> InvalidInputError:
    hint = "" if known else "name a library file in `libraries`, or its folder in `libraries` of awsit.toml"
    rest = suggestion(name, known) if known else "; no library was found"
    return InvalidInputError(f"no library has an action `{name}`{rest}", code="unknown_use", hint=hint)
