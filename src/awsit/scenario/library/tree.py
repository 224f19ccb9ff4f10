"""A document as a tree whose nodes know where they are written, so that parts of several files can be joined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct

from awsit.errors import Problem
from awsit.expressions.templates.segments import is_template
from awsit.expressions.values import as_text
from awsit.model.json import Json
from awsit.model.text.paths import child_path
from awsit.records import replace
from awsit.scenario.limits import MAX_NODES
from awsit.scenario.reading.source import Source, SourcePosition


class TooLarge(Exception):
    """A tree holds more than `MAX_NODES` values."""


class Node(Struct, frozen=True, dict=True):
    """A value: a scalar, a mapping of text to nodes, or a tuple of nodes.

    `path` is its place in the document in which it is written, `position` where that is in the file, if known.
    """

    value: Any
    path: str = ""
    position: SourcePosition | None = None

    @cached_property
    def size(self) -> int:
        """How many values it holds; raises TooLarge before they become too many to walk."""
        total = 1 + sum(child.size for child in self.children)
        if total > MAX_NODES:
            raise TooLarge
        return total

    @property
    def children(self) -> tuple[Node, ...]:
        """The nodes inside."""
        if isinstance(self.value, Mapping):
            return tuple(self.value.values())
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def entries(self) -> Mapping[str, Node]:
        """The nodes of a mapping; of anything else none."""
        return self.value if isinstance(self.value, Mapping) else {}

    def text(self, key: str) -> str:
        """The text at a key of a mapping; empty when there is none."""
        node = self.entries.get(key)
        return node.value if node is not None and isinstance(node.value, str) else ""

    def with_value(self, value: Any) -> Node:
        """The node with another value."""
        return replace(self, value=value)

    def problem(self, code: str, message: str, hint: str = "", *, key: bool = False) -> Problem:
        """A problem at this place."""
        return Problem(code, message, self.path, hint, self.position.marked(key=key) if self.position else None)


def from_source(source: Source) -> Node:
    """The tree of a source."""
    return _node_of(source.document, "", source.positions)


def to_document(node: Node) -> tuple[Json, dict[str, SourcePosition]]:
    """The document of a tree, and the positions of its entries by their paths in it. Raises TooLarge."""
    assert node.size  # raises before a walk that would not end
    positions: dict[str, SourcePosition] = {}
    return _value_of(node, "", positions), positions


def plain(node: Node) -> Json:
    """The value of a tree as a document."""
    return to_document(node)[0]


def mapped(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with each text, and each key that is a template, replaced by what `change` makes of it."""
    if isinstance(node.value, str):
        return change(node)
    if isinstance(node.value, Mapping):
        return node.with_value({_key(key, change): mapped(item, change) for key, item in node.value.items()})
    if isinstance(node.value, tuple):
        return node.with_value(tuple(mapped(item, change) for item in node.value))
    return node


def merged(under: Node, over: Node) -> Node:
    """One tree laid over another: mappings are merged; of anything else, `over` is taken."""
    if not isinstance(under.value, Mapping) or not isinstance(over.value, Mapping):
        return over
    both = {key: merged(under.value[key], item) if key in under.value else item for key, item in over.value.items()}
    return over.with_value({**both, **{key: item for key, item in under.value.items() if key not in both}})


def _key(key: str, change: Callable[[Node], Node]) -> str:
    return as_text(plain(change(Node(key)))) if is_template(key) else key


def _node_of(value: Json, path: str, positions: Mapping[str, SourcePosition]) -> Node:
    inner: Any = value
    if isinstance(value, Mapping):
        inner = {key: _node_of(item, child_path(path, key), positions) for key, item in value.items()}
    elif isinstance(value, list):
        inner = tuple(_node_of(item, child_path(path, index), positions) for index, item in enumerate(value))
    return Node(inner, path, positions.get(path))


def _value_of(node: Node, path: str, positions: dict[str, SourcePosition]) -> Json:
    if node.position is not None:
        positions[path] = node.position
    if isinstance(node.value, Mapping):
        return {key: _value_of(item, child_path(path, key), positions) for key, item in node.value.items()}
    if isinstance(node.value, tuple):
        return [_value_of(item, child_path(path, index), positions) for index, item in enumerate(node.value)]
    return node.value
