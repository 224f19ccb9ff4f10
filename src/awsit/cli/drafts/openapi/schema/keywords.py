"""The keywords of a schema that are followed here. One that is not as JSON Schema says restricts nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from awsit.model.json import Json

TYPES = ("string", "integer", "number", "boolean", "array", "object", "null")


def is_number(value: Json) -> bool:
    """Whether it is a number, which true and false are not."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def is_count(value: Json) -> bool:
    """Whether it is a whole number from 0 on."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_schema(value: Json) -> bool:
    return isinstance(value, Mapping | bool)


def _is_schemas(value: Json) -> bool:
    return isinstance(value, list) and bool(value)


def _is_object(value: Json) -> bool:
    return isinstance(value, Mapping)


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _is_flag(value: Json) -> bool:
    return isinstance(value, bool)


def _is_bound(value: Json) -> bool:
    return isinstance(value, bool) or is_number(value)


def _is_type(value: Json) -> bool:
    return isinstance(value, str | list)


def _is_texts(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


_RULES: dict[str, Callable[[Json], bool]] = {
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "enum", "prefixItems"), _is_schemas),
    **dict.fromkeys(("minimum", "maximum"), is_number),
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), _is_bound),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), is_count),
    **dict.fromkeys(("nullable", "readOnly", "writeOnly", "uniqueItems"), _is_flag),
    **dict.fromkeys(("pattern", "format"), _is_text),
    **dict.fromkeys(("items", "additionalProperties"), _is_schema),
    **dict.fromkeys(("properties", "discriminator"), _is_object),
    "multipleOf": lambda value: is_number(value) and value > 0,
    "required": _is_texts,
    "type": _is_type,
    "examples": lambda value: isinstance(value, list),
    "const": lambda _: True,
    "default": lambda _: True,
    "example": lambda _: True,
}


def is_well_formed(keyword: str, value: Json) -> bool:
    """Whether the value is of the keyword's kind; true for keywords that are not followed."""
    return keyword not in _RULES or _RULES[keyword](value)


def well_formed(schema: Mapping[str, Json]) -> dict[str, Json]:
    """The keywords that are followed, each with a value of its own kind."""
    return {key: value for key, value in schema.items() if key in _RULES and is_well_formed(key, value)}
