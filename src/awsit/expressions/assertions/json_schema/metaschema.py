"""Whether a value is a JSON Schema: what the metaschema of its dialect says."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from awsit.expressions.assertions.json_schema import formats
from awsit.model.json import Json

_TO_ITSELF: Final[tuple[Json, ...]] = ({"$dynamicRef": "#meta"}, {"$recursiveRef": "#"})
"""How a vocabulary refers to the metaschema that it is part of (2020-12 and 2019-09)."""


@cache
def validator(dialect: Any) -> Any:
    """The validator that a schema of the dialect, a class of jsonschema, has to satisfy."""
    return dialect(_in_one(dialect.META_SCHEMA), format_checker=formats.checker())


def _in_one(metaschema: Mapping[str, Json]) -> Json:
    """The metaschema with the properties of all its vocabularies.

    Since 2019-09 a metaschema is put together from vocabularies (JSON Schema 2020-12 core, section 8.1.2). jsonschema
    would hold every schema inside to each of them, which takes fourteen times as long.
    """
    from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped] # it ships no types

    if "allOf" not in metaschema:
        return metaschema
    resolver = REGISTRY.resolver(metaschema["$id"])
    vocabularies = [resolver.lookup(part["$ref"]).contents for part in metaschema["allOf"]]
    parts = [*vocabularies, metaschema]
    merged = {
        name: {key: value for part in parts for key, value in part.get(name, {}).items()}
        for name in ("properties", "$defs")
    }
    return {"type": metaschema["type"], **_own_references(merged)}


def _own_references(value: Json) -> Json:
    """The value with references into the merged metaschema, instead of `meta/validation#/$defs/stringArray`."""
    if value in _TO_ITSELF:
        return {"$ref": "#"}
    if isinstance(value, Mapping) and isinstance(value.get("$ref"), str):
        return {**value, "$ref": value["$ref"][value["$ref"].index("#") :]}
    if isinstance(value, Mapping):
        return {key: _own_references(item) for key, item in value.items()}
    return [_own_references(item) for item in value] if isinstance(value, list) else value
