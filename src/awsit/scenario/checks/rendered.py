"""The parts of an action that are rendered: `{{ templates }}` mean nothing in any other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from awsit.model.json import Json
from awsit.scenario.schema.keys import CHOICE, CONTROL_CHILDREN, PARALLEL

_RENDERED = ("for_each", "let", "params", "assert", "when", "at")
_REPEATED = {"until": ("assert", "fail_when"), "during": ("assert",)}


def rendered_parts(raw: Mapping[str, Json], path: str) -> Iterator[tuple[str, Any]]:
    """The path and value of each rendered part of an action, without the actions inside it."""
    for key in _RENDERED:
        if key in raw:
            yield f"{path}.{key}", _without_children(raw, raw[key]) if key == "params" else raw[key]
    for repeated, keys in _REPEATED.items():
        part = raw.get(repeated)
        if isinstance(part, Mapping):
            yield from ((f"{path}.{repeated}.{key}", part[key]) for key in keys if key in part)


def assertion_lists(raw: Mapping[str, Json], path: str) -> Iterator[tuple[str, list[Json]]]:
    """The paths and values of an action's lists of assertions."""
    for place, value in rendered_parts(raw, path):
        if place.rpartition(".")[2] in {"assert", "fail_when"} and isinstance(value, list):
            yield place, value


def _without_children(raw: Mapping[str, Json], params: Json) -> Json:
    if raw.get("type") in (PARALLEL, CHOICE) and isinstance(params, Mapping):
        return {key: value for key, value in params.items() if key not in CONTROL_CHILDREN}
    return params
