"""Searches of python-jsonpath that are counted, and that keep no more of a document than they must."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jsonpath import JSONPath
from jsonpath.exceptions import JSONPathRecursionError
from jsonpath.match import JSONPathMatch
from jsonpath.segments import JSONPathChildSegment, JSONPathRecursiveDescentSegment, JSONPathSegment
from jsonpath.serialize import canonical_string

from awsit.expressions import budget
from awsit.model.json import CONTAINERS, OBJECTS


class CountedMatch(JSONPathMatch):
    """A node of a document, which takes a step of the budget, does not know its children, and has its path when asked.

    They know their parents: with both, what a path walked over would stay in memory until the collector of cycles
    comes, and that counts objects, not megabytes.
    """

    __slots__ = ("key",)

    def __init__(self, obj: Any, root: Any, filter_context: Mapping[str, Any], parent: Any, key: Any) -> None:
        self.obj = obj
        self.root = root
        self._filter_context = filter_context
        self.parent = parent
        self.key = key

    def new_child(self, obj: object, key: int | str) -> JSONPathMatch:
        """The node below this one."""
        budget.spend()
        return CountedMatch(obj, self.root, self._filter_context, self, key)

    def add_child(self, *_: JSONPathMatch) -> None:
        """Nothing: nobody asks for the children."""

    @property
    def parts(self) -> tuple[int | str, ...]:  # type: ignore[override]  # the library keeps it in each node
        """The keys and indexes on the way here from the root."""
        keys: deque[int | str] = deque()
        node: Any = self
        while node.parent is not None:
            keys.appendleft(node.key)
            node = node.parent
        return tuple(keys)

    @property
    def path(self) -> str:  # type: ignore[override]  # as above
        """The normalized path (RFC 9535, section 2.7)."""
        keys = (canonical_string(key) if isinstance(key, str) else key for key in self.parts)
        return "$" + "".join(f"[{key}]" for key in keys)


class OfContainers(JSONPathChildSegment):
    """A child segment, which selects from objects and arrays alone: the library takes a slice of a text too.

    Source: RFC 9535, section 2.3.4.2.2 ("the slice selector selects no nodes" of what is no array).
    """

    __slots__ = ()

    def resolve(self, nodes: Iterable[JSONPathMatch]) -> Iterable[JSONPathMatch]:
        """The children of each node."""
        return super().resolve(node for node in nodes if isinstance(node.obj, CONTAINERS))


class CountedDescent(JSONPathRecursiveDescentSegment):
    """A descendant segment that visits each node once, without a generator a level and without texts as arrays."""

    __slots__ = ()

    def _visit(self, node: JSONPathMatch, depth: int = 1) -> Iterator[JSONPathMatch]:
        """The node and all objects and arrays below it, each before those in it (RFC 9535, section 2.5.2.2)."""
        yield node
        waiting = [_containers(node)]
        while waiting:
            below = next(waiting[-1], None)
            if below is None:
                waiting.pop()
                continue
            if len(waiting) + depth > self.env.max_recursion_depth:
                raise JSONPathRecursionError("recursion limit exceeded", token=self.token)
            yield below
            waiting.append(_containers(below))


def _containers(node: JSONPathMatch) -> Iterator[JSONPathMatch]:
    """The objects and arrays right below a node."""
    value = node.obj
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, OBJECTS):
        items = value.items()
    elif isinstance(value, list | tuple):
        items = enumerate(value)
    return (node.new_child(item, key) for key, item in items if isinstance(item, CONTAINERS))


class CountedPath(JSONPath):
    """A path whose search is counted, at the root of a query or inside a filter."""

    @classmethod
    def of(cls, path: JSONPath) -> CountedPath:
        """The same path, counted."""
        return cls(env=path.env, segments=tuple(map(_counted_segment, path.segments)))

    def finditer(self, data: Any, *, filter_context: Mapping[str, Any] | None = None) -> Iterator[JSONPathMatch]:
        """The nodes that the path selects. Raises ExpressionError, code `too_large`."""
        budget.spend()
        root: Any = data
        nodes: Iterable[JSONPathMatch] = [CountedMatch(root, root, filter_context or {}, None, None)]
        for segment in self.segments:
            nodes = segment.resolve(nodes)
        return iter(nodes)


def _counted_segment(segment: JSONPathSegment) -> JSONPathSegment:
    kind = CountedDescent if isinstance(segment, JSONPathRecursiveDescentSegment) else OfContainers
    return kind(env=segment.env, token=segment.token, selectors=segment.selectors)
