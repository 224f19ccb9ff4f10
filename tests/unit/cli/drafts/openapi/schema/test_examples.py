"""Values that are made up for schemas: each is one that the schema allows."""

from decimal import Decimal

import pytest

from awsit.cli.drafts.openapi.document import OpenApi, UndraftableError
from awsit.cli.drafts.openapi.schema.examples import Examples
from awsit.cli.drafts.openapi.schema.merging import Schemas
from awsit.cli.drafts.openapi.schema.validity import Validity

SCHEMAS = {
    "Pet": {
        "type": "object",
        "required": ["kind"],
        "discriminator": {"propertyName": "kind", "mapping": {"meow": "#/components/schemas/Cat"}},
        "properties": {"kind": {"type": "string"}},
    },
    "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"type": "object", "required": ["lives"]}]},
    "Dog": {
        "allOf": [
            {"$ref": "#/components/schemas/Pet"},
            {"type": "object", "required": ["bark"], "properties": {"bark": {"type": "boolean"}}},
        ]
    },
    "Node": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}, "n": {"type": "integer"}}},
    "List": {
        "type": "object",
        "required": ["all"],
        "properties": {"all": {"type": "array", "items": {"$ref": "#/components/schemas/List"}}},
    },
    "Either": {"oneOf": [{"$ref": "#/components/schemas/Loop"}, {"type": "integer"}]},
    "Loop": {"type": "object", "required": ["loop"], "properties": {"loop": {"$ref": "#/components/schemas/Loop"}}},
    "Maybe": {
        "type": "object",
        "required": ["on"],
        "properties": {"on": {"anyOf": [{"$ref": "#/components/schemas/Maybe"}, {"type": "null"}]}},
    },
}


def examples(version="3.1.0"):
    api = OpenApi({"openapi": version, "components": {"schemas": SCHEMAS}}, "api.json")
    schemas = Schemas(api)
    return Examples(api, schemas, Validity(api, schemas))


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def nested(depth):
    schema = {"type": "string"}
    for _ in range(depth):
        schema = {"type": "object", "required": ["a"], "properties": {"a": schema, "b": {"type": "string"}}}
    return schema


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer", "minimum": Decimal("2.5")}, 3),
        ({"type": "integer", "exclusiveMinimum": 3}, 4),
        ({"type": "integer", "minimum": 3, "multipleOf": 5}, 5),
        ({"type": "integer", "exclusiveMinimum": 5, "multipleOf": 5}, 10),
        ({"type": "integer", "maximum": -3}, -3),
        ({"type": "integer", "exclusiveMaximum": 1}, 0),
        ({"type": "integer", "minimum": 5, "exclusiveMinimum": 7}, 8),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, Decimal("0.5")),
        ({"type": "number", "minimum": Decimal("0.25")}, Decimal("0.25")),
        ({"type": "number", "multipleOf": Decimal("0.01"), "maximum": Decimal("0.5")}, Decimal("0.5")),
        ({"type": "string", "minLength": 8}, "textxxxx"),
        ({"type": "string", "maxLength": 2}, "te"),
        ({"type": "string", "pattern": "^[A-Z]{2}-\\d+$"}, "AA-5"),
        ({"type": "string", "pattern": "^x+$", "minLength": 12}, "x" * 12),
        ({"type": "string", "format": "date"}, "2030-01-01"),
        ({"type": "boolean"}, True),
        ({"enum": [3, 4]}, 3),
        ({"const": {"a": 1}}, {"a": 1}),
        ({"type": ["null", "integer"]}, 1),
        ({"type": "null"}, None),
        ({"type": "integer", "example": "wrong", "examples": [7]}, 7),
        ({"type": "integer", "default": 9}, 9),
        ({"minimum": 4}, 4),
        ({"pattern": "^a$"}, "a"),
    ],
)
def test_a_single_value(schema, value):
    assert examples().value(schema) == value


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "array", "items": {"type": "string"}}, ["text"]),
        ({"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 2, "uniqueItems": True}, ["a", "b"]),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": True}, [1, 2, 3]),
        ({"type": "array", "items": {"type": "string"}, "minItems": 2, "uniqueItems": True}, ["text", "text1"]),
        ({"type": "array", "maxItems": 0, "items": {}}, []),
        ({"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "minItems": 2}, [1, "text"]),
        ({"type": "object", "required": ["free"]}, {"free": "text"}),
        ({"type": "object", "required": ["n"], "additionalProperties": {"type": "integer"}}, {"n": 1}),
        ({"type": "object", "minProperties": 2, "additionalProperties": {"type": "integer"}}, {"key1": 1, "key2": 1}),
        ({"type": "object", "required": ["a"], "properties": {"a": {"readOnly": True}}}, {}),
        ({"properties": {"a": {"type": "integer"}}, "allOf": [{"required": ["b"]}]}, {"b": "text"}),
        (
            {
                "allOf": [{"properties": {"a": {"minimum": 3}}}, {"properties": {"a": {"type": "integer"}}}],
                "required": ["a"],
            },
            {"a": 3},
        ),
        (
            {"type": "object", "properties": {"a": {}, "b": {}}, "oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
            {"a": "text"},
        ),
        ({"anyOf": [{"type": "string", "pattern": "(?<=a)(?<!a)"}, {"type": "integer"}]}, 1),
        ({"oneOf": [{"type": "integer"}, {"type": "number"}, {"type": "string"}]}, "text"),
        (
            {"oneOf": [ref("Cat"), ref("Dog")], "discriminator": SCHEMAS["Pet"]["discriminator"]},
            {"kind": "meow", "lives": "text"},
        ),
        ({"oneOf": [ref("Dog")]}, {"kind": "Dog", "bark": True}),
        (ref("Node"), {"n": 1}),
        (ref("List"), {"all": []}),
        (ref("Either"), 1),
        (ref("Maybe"), {"on": None}),
    ],
)
def test_a_value_with_others_inside(schema, value):
    assert examples().value(schema) == value


@pytest.mark.parametrize("depth", [1, 4, 8, 11])
def test_what_is_required_is_filled_in_at_any_depth(depth):
    value = examples().value(nested(depth))
    for _ in range(depth):
        assert list(value) == ["a"]
        value = value["a"]
    assert value == "text"


@pytest.mark.parametrize(
    "schema", [ref("Loop"), ref("None"), {"type": "string", "pattern": "["}, {"type": "string", "minLength": 10**9}]
)
def test_a_schema_without_a_value_says_so(schema):
    with pytest.raises(UndraftableError):
        examples().value(schema)


def test_flags_of_3_0_are_read():
    of_3_0 = examples("3.0.3")
    assert of_3_0.value({"type": "integer", "minimum": 3, "exclusiveMinimum": True}) == 4
    assert of_3_0.value({"type": "integer", "maximum": 0, "exclusiveMaximum": True}) == -1
    assert of_3_0.given({"example": None}, {"type": "integer", "nullable": True}) is None


def test_a_wide_schema_that_contains_itself_ends_soon():
    inner = {f"p{number}": {"allOf": [{"type": "object"}, ref("Wide")]} for number in range(30)}
    SCHEMAS["Wide"] = {"type": "object", "required": list(inner), "properties": inner}
    with pytest.raises(UndraftableError, match="too large"):
        examples().value(ref("Wide"))
