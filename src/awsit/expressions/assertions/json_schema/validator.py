"""JSON Schema (https://json-schema.org/draft/2020-12), with exact numbers and no access to the network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any

from awsit.errors import ExpressionError
from awsit.expressions import budget
from awsit.expressions.assertions.json_schema import formats, keywords, metaschema
from awsit.expressions.values import is_integer, show
from awsit.model.json import Json

MAX_ERRORS = 1000
"""Errors of one document that are found; a message shows fewer."""
_STEPS_PER_SCHEMA = 3
"""A use of a schema takes longer than the visit of a node."""

_NAME_THE_KEYS = {"required", "additionalProperties", "dependentRequired", "unevaluatedProperties"}
"""Keywords whose message in jsonschema names the keys that it is about."""


def problem(schema: Json) -> str:
    """What is wrong with the schema itself; empty when nothing is."""
    error = next(metaschema.validator(_class_for(schema)).iter_errors(schema), None)
    if error is not None:
        place = "".join(f"[{part!r}]" for part in error.absolute_path)
        return f"the JSON Schema is not valid{f' at {place}' if place else ''}: {error.message}"
    if keywords.conflict(schema):
        return "`unevaluatedProperties` does not work with `patternProperties`; use `additionalProperties`"
    return ""


def errors(schema: Json, document: Json, path: str) -> Iterator[str]:
    """Each keyword that the document does not satisfy, as a sentence.

    Raises ExpressionError, code `bad_schema`, for a `$ref` that leads nowhere, and `too_large`.
    """
    from referencing.exceptions import Unresolvable

    try:
        with budget.evaluation():
            found = [sentence(error, path) for error in islice(_validator(schema).iter_errors(document), MAX_ERRORS)]
    except Unresolvable as error:
        message = f"the JSON Schema refers to `{error.ref}`, which is not in it"
        raise ExpressionError(message, code="bad_schema", hint="put it under `$defs`; nothing is fetched") from error
    except ArithmeticError as error:
        raise ExpressionError("the JSON Schema compares numbers of too many digits", code="too_large") from error
    except RecursionError as error:
        message = "the JSON Schema refers to itself without an end, or goes too deep"
        raise ExpressionError(message, code="bad_schema", hint="let each `$ref` lead to a part of the value") from error
    yield from found


def place_of(error: Any, path: str) -> str:
    """The path of what a jsonschema error is about; `path` is that of the document."""
    return path + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)


def sentence(error: Any, path: str) -> str:
    """A jsonschema error as a sentence that begins with its place."""
    place = place_of(error, path)
    if error.validator in _NAME_THE_KEYS:
        return f"{place}: {error.message}"
    if error.validator is None:  # the schema `false`
        return f"{place}: nothing is allowed here, got {show(error.instance)}"
    return f"{place}: {show(error.instance)} does not satisfy `{error.validator}: {show(error.validator_value)}`"


@cache
def counted(base: Any, bound: Callable[[Any], Any]) -> Any:
    """The class of validators that `bound` makes of a dialect's, whose every use of a schema takes steps of the budget.

    A schema inside that names another dialect (JSON Schema 2020-12 core, section 8.1.1) is held to that one, likewise.
    """
    from jsonschema import validators

    extend: Any = validators.extend  # it ships no types
    counting = extend(bound(base))
    evolve = counting.evolve

    def counted_evolve(self: Any, **changes: Any) -> Any:
        """The validator of a schema inside; by its own `$schema` jsonschema would take one that does not count."""
        budget.spend(_STEPS_PER_SCHEMA)
        inner = changes.get("schema", self.schema)
        if not (isinstance(inner, Mapping) and "$schema" in inner):
            return evolve(self, **changes)
        changes["schema"] = {key: value for key, value in inner.items() if key != "$schema"}
        dialect = validators.validator_for(inner, default=base)
        if dialect is base:
            return evolve(self, **changes)
        changes.setdefault("_resolver", self._resolver)
        return counted(dialect, bound)(format_checker=self.format_checker, **changes)

    counting.evolve = counted_evolve
    return counting


def _validator(schema: Json) -> Any:
    from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped] # it ships no types

    bounded = counted(_class_for(schema), _bounded)
    return bounded(schema, registry=REGISTRY, format_checker=formats.checker())


def _bounded(base: Any) -> Any:
    """The validator of a dialect with exact numbers, whose keywords take bounded time and memory."""
    from jsonschema import validators

    types = base.TYPE_CHECKER.redefine("integer", lambda _, value: is_integer(value))
    types = types.redefine("number", lambda _, value: isinstance(value, int | Decimal) and not isinstance(value, bool))
    extend: Any = validators.extend  # it ships no types
    return extend(base, keywords.BOUNDED, type_checker=types)


def _class_for(schema: Json) -> Any:
    from jsonschema import Draft202012Validator, validators

    return validators.validator_for(schema if isinstance(schema, Mapping) else {}, default=Draft202012Validator)
