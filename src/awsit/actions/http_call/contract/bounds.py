"""What the check of a response may cost: schemas of a contract that refer to themselves, alternatives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from jsonschema import validators
from jsonschema.protocols import Validator
from jsonschema_path import SchemaPath
from openapi_core.validation.schemas.factories import SchemaValidatorsFactory

from awsit.expressions import budget
from awsit.expressions.assertions.json_schema.validator import counted

_CHARACTERS_PER_ERROR = 256
"""What an error takes of the budget of texts, which is then one of some hundred megabytes."""

_Keyword = Callable[[Any, Any, Any, Any], Iterator[Any]]


class BoundedSchemas(SchemaValidatorsFactory):
    """Makes the validators of schemas that `schemas` would make, which keep to the budget."""

    def __init__(self, schemas: SchemaValidatorsFactory) -> None:
        super().__init__(schemas.schema_validator_cls, schemas.format_checker)
        self._schemas = schemas

    def get_validator_cls(self, spec: SchemaPath, schema: SchemaPath) -> type[Validator]:
        """The class for a schema, by its dialect."""
        bounded: type[Validator] = counted(self._schemas.get_validator_cls(spec, schema), _bounded)
        return bounded


def _bounded(base: Any) -> Any:
    """The class of validators with the same verdicts and errors, which counts the errors that an error keeps."""
    keywords = {name: _holding(base.VALIDATORS[name]) for name in ("anyOf", "oneOf") if name in base.VALIDATORS}
    extend: Any = validators.extend  # it ships no types
    return extend(base, keywords)


def _holding(keyword: _Keyword) -> _Keyword:
    def check(validator: Any, schemas: Any, instance: Any, schema: Any) -> Iterator[Any]:
        for error in keyword(validator, schemas, instance, schema):
            budget.hold(_CHARACTERS_PER_ERROR * len(error.context))
            yield error

    return check
