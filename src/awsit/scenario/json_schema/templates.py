"""JSON Schemas in which a `{{ template }}` may stand for a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

TEMPLATE = {"type": "string", "pattern": r"\{\{", "description": "Text with `{{ expressions }}`."}
TEMPLATE_REF = {"$ref": "#/$defs/Template"}

_ANNOTATIONS = ("description", "default", "examples", "deprecated")
_LIMITS_OF_TEXT = frozenset({"enum", "const", "pattern", "format", "minLength", "maxLength"})
_LIMITS = {"gt": "exclusiveMinimum", "ge": "minimum", "lt": "exclusiveMaximum", "le": "maximum"}
"""Limits by pydantic's names, which stay in its schema where a validator of our own comes before them."""
_MAPS = ("properties", "patternProperties", "$defs")
_SINGLE = ("items", "additionalProperties", "not")
_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")


def tidy(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Pydantic's schema without the titles that it makes of every name, and with all limits named as in JSON Schema."""
    changed = _inside(schema, tidy)
    if "patternProperties" in changed:
        changed.setdefault("additionalProperties", False)
    return {_LIMITS.get(key, key): value for key, value in changed.items() if key != "title"}


def with_templates(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of an object whose values, at any depth, may be templates; the object itself may not."""
    return _inside(schema, _or_template, keep=_LISTS)


def _or_template(schema: Mapping[str, Any]) -> dict[str, Any]:
    inner = with_templates(schema)
    if _takes_any_text(schema):
        return inner
    if "anyOf" in inner:
        return {**inner, "anyOf": [*inner["anyOf"], TEMPLATE_REF]}
    notes = {key: inner.pop(key) for key in _ANNOTATIONS if key in inner}
    return {**notes, "anyOf": [inner, TEMPLATE_REF]}


def _takes_any_text(schema: Mapping[str, Any]) -> bool:
    if "anyOf" in schema:
        return any(_takes_any_text(each) for each in schema["anyOf"])
    kinds = schema.get("type", ["string"] if not schema.keys() - set(_ANNOTATIONS) else [])
    return "string" in ([kinds] if isinstance(kinds, str) else kinds) and not schema.keys() & _LIMITS_OF_TEXT


def _inside(
    schema: Mapping[str, Any], change: Callable[[Mapping[str, Any]], dict[str, Any]], keep: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The schema with `change` made to each schema inside; in alternatives (`keep`) only to what is inside them."""
    changed = dict(schema)
    for key, value in schema.items():
        if key in _MAPS:
            changed[key] = {name: change(each) for name, each in value.items()}
        elif key in _SINGLE and isinstance(value, Mapping):
            changed[key] = change(value)
        elif key in _LISTS:
            changed[key] = [_inside(each, change, keep) if key in keep else change(each) for each in value]
    return changed
