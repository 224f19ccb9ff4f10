from typing import Any

import jsonschema
import pytest
from referencing._core import Resolver

from awsit.expressions.assertions.json_schema import formats, metaschema, validator

DIALECTS = (
    jsonschema.Draft202012Validator,
    jsonschema.Draft201909Validator,
    jsonschema.Draft7Validator,
    jsonschema.Draft6Validator,
    jsonschema.Draft4Validator,
    jsonschema.Draft3Validator,
)
SCHEMAS: tuple[Any, ...] = (
    True,
    [],
    {},
    {"type": "text"},
    {"type": ["string", "string"]},
    {"required": ["a"], "properties": {"a": {"$ref": "#/$defs/b"}}, "$defs": {"b": {"enum": [1]}}},
    {"required": "a"},
    {"properties": {"a": {"required": [1]}}},
    {"items": {"anyOf": []}},
    {"allOf": [{"not": {"pattern": "("}}]},
    {"patternProperties": {"[": {}}},
    {"dependencies": {"a": ["b", 1]}},
    {"dependentRequired": {"a": "b"}},
    {"prefixItems": [{"minItems": -1}]},
    {"$defs": {"a": {"$id": 1}}},
    {"if": {"unevaluatedItems": {"multipleOf": 0}}},
    {"$dynamicAnchor": "#", "type": 1},
    {"contentSchema": 1, "title": 2},
)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("schema", SCHEMAS)
def test_it_says_of_a_schema_what_the_metaschema_in_parts_says(dialect: Any, schema: Any) -> None:
    in_parts = dialect(dialect.META_SCHEMA, format_checker=formats.checker())

    first = next(in_parts.iter_errors(schema), None)
    found = next(metaschema.validator(dialect).iter_errors(schema), None)

    assert (found and found.message, found and [*found.absolute_path]) == (
        first and first.message,
        first and [*first.absolute_path],
    )


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_metaschema_satisfies_itself(dialect: Any) -> None:
    assert [*metaschema.validator(dialect).iter_errors(dialect.META_SCHEMA)] == []


def test_a_schema_inside_is_looked_up_once_not_once_a_vocabulary(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[str] = []
    lookup = Resolver.lookup

    def counted(resolver: Any, ref: str) -> Any:
        looked_up.append(ref)
        return lookup(resolver, ref)

    monkeypatch.setattr(Resolver, "lookup", counted)

    assert validator.problem({"anyOf": [{"const": number} for number in range(500)]}) == ""
    assert len(looked_up) < 2 * 500
