"""Whether a schema allows a value, as a request sends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from awsit.cli.drafts.openapi.document import OpenApi, UndraftableError
from awsit.cli.drafts.openapi.schema.keywords import is_number, is_well_formed
from awsit.cli.drafts.openapi.schema.merging import Schemas, kinds
from awsit.cli.drafts.openapi.written import sample
from awsit.errors import ExpressionError
from awsit.model.json import Json

Keyword = Callable[[Any, Any, Any, Any], Iterator[Any] | None]


class Validity:
    """Checks values against the schemas of a document, in the dialect of its version."""

    def __init__(self, api: OpenApi, schemas: Schemas) -> None:
        self._api = api
        self._schemas = schemas
        self._made: Any = None

    def problem(self, schema: Json, value: Json) -> str:
        """Why the schema does not allow the value; empty where it does."""
        if not isinstance(schema, Mapping):
            return ""
        try:
            error = next(self._validator(schema).iter_errors(sample(value)), None)
        except RecursionError:
            return "the schema contains itself without end"
        return "" if error is None else f"{error.json_path}: {error.message}"

    def _validator(self, schema: Json) -> Any:
        from jsonschema import Draft202012Validator, validators

        from awsit.expressions.assertions.json_schema.formats import checker
        from awsit.expressions.assertions.json_schema.keywords import BOUNDED

        if self._made is None:
            own = {"$ref": self._reference, "type": self._type, "required": self._required}
            own |= {"properties": self._properties, "minimum": _minimum, "maximum": _maximum}
            own |= {"exclusiveMinimum": _above, "exclusiveMaximum": _below}
            keywords = {**Draft202012Validator.VALIDATORS, **BOUNDED, **own}
            extend: Any = validators.extend  # it ships no types
            self._made = extend(Draft202012Validator, {key: _tolerant(key, each) for key, each in keywords.items()})
        return self._made(schema, format_checker=checker())

    def _reference(self, validator: Any, reference: str, instance: Json, _: Json) -> Iterator[Any]:
        try:
            target = self._api.target(reference)
        except UndraftableError as error:
            yield _error(str(error))
        else:
            yield from validator.descend(instance, target)

    def _type(self, validator: Any, _: Json, instance: Json, schema: Mapping[str, Json]) -> Iterator[Any]:
        """`nullable` counts beside `type` only (OpenAPI 3.0.3, Schema Object)."""
        allowed = kinds(dict(schema))
        if allowed and not any(validator.is_type(instance, kind) for kind in allowed):
            yield _error(f"{instance!r} is not of type {' or '.join(allowed)}")

    def _required(self, _: Any, names: list[str], instance: Json, schema: Mapping[str, Json]) -> Iterator[Any]:
        """A request need not hold what is read only."""
        properties = schema.get("properties", {})
        for name in names if isinstance(instance, Mapping) else ():
            if name not in instance and not self._is_read_only(properties.get(name)):
                yield _error(f"{name!r} is required")

    def _properties(self, validator: Any, named: Mapping[str, Json], instance: Json, _: Json) -> Iterator[Any]:
        for name, schema in named.items() if isinstance(instance, Mapping) else ():
            if name in instance and self._is_read_only(schema):
                yield _error(f"{name!r} is read only")
            elif name in instance:
                yield from validator.descend(instance[name], schema, path=name, schema_path=name)

    def _is_read_only(self, schema: Json) -> bool:
        try:
            return self._schemas.merged(schema).get("readOnly") is True
        except UndraftableError:
            return False


def _minimum(_: Any, least: Json, instance: Json, schema: Mapping[str, Json]) -> Iterator[Any]:
    if is_number(instance) and (instance < least or (schema.get("exclusiveMinimum") is True and instance == least)):
        yield _error(f"{instance} is less than it may be")


def _maximum(_: Any, most: Json, instance: Json, schema: Mapping[str, Json]) -> Iterator[Any]:
    if is_number(instance) and (instance > most or (schema.get("exclusiveMaximum") is True and instance == most)):
        yield _error(f"{instance} is more than it may be")


def _above(_: Any, limit: Json, instance: Json, __: Any) -> Iterator[Any]:
    """In 3.0 it is a flag, which `_minimum` looks at."""
    if is_number(limit) and is_number(instance) and instance <= limit:
        yield _error(f"{instance} is not more than {limit}")


def _below(_: Any, limit: Json, instance: Json, __: Any) -> Iterator[Any]:
    if is_number(limit) and is_number(instance) and instance >= limit:
        yield _error(f"{instance} is not less than {limit}")


def _tolerant(name: str, keyword: Keyword) -> Keyword:
    """The keyword's check; a keyword that is not as JSON Schema says restricts nothing."""

    def checked(validator: Any, value: Json, instance: Json, schema: Json) -> Iterator[Any]:
        try:
            errors = list(keyword(validator, value, instance, schema) or ()) if is_well_formed(name, value) else []
        except (TypeError, ValueError, ArithmeticError, AttributeError, KeyError, ExpressionError):
            errors = []
        yield from errors

    return checked


def _error(message: str) -> Exception:
    from jsonschema.exceptions import ValidationError

    return ValidationError(message)
