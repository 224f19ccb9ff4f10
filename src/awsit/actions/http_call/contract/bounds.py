"""What the check of a response may cost: schemas of a contract that refer to themselves, alternatives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from jsonschema import validators
from jsonschema.protocols import Validator
from jsonschema_path import SchemaPath
from openapi_core.validation.schemas.factories import SchemaValidatorsFactory

from awsit.expressions import budget
from awsit.expressions.assertions.json_schema.keywords import BOUNDED
from awsit.expressions.assertions.json_schema.validator import counted

_CHARACTERS_PER_ERROR = 512
"""What an error takes of the budget of texts, which is then one of some hundred megabytes."""
_BOUNDED = ("pattern", "patternProperties", "uniqueItems")
"""Keywords for which the library takes unbounded time."""

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
    """The class of validators with the same verdicts, which counts the errors that there are and that they keep."""
    known = base.VALIDATORS
    bounded = {name: BOUNDED[name] for name in _BOUNDED if name in known}
    if "additionalProperties" in known:
        bounded["additionalProperties"] = _additional_properties(known["additionalProperties"])
    extend: Any = validators.extend  # it ships no types
    return extend(base, {name: _holding(keyword) for name, keyword in {**known, **bounded}.items()})


def _additional_properties(keyword: _Keyword) -> _Keyword:
    """As the dialect has it, but for the patterns of `patternProperties`, to which it would give unbounded time."""

    def check(validator: Any, allowed: Any, instance: Any, schema: Any) -> Iterator[Any]:
        chosen = BOUNDED["additionalProperties"] if "patternProperties" in schema else keyword
        return chosen(validator, allowed, instance, schema)

    return check


def _holding(keyword: _Keyword) -> _Keyword:
    def check(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
        if isinstance(value, list):
            budget.spend(len(value))
        for error in keyword(validator, value, instance, schema) or ():
            if not isinstance(error.validator, str):  # a new one: others come from schemas inside
                budget.hold(_CHARACTERS_PER_ERROR * (1 + len(error.context)))
            yield error

    return check
