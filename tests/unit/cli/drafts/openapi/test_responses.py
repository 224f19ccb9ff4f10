"""What a draft expects of responses."""

import pytest
from tests.unit.cli.drafts.openapi.documents import one

JSON = {"application/json": {"schema": {"type": "object"}}}


def action(made, responses):
    return made(one({"responses": responses}, servers=[{"url": "https://a.test"}])).document["actions"][0]


@pytest.mark.parametrize(
    ("content", "accept"),
    [
        (JSON, None),
        ({}, None),
        ({"application/xml": {}, **JSON}, "application/json"),
        ({"application/vnd.api+json": {"schema": {}}}, "application/vnd.api+json"),
        ({"text/csv": {}}, "text/csv"),
    ],
)
def test_a_response_that_is_not_json_alone_is_asked_for(made, content, accept):
    params = action(made, {"200": {"content": content}})["params"]
    assert params.get("headers", {}).get("Accept") == accept


def test_json_of_a_vendor_is_matched(made):
    found = action(made, {"200": {"content": {"application/hal+json": {"schema": {"type": "array", "items": {}}}}}})
    assert found["assert"] == [{"path": "$.body", "matches": "#[] #ignore"}]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "array", "items": {"$ref": "#/none"}}, "#[] #ignore"),
        ({"oneOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"type": "null"}]}, "##object"),
        ({"type": ["object", "null"]}, "##object"),
        ({"enum": ["a", None]}, "##regex a"),
        ({"type": "object", "properties": {"a": {"writeOnly": True}, "b": {"const": 5}}}, {"b": "##ignore"}),
        (
            {
                "type": "object",
                "required": ["a"],
                "properties": {"a": {"allOf": [{"type": "integer"}, {"minimum": 1}]}},
            },
            {"a": "#integer"},
        ),
    ],
)
def test_a_schema_becomes_markers(made, schema, expected):
    found = action(made, {"2XX": {"content": {"application/json": {"schema": schema}}}})
    assert found["params"]["expected_status"] == "2xx"
    assert found["assert"] == [{"path": "$.body", "matches": expected}]


@pytest.mark.parametrize(
    "responses",
    [
        {},
        {"default": {"content": JSON}},
        {"404": {"content": JSON}},
        {"200": {"$ref": "#/x"}},
        {"200": {"content": {"application/json": {"schema": {"$ref": "#/none"}}}}},
    ],
)
def test_without_a_success_little_is_expected(made, responses):
    assert "assert" not in action(made, responses)
