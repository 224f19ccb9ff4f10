"""A library: actions that several scenarios use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol

from msgspec import Struct, field
from pydantic import Field

from awsit.errors import Problem
from awsit.model.text.paths import is_within
from awsit.scenario.library.tree import Node, from_source
from awsit.scenario.reading.positions import placed
from awsit.scenario.reading.source import Source
from awsit.scenario.schema.document import ReuseSpec
from awsit.scenario.schema.fields import Identifier
from awsit.scenario.schema.spec import Spec
from awsit.validation.problems import model_problems


class InputSpec(Spec):
    """A value that the user of an action gives."""

    type: Literal["string", "number", "integer", "boolean", "array", "object"] = Field(description="Its JSON type.")
    default: Any = Field(default=None, description="Makes it optional.")
    description: str = Field(default="", description="What it is for.")


class LibraryActionSpec(Spec):
    """One action, or several that belong together."""

    description: str = Field(default="", description="What it does, in a sentence.")
    inputs: dict[Identifier, InputSpec] = Field(default_factory=dict, description="`{{ inputs.name }}` in its actions.")
    outputs: dict[Identifier, str] = Field(
        default_factory=dict, description="Names for the scenario, each with the captured value that it stands for."
    )
    actions: list[Any] = Field(min_length=1, description="As in a scenario.")


class LibrarySpec(ReuseSpec):
    """A file of actions for `use`."""

    library: Identifier = Field(description="Its name.")
    description: str = Field(default="", description="What it is about, in a sentence.")
    actions: dict[Identifier, LibraryActionSpec] = Field(min_length=1, description="What `use` can name.")


class Library(Struct, frozen=True):
    """A library file, and what is wrong with its keys."""

    name: str
    source: Source
    problems: tuple[Problem, ...] = ()
    tree: Node = field(default_factory=lambda: Node({}))

    @property
    def actions(self) -> Mapping[str, Node]:
        """Its actions by name, without those whose own keys are wrong."""
        actions = self.tree.entries.get("actions", Node({})).entries
        paths = {problem.path for problem in self.problems}
        return {name: node for name, node in actions.items() if not any(is_within(path, node.path) for path in paths)}


class LibraryFiles(Protocol):
    """Where libraries come from; `awsit.scenario.library.files` reads files."""

    def of_project(self) -> list[Library]:
        """The libraries that every file may use."""

    def named(self, entry: str, file: str) -> list[Library]:
        """The libraries that `libraries: [entry]` in a file names. Raises NotFoundError or InvalidInputError."""


def read_library(source: Source) -> Library:
    """The library of a source, with everything that is wrong with its keys."""
    problems = [placed(each, source) for each in model_problems(LibrarySpec, source.document, "", "a library")]
    return Library(str(source.document.get("library")), source, tuple(problems), from_source(source))
