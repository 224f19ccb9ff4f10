"""`matches`: a document that holds at least what a pattern says, with markers for values that cannot be known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from msgspec import Struct

from awsit.errors import ExpressionError, Problem
from awsit.expressions.assertions import markers
from awsit.expressions.assertions.comparison import OTHER_FORM, is_in_other_form
from awsit.expressions.templates.segments import is_template
from awsit.expressions.values import ABSENT, kind, same, show
from awsit.model.json import Json
from awsit.model.text.counts import count
from awsit.model.text.paths import child_path
from awsit.patterns import lazy_pattern

MAX_UNORDERED = 500
"""Items of an array that may be matched in any order."""

_PLAIN_NAME = lazy_pattern(r"[^\W\d]\w*")


class Rules(Struct, frozen=True):
    """`strict`: objects have no keys but those of the pattern. `any_order`: the order of arrays does not matter."""

    strict: bool = False
    any_order: bool = False


def mismatches(pattern: Json, actual: Json, path: str, rules: Rules) -> Iterator[str]:
    """Each place where `actual` (which may be `ABSENT`) differs from the pattern, as a sentence."""
    marker = markers.find(pattern) if isinstance(pattern, str) else None
    if marker is not None:
        yield from marker.mismatches(actual, path)
    elif actual is ABSENT or kind(pattern) != kind(actual):
        yield f"{path}: expected {show(pattern)}, {markers.got(actual)}"
    elif isinstance(pattern, Mapping):
        yield from _object(pattern, actual, path, rules)
    elif isinstance(pattern, list):
        yield from _array(pattern, actual, path, rules)
    elif not same(pattern, actual):
        form = f": {OTHER_FORM}" if is_in_other_form(pattern, actual) else ""
        yield f"{path}: expected {show(pattern)}, {markers.got(actual)}{form}"


def matches(pattern: Json, actual: Json, rules: Rules) -> bool:
    """Whether there is no mismatch."""
    return next(mismatches(pattern, actual, "", rules), None) is None


def aligned(pattern: Json, actual: Json, rules: Rules) -> Json:
    """The pattern with each part that holds replaced by the actual value, so that a diff shows only what differs."""
    if matches(pattern, actual, rules):
        return actual
    if isinstance(pattern, Mapping) and isinstance(actual, Mapping):
        there = {key: aligned(item, actual.get(key, ABSENT), rules) for key, item in pattern.items()}
        more = {} if rules.strict else {key: item for key, item in actual.items() if key not in pattern}
        return {key: item for key, item in {**there, **more}.items() if item is not ABSENT}
    if isinstance(pattern, list) and isinstance(actual, list) and not rules.any_order:
        pairs = zip(pattern, actual, strict=False)
        return [*(aligned(item, other, rules) for item, other in pairs), *pattern[len(actual) :]]
    return pattern


def child(path: str, key: str) -> str:
    """The path of an object's key, as JSONPath writes it."""
    return f"{path}.{key}" if _PLAIN_NAME.fullmatch(key) else f"{path}['{key}']"


def problems(pattern: Json, path: str) -> Iterator[Problem]:
    """Each text in the pattern that begins with `#` and is no marker."""
    if isinstance(pattern, str) and pattern.startswith("#") and not is_template(pattern):
        try:
            markers.parse(pattern)
        except ExpressionError as error:
            yield Problem(error.code, error.message, path, error.hint)
    elif isinstance(pattern, Mapping):
        for key, item in pattern.items():
            yield from problems(item, child_path(path, key))
    elif isinstance(pattern, list):
        for index, item in enumerate(pattern):
            yield from problems(item, child_path(path, index))


def _object(pattern: Mapping[str, Json], actual: Mapping[str, Json], path: str, rules: Rules) -> Iterator[str]:
    for key, item in pattern.items():
        yield from mismatches(item, actual.get(key, ABSENT), child(path, key), rules)
    if rules.strict:
        for key in actual:
            if key not in pattern:
                yield f"{child(path, key)}: not expected, {markers.got(actual[key])}"


def _array(pattern: list[Json], actual: list[Json], path: str, rules: Rules) -> Iterator[str]:
    if len(pattern) != len(actual):
        yield f"{path}: expected {count(len(pattern), 'item')}, got {len(actual)}"
    if rules.any_order:
        for item in islice(_unmatched(pattern, actual, rules), 1 if len(pattern) > len(actual) else None):
            yield f"{path}: expected an item {show(item)}, found none"
        return
    for index, (item, other) in enumerate(zip(pattern, actual, strict=False)):
        yield from mismatches(item, other, f"{path}[{index}]", rules)


def _unmatched(pattern: list[Json], actual: list[Json], rules: Rules) -> Iterator[Json]:
    """Items of the pattern without a partner of their own (a maximum bipartite matching, Kuhn's algorithm)."""
    if max(len(pattern), len(actual)) > MAX_UNORDERED:
        message = f"`any_order` works on arrays of at most {MAX_UNORDERED} items"
        raise ExpressionError(message, code="too_large", hint="select a part of the array with `path`")
    fits = [[index for index, item in enumerate(actual) if matches(wanted, item, rules)] for wanted in pattern]
    partner: dict[int, int] = {}
    for number, wanted in enumerate(pattern):
        if not _find_partner(number, fits, partner):
            yield wanted


def _find_partner(number: int, fits: list[list[int]], partner: dict[int, int]) -> bool:
    """Give the item of the pattern a partner, moving others along an augmenting path, searched breadth first."""
    came_from: dict[int, int] = {}
    queue = [number]
    for wanted in queue:
        for index in fits[wanted]:
            if index in came_from:
                continue
            came_from[index] = wanted
            if index not in partner:
                _reassign(index, number, came_from, partner)
                return True
            queue.append(partner[index])
    return False


def _reassign(index: int, number: int, came_from: dict[int, int], partner: dict[int, int]) -> None:
    while True:
        wanted = came_from[index]
        previous = next((at for at, holder in partner.items() if holder == wanted), None)
        partner[index] = wanted
        if wanted == number or previous is None:
            return
        index = previous
