"""The parts of an action that are rendered: `{{ templates }}` mean nothing in any other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from awsit.expressions.templates import template
from awsit.identity import Identity
from awsit.model.json import OBJECTS, Json
from awsit.scenario.schema.keys import CHOICE, CONTROL_CHILDREN, PARALLEL
from awsit.scenario.schema.walk import ActionSite

PlacedText = tuple[str, str, bool]
"""The path of a template, its text, and whether it is a key."""

_RENDERED = ("for_each", "let", "params", "assert", "when", "at")
_REPEATED = {"until": ("assert", "fail_when"), "during": ("assert",)}


def rendered_parts(raw: Mapping[str, Json], path: str) -> Iterator[tuple[str, Any]]:
    """The path and value of each rendered part of an action, without the actions inside it."""
    for key in _RENDERED:
        if key in raw:
            yield f"{path}.{key}", _without_children(raw, raw[key]) if key == "params" else raw[key]
    for repeated, keys in _REPEATED.items():
        part = raw.get(repeated)
        if isinstance(part, OBJECTS):
            yield from ((f"{path}.{repeated}.{key}", part[key]) for key in keys if key in part)


def rendered_texts(site: ActionSite) -> Sequence[tuple[str, str, Sequence[PlacedText]]]:
    """The key and path of each rendered part of an action that has templates, with these."""
    return _rendered_texts(Identity(site))


@lru_cache(maxsize=256)  # the actions of one scenario, which several checks go through
def _rendered_texts(same: Identity[ActionSite]) -> Sequence[tuple[str, str, Sequence[PlacedText]]]:
    site = same.value
    placed = (
        (place[len(site.path) + 1 :], place, tuple(template.placed_texts(value, place)))
        for place, value in rendered_parts(site.raw, site.path)
    )
    return tuple(each for each in placed if each[-1])


def assertion_lists(raw: Mapping[str, Json], path: str) -> Iterator[tuple[str, list[Json]]]:
    """The paths and values of an action's lists of assertions."""
    if isinstance(raw.get("assert"), list):
        yield f"{path}.assert", raw["assert"]
    for repeated, keys in _REPEATED.items():
        part = raw.get(repeated)
        if isinstance(part, OBJECTS):
            yield from ((f"{path}.{repeated}.{key}", part[key]) for key in keys if isinstance(part.get(key), list))


def _without_children(raw: Mapping[str, Json], params: Json) -> Json:
    if raw.get("type") in (PARALLEL, CHOICE) and isinstance(params, Mapping):
        return {key: value for key, value in params.items() if key not in CONTROL_CHILDREN}
    return params
