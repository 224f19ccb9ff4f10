"""Why a path selects nothing: where it leaves the document, and what there is instead."""

from __future__ import annotations

from msgspec import Struct

from awsit.errors import ExpressionError
from awsit.expressions.jsonpath import query
from awsit.expressions.jsonpath.embedded import read, shortened
from awsit.expressions.values import show_with_kind
from awsit.model.json import Json
from awsit.suggestions import DID_YOU_MEAN, suggestion

_MOST_NAMES = 1000
"""Names that a misspelt one is compared with while a run goes on."""


class Absence(Struct, frozen=True):
    """The first part of a path that selects nothing: its characters in the path, and a sentence about it."""

    message: str
    offset: int
    length: int


class _Departure(Struct, frozen=True):
    """Where a path leaves the document: the last part that selects something, its values, and what follows it."""

    outer: str
    values: list[Json]
    segment: object
    number: int


def explain(path: str, document: Json) -> Absence:
    """Where a path that selects nothing leaves the document. Raises as `query.find`."""
    left = _departure(path, document)
    if left is None:
        return Absence(f"there is nothing at {path}", 0, len(path))
    begin, *following = [each.token.index for each in query.parse(path).segments[left.number :]]
    end = following[0] if following else len(path)
    begin += path[begin : begin + 2] != ".." and path[begin] == "."
    sentence = _sentence(left) or f"nothing in {left.outer} is selected by the rest of the path"
    return Absence(sentence, begin, max(1, end - begin))


def slip(path: str, document: Json) -> str:
    """What the writer of a path that selects nothing most likely overlooked, as a sentence.

    It is empty for a name that is not there and is like no other: perhaps it is still to come.
    """
    try:
        left = _departure(path, document)
    except ExpressionError:
        return ""  # too large for a second look
    if left is None:
        return ""
    value = left.values[0]
    if value is None and query.is_absent(left.outer, document):
        return f"{left.outer} is not there"
    if isinstance(value, str) and (problem := read(value).problem):
        return f"{left.outer} {problem}"
    if isinstance(value, dict) and len(value) > _MOST_NAMES:
        return ""
    sentence = _sentence(left)
    return sentence if DID_YOU_MEAN in sentence or not isinstance(value, dict) else ""


def _departure(path: str, document: Json) -> _Departure | None:
    from jsonpath import JSONPath

    parsed = query.parse(path)
    values, outer = [document], "$"
    for number, segment in enumerate(parsed.segments):
        beginning = JSONPath(env=parsed.env, segments=parsed.segments[: number + 1])
        found = query.find(str(beginning), document).values
        if not found:
            return _Departure(outer, values, segment, number)
        values, outer = found, shortened(str(beginning))
    return None


def _sentence(left: _Departure) -> str:
    from jsonpath.segments import JSONPathChildSegment
    from jsonpath.selectors import IndexSelector, NameSelector

    outer, values, segment = left.outer, left.values, left.segment
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
        return ""
    return f"{outer} is {show_with_kind(value)}, which has nothing inside"
