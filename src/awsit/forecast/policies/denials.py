"""What of a plan's permissions the policies of a role surely do not allow.

It errs on the side of silence: an ARN with `*` for what is not known yet is taken for allowed if any of those that it
may become is; a statement with conditions, or one that names what it does not mean, allows all that it could.
Source: IAM user guide, "Policy evaluation logic".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from awsit.model.json import Json
from awsit.model.permissions import Permission


def denied(needed: Iterable[Permission], policies: Iterable[Json]) -> tuple[Permission, ...]:
    """The permissions that a role with these policy documents surely lacks, in order, each once."""
    statements = [each for policy in policies for each in _listed(policy.get("Statement"))]
    return tuple(dict.fromkeys(each for each in needed if not _may_be_allowed(each, statements)))


def _may_be_allowed(needed: Permission, statements: list[Mapping[str, Json]]) -> bool:
    allows = (each for each in statements if each.get("Effect") == "Allow")
    denies = (each for each in statements if each.get("Effect") == "Deny" and not each.get("Condition"))
    return any(_may_name(each, needed) for each in allows) and not any(_surely_names(each, needed) for each in denies)


def _may_name(statement: Mapping[str, Json], needed: Permission) -> bool:
    if "NotAction" in statement or "NotResource" in statement:
        return True
    return _names_action(statement, needed) and any(
        overlap(str(pattern), needed.resource) for pattern in _listed(statement.get("Resource"))
    )


def _surely_names(statement: Mapping[str, Json], needed: Permission) -> bool:
    """Whether the statement names all that the permission may become; only `*` is sure for what is not known."""
    known = "*" not in needed.resource and "?" not in needed.resource
    return _names_action(statement, needed) and any(
        pattern == "*" or (known and overlap(str(pattern), needed.resource))
        for pattern in _listed(statement.get("Resource"))
    )


def _names_action(statement: Mapping[str, Json], needed: Permission) -> bool:
    return any(overlap(str(each).lower(), needed.action.lower()) for each in _listed(statement.get("Action")))


def _listed(value: Json) -> Iterator[Json]:
    """The elements of a list, or the one value in its place."""
    yield from value if isinstance(value, list) else [] if value is None else [value]


@cache
def overlap(first: str, second: str) -> bool:
    """Whether some text matches both patterns, in which `*` stands for any characters and `?` for one."""
    reached = {0}  # how much of `second` the part of `first` so far may have used up
    for character in first:
        reached = _after(character, _past_stars(reached, second), second)
    return len(second) in _past_stars(reached, second)


def _past_stars(reached: set[int], second: str) -> set[int]:
    """The places, and those after the `*` that begin there, which may stand for nothing."""
    places: set[int] = set()
    for place in reached:
        end = place
        while end < len(second) and second[end] == "*":
            end += 1
        places.update(range(place, end + 1))
    return places


def _after(character: str, places: set[int], second: str) -> set[int]:
    """The places that one character of the first pattern leads to."""
    if character == "*":
        return set(range(min(places), len(second) + 1)) if places else set()
    stars = {place for place in places if place < len(second) and second[place] == "*"}
    same = {place + 1 for place in places if place < len(second) and _is_same(character, second[place])}
    return stars | same


def _is_same(one: str, other: str) -> bool:
    return "?" in (one, other) or one == other
