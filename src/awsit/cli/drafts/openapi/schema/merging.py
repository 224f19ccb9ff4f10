"""Schemas with their references resolved and the parts of their `allOf` put together."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from awsit.cli.drafts.openapi.document import OpenApi, UndraftableError
from awsit.cli.drafts.openapi.schema.keywords import TYPES, well_formed
from awsit.model.json import Json

Detail = dict[str, Json]
"""A schema without `$ref` and `allOf`, and with well-formed keywords only."""

_GREATEST = ("minimum", "minLength", "minItems", "minProperties")
_LEAST = ("maximum", "maxLength", "maxItems", "maxProperties")
_HINTS = {
    "properties": "object",
    "required": "object",
    "additionalProperties": "object",
    "items": "array",
    "minItems": "array",
    "pattern": "string",
    "minLength": "string",
    "maxLength": "string",
    "format": "string",
    "minimum": "number",
    "maximum": "number",
}
"""The type that a keyword speaks of, for schemas that leave `type` out."""


class Schemas(Struct):
    """The schemas of a document; a referenced one is put together once."""

    api: OpenApi
    _merged: dict[str, Detail] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)

    def merged(self, schema: Json) -> Detail:
        """The schema as one. Raises UndraftableError for a reference that leads nowhere or in a circle."""
        if not isinstance(schema, Mapping):
            return {}
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return self._whole(schema)
        target = self._referenced(reference)
        beside = {} if self.api.is_3_0 else {key: value for key, value in schema.items() if key != "$ref"}
        return _both(target, self._whole(beside)) if beside else target

    def _referenced(self, reference: str) -> Detail:
        if reference in self._open:
            raise UndraftableError(f"the schema {reference} contains itself without end")
        if reference not in self._merged:
            self._open.add(reference)
            try:
                self._merged[reference] = self.merged(self.api.target(reference))
            finally:
                self._open.discard(reference)
        return self._merged[reference]

    def _whole(self, schema: Mapping[str, Json]) -> Detail:
        whole = well_formed(schema)
        for part in reversed(whole.pop("allOf", ())):
            whole = _both(self.merged(part), whole)
        return whole


def kinds(detail: Detail) -> list[str]:
    """The JSON types that a schema allows, empty for any; OpenAPI 3.0 says `nullable` where 3.1 lists `null`."""
    given = detail.get("type")
    found = [given] if isinstance(given, str) else list(given or ())
    found = [kind for kind in found if kind in TYPES]
    if not found:
        found = list(dict.fromkeys(kind for key, kind in _HINTS.items() if key in detail))[:1]
    return [*found, "null"] if detail.get("nullable") is True and found else found


def is_null(detail: Detail) -> bool:
    """Whether null is all that the schema allows."""
    return kinds(detail) == ["null"] or detail.get("enum") == [None]


def reference_of(schema: Json) -> str:
    """The reference that a schema is, also as the only part of an `allOf` (what 3.0 has for siblings); else empty."""
    if not isinstance(schema, Mapping):
        return ""
    parts = schema.get("allOf")
    if isinstance(parts, list) and len(parts) == 1:
        return reference_of(parts[0])
    reference = schema.get("$ref")
    return reference if isinstance(reference, str) else ""


def _both(inner: Detail, outer: Detail) -> Detail:
    """A schema that allows what both allow; what cannot be put together is the outer's."""
    both = {**inner, **outer}
    for key in inner.keys() & outer.keys():
        both[key] = _combined(key, inner[key], outer[key])
    return both


def _combined(key: str, inner: Json, outer: Json) -> Json:
    if key == "properties":
        shared = {name: {"allOf": [inner[name], outer[name]]} for name in inner.keys() & outer.keys()}
        return {**inner, **outer, **shared}
    if key == "required":
        return list(dict.fromkeys([*inner, *outer]))
    if key == "enum":
        return [each for each in outer if each in inner] or outer
    if key == "type":
        return _types(inner, outer)
    if key in _GREATEST:
        return max(inner, outer)
    return min(inner, outer) if key in _LEAST else outer


def _types(inner: Json, outer: Json) -> Json:
    first, second = ([each] if isinstance(each, str) else each for each in (inner, outer))
    shared = [kind for kind in second if kind in first or (kind == "integer" and "number" in first)]
    if "integer" in first and "number" in second:
        shared.append("integer")
    return shared or outer
