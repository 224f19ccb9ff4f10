"""Why a path selects nothing: where it leaves the document, and what there is instead."""

from __future__ import annotations

from msgspec import Struct

from awsit.expressions.jsonpath import query
from awsit.expressions.jsonpath.embedded import shortened
from awsit.expressions.values import show_with_kind
from awsit.model.json import Json
from awsit.suggestions import suggestion


class Absence(Struct, frozen=True):
    """The first part of a path that selects nothing: its characters in the path, and a sentence about it."""

    message: str
    offset: int
    length: int


def explain(path: str, document: Json) -> Absence:
    """Where a path that selects nothing leaves the document. Raises as `query.find`."""
    from jsonpath import JSONPath

    parsed = query.parse(path)
    values, outer = [document], "$"
    for number, segment in enumerate(parsed.segments):
        beginning = JSONPath(env=parsed.env, segments=parsed.segments[: number + 1])
        found = query.find(str(beginning), document).values
        if not found:
            following = [each.token.index for each in parsed.segments[number + 1 :]]
            begin, end = segment.token.index, following[0] if following else len(path)
            begin += path[begin : begin + 2] != ".." and path[begin] == "."
            return Absence(_sentence(outer, values, segment), begin, max(1, end - begin))
        values, outer = found, shortened(str(beginning))
    return Absence(f"there is nothing at {path}", 0, len(path))


def _sentence(outer: str, values: list[Json], segment: object) -> str:
    from jsonpath.segments import JSONPathChildSegment
    from jsonpath.selectors import IndexSelector, NameSelector

    value = values[0]
    selectors = segment.selectors if isinstance(segment, JSONPathChildSegment) else ()
    names = [selector.name for selector in selectors if isinstance(selector, NameSelector)]
    indexes = [selector.index for selector in selectors if isinstance(selector, IndexSelector)]
    if names and isinstance(value, dict):
        there = {name for each in values if isinstance(each, dict) for name in each}
        return f"{outer} has no `{names[0]}`{suggestion(names[0], there, 'it is empty')}"
    if names and isinstance(value, list):
        return f"{outer} is an array of {len(value)}: name an element, as in `{outer}[0]`, or all of them, `{outer}[*]`"
    if indexes and isinstance(value, list):
        return f"{outer} has no element {indexes[0]}: it has {len(value)}"
    if isinstance(value, dict | list) or len(values) > 1:
        return f"nothing in {outer} is selected by the rest of the path"
    return f"{outer} is {show_with_kind(value)}, which has nothing inside"
