"""A path, and paths that go on inside the JSON of the texts that it selects: `path` and `json_path` of a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from awsit.errors import ExpressionError, Problem
from awsit.expressions.jsonpath import absence, embedded, query
from awsit.expressions.jsonpath.embedded import Obstacle
from awsit.expressions.jsonpath.query import Found, Match
from awsit.expressions.values import kind
from awsit.model.json import Json, dumps
from awsit.model.text.paths import child_path
from awsit.patterns import lazy_pattern

KEYS = ("path", "json_path")
HOW_TO_READ = "read it with `path: "
"""Is in the message of a failure that a text with JSON explains."""
_NEEDS_QUOTES = lazy_pattern(r"""[\[\]{},:#'"&*!|>%@`\\\s]""")


class Lookup(Struct, frozen=True):
    """`path` into a document, then each of `json_path` into the JSON that the texts selected so far hold."""

    path: str
    json_path: tuple[str, ...] = ()

    @classmethod
    def of(cls, spec: Json, path: str = "$") -> Lookup:
        """What a path, or the `path` and `json_path` of an object, say; `path` is what an object without one means."""
        if isinstance(spec, str):
            return cls(spec)
        json_path = spec.get("json_path")
        return cls(spec.get("path", path), levels(json_path) if json_path else ())

    def __str__(self) -> str:
        """The paths as messages name them, the innermost first: `$.id in $.Message in $.Body`."""
        if not self.json_path:
            return self.path
        return " in ".join((*reversed(self.json_path), self.path))

    def find(self, document: Json) -> Found:
        """What the paths select; of several texts what is found in each, in their order. Raises as `query.find`."""
        found = query.find(self.path, document)
        for level, path in enumerate(self.json_path):
            found = _inside(found, path, Lookup(self.path, self.json_path[:level]))
            if found.problem:
                break
        return found

    def matches(self, document: Json) -> list[Match]:
        """As `find`, each value with its place: its own path in the innermost text, and the places of the texts.

        Raises as `query.find`, and ExpressionError, code `not_json`, where a text could not be read.
        """
        found = query.matches(self.path, document)
        for path in self.json_path:
            found = [inner for outer in found for inner in _matches_inside(outer, path)]
        return found

    def obstacle(self, document: Json, rest: tuple[str, ...] = ()) -> str:
        """Why the paths lead no further, when JSON in a text is in their way, as a sentence; empty when it is not.

        `rest` are the paths that would follow.
        """
        outer = Lookup(self.path, self.json_path[:-1]) if self.json_path else None
        found = outer.find(document) if outer else Found([document], singular=True)
        if found.problem:
            return ""
        if outer and not found.values:
            return outer.obstacle(document, (*self.json_path[-1:], *rest))
        documents = [embedded.read(text).document for text in found.values] if outer else [document]
        last = self.json_path[-1] if self.json_path else self.path
        met = next(filter(None, (embedded.obstacle(last, each) for each in documents)), None)
        return self._sentence(met, rest) if met else ""

    def reason(self, document: Json) -> str:
        """Why the paths select nothing, or nothing but a text, as far as a message can help; else empty."""
        obstacle = self.obstacle(document)
        if obstacle or self.json_path:
            return obstacle
        return "" if query.find(self.path, document).values else absence.slip(self.path, document)

    def _sentence(self, met: Obstacle, rest: tuple[str, ...]) -> str:
        where = str(Lookup(self.path, (*self.json_path[:-1], met.outer)) if self.json_path else met.outer)
        if met.reason:
            return f"{where} {met.reason}, and was kept as text"
        inner = [*self.json_path[:-1], met.outer, met.inner] if self.json_path else [met.inner]
        path = self.path if self.json_path else met.outer
        shown = ", ".join(map(_written, (*inner, *rest)))
        json_path = f"[{shown}]" if len(inner) + len(rest) > 1 else shown
        return f"{where} is a text that holds {met.held}: {HOW_TO_READ}{_written(path)}, json_path: {json_path}`"


def _written(path: str) -> str:
    """The path as it is written in YAML, also inside `{ }`."""
    return dumps(path) if _NEEDS_QUOTES.search(path) else path


def levels(json_path: Json) -> tuple[str, ...]:
    """The paths of a `json_path`, which is one or a list of them."""
    return (json_path,) if isinstance(json_path, str) else tuple(json_path)


def placed_paths(spec: Mapping[str, Json], place: str) -> Iterator[tuple[str, Json]]:
    """The place and value of each path of an object that is written at `place`, valid or not."""
    if "path" in spec:
        yield child_path(place, "path"), spec["path"]
    inner, here = spec.get("json_path"), child_path(place, "json_path")
    if isinstance(inner, list):
        yield from ((child_path(here, index), path) for index, path in enumerate(inner))
    elif "json_path" in spec:
        yield here, inner


def problems(spec: Mapping[str, Json], place: str) -> Iterator[Problem]:
    """What is wrong with the form of an object's `path` and `json_path`; what the paths say is not looked at."""
    for here, path in placed_paths(spec, place):
        if not isinstance(path, str):
            name = here.removeprefix(f"{place}.").partition("[")[0]
            needed = "a path or a list of paths" if name == "json_path" else "a text"
            yield Problem("bad_operand", f"`{name}` must be {needed}, not {kind(path)}", here)
    if spec.get("json_path") == []:
        yield Problem("bad_operand", "`json_path` must name a path", child_path(place, "json_path"))


def _matches_inside(outer: Match, path: str) -> list[Match]:
    reading = embedded.read(outer.value)
    if reading.problem:
        raise ExpressionError(f"{outer.path} {reading.problem}", code="not_json")
    return [Match(f"{inner.path} in {outer.path}", inner.value) for inner in query.matches(path, reading.document)]


def _inside(found: Found, path: str, outer: Lookup) -> Found:
    values: list[Json] = []
    singular = found.singular
    for index, text in enumerate(found.values):
        reading = embedded.read(text)
        if reading.problem:
            where = str(outer) if found.singular else f"[{index}] of {outer}"
            return Found([text], singular=True, problem=f"{where} {reading.problem}")
        selection = query.find(path, reading.document)
        values += selection.values
        singular = singular and selection.singular
    return Found(values, singular and query.is_singular(path))
