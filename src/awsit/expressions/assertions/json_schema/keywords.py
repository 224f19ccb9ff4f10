"""Keywords of JSON Schema for which jsonschema takes unbounded time or memory: patterns, alternatives, values.

How jsonschema's `unevaluatedProperties` reads `patternProperties` cannot be replaced, so the two are refused together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import Any, Final

from awsit.expressions import budget, regex
from awsit.expressions.assertions import comparison
from awsit.expressions.values import is_number
from awsit.model.json import MAX_DIGITS, Json

_VALUES_PER_STEP = 16
"""Values of an `enum` that are compared while a node is visited."""
_WIDE = Context(prec=3 * MAX_DIGITS, Emax=MAX_EMAX, Emin=MIN_EMIN)


def conflict(schema: Json) -> bool:
    """Whether the schema holds, at any depth, keywords that together cannot be checked in bounded time."""
    return {"unevaluatedProperties", "patternProperties"} <= set(_keys(schema))


def _keys(schema: Json) -> Iterator[str]:
    if isinstance(schema, Mapping):
        yield from schema
    for item in schema.values() if isinstance(schema, Mapping) else schema if isinstance(schema, list) else ():
        yield from _keys(item)


def _pattern(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[Any]:
    if isinstance(instance, str) and not regex.found_as_in_schemas(pattern, instance):
        yield _error("does not match")


def _pattern_properties(validator: Any, named: Mapping[str, Json], instance: Any, _: Any) -> Iterator[Any]:
    if not isinstance(instance, Mapping):
        return
    for pattern, schema in named.items():
        for key, value in instance.items():
            if regex.found_as_in_schemas(pattern, key):
                yield from validator.descend(value, schema, path=key, schema_path=pattern)


def _additional_properties(validator: Any, allowed: Json, instance: Any, schema: Mapping[str, Json]) -> Iterator[Any]:
    if not isinstance(instance, Mapping):
        return
    extras = [key for key in instance if not _is_named(key, schema)]
    if isinstance(allowed, Mapping):
        for key in extras:
            yield from validator.descend(instance[key], allowed, path=key)
    elif allowed is False and extras:
        names = ", ".join(map(repr, extras))
        verb = "was" if len(extras) == 1 else "were"
        yield _error(f"Additional properties are not allowed ({names} {verb} unexpected)")


def _is_named(key: str, schema: Mapping[str, Json]) -> bool:
    return key in schema.get("properties", {}) or any(
        regex.found_as_in_schemas(pattern, key) for pattern in schema.get("patternProperties", {})
    )


def _unique_items(_: Any, wanted: Json, instance: Any, __: Any) -> Iterator[Any]:
    if wanted is True and isinstance(instance, list) and len(set(map(comparison.sort_key, instance))) < len(instance):
        yield _error("has non-unique elements")


def _multiple_of(_: Any, factor: Json, instance: Any, __: Any) -> Iterator[Any]:
    if is_number(instance) and _WIDE.remainder(Decimal(instance), Decimal(factor)) != 0:
        yield _error("is not a multiple")


def _enum(_: Any, allowed: list[Json], instance: Any, __: Any) -> Iterator[Any]:
    budget.spend(1 + len(allowed) // _VALUES_PER_STEP)
    if not any(comparison.equal(value, instance) for value in allowed):
        yield _error("is none of the values")


def _const(_: Any, value: Json, instance: Any, __: Any) -> Iterator[Any]:
    if not comparison.equal(value, instance):
        yield _error("is not the value")


def _any_of(validator: Any, schemas: list[Json], instance: Any, _: Any) -> Iterator[Any]:
    if not any(_holds(validator, instance, schema) for schema in schemas):
        yield _error("is not valid under any of the given schemas")


def _one_of(validator: Any, schemas: list[Json], instance: Any, _: Any) -> Iterator[Any]:
    if sum(_holds(validator, instance, schema) for schema in schemas) != 1:
        yield _error("is not valid under exactly one of the given schemas")


def _holds(validator: Any, instance: Any, schema: Json) -> bool:
    """Whether there is no error; jsonschema would collect all of them, which fills the memory when they are nested."""
    return next(validator.descend(instance, schema), None) is None


def _error(message: str) -> Exception:
    from jsonschema.exceptions import ValidationError

    return ValidationError(message)


BOUNDED: Final[Mapping[str, Callable[[Any, Any, Any, Any], Iterator[Any]]]] = {
    "anyOf": _any_of,
    "const": _const,
    "enum": _enum,
    "oneOf": _one_of,
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "uniqueItems": _unique_items,
    "multipleOf": _multiple_of,
}
