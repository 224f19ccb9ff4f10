"""An OpenAPI document is read as it is: what is odd in it is told and left out, the rest is drafted."""

import json

import pytest
from tests.unit.cli.drafts.openapi.documents import ORDERS, body, one

from awsit.cli.drafts.openapi.draft import draft_of_openapi
from awsit.errors import InvalidInputError, UsageError


@pytest.mark.parametrize(
    ("parameter", "reason"),
    [
        ({"$ref": "#/none"}, "a parameter of POST /a was left out: the reference #/none leads nowhere"),
        ({"$ref": "other.yaml#/a"}, "it refers to another file, other.yaml#/a: bundle the document into one file"),
        ({"in": "query"}, "a parameter of POST /a was left out: it has no `name`"),
        ({"name": "a", "in": 5}, "a parameter of POST /a was left out: it has no `in`"),
        (None, "a parameter of POST /a was left out: it has no `name`"),
        (
            {"name": "a", "in": "query", "required": True, "example": [{"b": [1]}]},
            "the query parameter a of POST /a was left out: its style does not say how lists and objects",
        ),
        (
            {"name": "a", "in": "query", "required": True, "schema": {"type": "string", "pattern": "a(?<=b)c"}},
            "the query parameter a of POST /a was left out: no text was found for the pattern",
        ),
        (
            {"name": "ü", "in": "header", "required": True},
            "the header parameter ü of POST /a was left out: 'ü' is not the name of a header that a scenario may give",
        ),
        (
            {"name": "a", "in": "header", "required": True, "example": "a\nb"},
            "the header parameter a of POST /a was left out: its value cannot be sent in a header",
        ),
        (
            {"name": "?", "in": "cookie", "required": True},
            "the cookie parameter ? of POST /a was left out: '?' is not the name of a cookie that a scenario may give",
        ),
        (
            {"name": "a", "in": "query", "required": True, "style": "matrix", "example": [1]},
            "the query parameter a of POST /a was left out: style matrix is not for such a value",
        ),
    ],
)
def test_an_odd_parameter_is_told_and_left_out(made, parameter, reason):
    fine = {"name": "fine", "in": "query", "example": 1}
    draft = made(one({"parameters": [parameter, fine]}, servers=[{"url": "https://a.test"}]))
    (note,) = draft.notes
    assert reason in note
    assert draft.document["actions"][0]["params"]["query"] == {"fine": 1}


def test_an_odd_path_is_told_and_left_out(made):
    paths = {"/bad": {"$ref": "paths.yaml#/bad"}, "/good": {"get": {}}, "x-own": 5}
    draft = made(json.dumps({"openapi": "3.0.0", "paths": paths}))
    assert [action["name"] for action in draft.document["actions"]] == ["GetGood"]
    assert "the path /bad was left out: it refers to another file" in draft.notes[0]


@pytest.mark.parametrize(
    "schema", [{"$ref": "#/none"}, {"allOf": [{"$ref": "a.json"}]}, {"type": "string", "pattern": "("}]
)
def test_an_odd_body_is_told_and_left_out(made, schema):
    draft = made(one({**body(schema), "operationId": "do"}))
    assert "the body of do was left out: " in draft.notes[0]
    assert "body" not in draft.document["actions"][0]["params"]


def test_keywords_that_are_not_as_json_schema_says_restrict_nothing(made):
    odd = {"enum": 5, "minLength": "x", "maxLength": -1, "pattern": 7, "format": [], "type": "string", "example": "a"}
    schema = {"type": "object", "required": "abc", "properties": {"a": odd, "b": {"type": "nonsense"}, "c": 5}}
    assert made(one(body(schema))).document["actions"][0]["params"]["body"] == {"a": "a", "b": "text", "c": "text"}


def test_the_parameters_of_an_operation_win_over_those_of_its_path(made):
    general = [{"name": "n", "in": "query", "example": 1}, {"name": "n", "in": "header", "example": "h"}]
    own = [{"name": "n", "in": "query", "example": 2}]
    document = {"openapi": "3.1.0", "paths": {"/a": {"parameters": general, "get": {"parameters": own}}}}
    params = made(json.dumps(document)).document["actions"][0]["params"]
    assert (params["query"], params["headers"]) == ({"n": 2}, {"n": "h"})


def test_operations_of_the_same_id_have_names_of_their_own(made):
    paths = {"/a": {"get": {"operationId": "same"}}, "/b": {"get": {"operationId": "same"}}}
    draft = made(json.dumps({"openapi": "3.1.0", "paths": paths}))
    assert [action["name"] for action in draft.document["actions"]] == ["Same", "Same2"]


def test_anchors_of_yaml_are_read(made):
    text = """
openapi: 3.0.3
paths:
  /a: {get: {parameters: &both [{name: a, in: query, example: 1.50}], responses: {200: {description: ok}}}}
  /b: {get: {parameters: *both}}
"""
    actions = made(text).document["actions"]
    assert [action["params"]["query"] for action in actions] == [{"a": 1.5}, {"a": 1.5}]
    assert actions[0]["params"]["expected_status"] == 200


def test_paths_that_lead_nowhere_are_told(write):
    with pytest.raises(InvalidInputError, match="the paths were left out: the reference #/paths leads to itself"):
        draft_of_openapi(write('{openapi: 3.1.0, paths: {$ref: "#/paths"}}'))


def test_aliases_that_would_fill_the_memory_are_refused(write):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    with pytest.raises(InvalidInputError, match="with its aliases expanded"):
        draft_of_openapi(write("openapi: 3.1.0\n" + "\n".join(lines)))


def test_half_a_character_does_no_harm(made):
    parameter = {"name": "a", "in": "query", "example": "x\ud800"}
    assert made(one({"parameters": [parameter]}), name="api.json").document["actions"][0]["params"]["query"] == {
        "a": "x\ufffd"
    }


@pytest.mark.parametrize(
    "odd",
    [
        {"servers": [{"url": "https://{a}.test", "variables": {"$ref": "#/none"}}]},
        {
            "components": {"securitySchemes": {"a": {"type": {}}, "b": {"$ref": "#/none"}}},
            "security": [{"a": []}, {"b": []}],
        },
        {"components": {"$ref": "#/none"}, "security": [{"a": []}]},
        {"security": 5, "servers": {}, "info": [], "tags": {}},
        {"security": [5, None]},
    ],
)
def test_what_is_odd_beside_the_paths_stops_nothing(made, odd):
    assert len(made(one({"operationId": {"a": 1}}, **odd)).document["actions"]) == 1


def test_many_notes_are_counted(made):
    bad = [{"$ref": f"#/none/{number}"} for number in range(30)]
    notes = made(one({"parameters": bad})).notes
    assert len(notes) == 21
    assert notes[-1] == "and 11 more like these"


def test_a_scenario_that_would_be_too_large_says_what_to_do(write):
    text = "x" * 3000
    paths = {
        f"/a{number}": {"get": {"parameters": [{"name": "a", "in": "query", "example": text}]}} for number in range(100)
    }
    with pytest.raises(Exception, match="would be larger than 256 KiB") as raised:
        draft_of_openapi(write(json.dumps({"openapi": "3.1.0", "paths": paths})))
    assert "--operation" in raised.value.hint


def test_a_large_scenario_does_without_what_bodies_must_match(made):
    schema = {"type": "object", "properties": {f"property{number}": {"type": "string"} for number in range(200)}}
    responses = {"200": {"content": {"application/json": {"schema": schema}}}}
    paths = {f"/a{number}": {"get": {"responses": responses}} for number in range(100)}
    draft = made(json.dumps({"openapi": "3.1.0", "paths": paths}))
    assert not any("assert" in action for action in draft.document["actions"])
    assert draft.notes[0].startswith("what bodies must match was left out")


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (("get /orders*",), ["ListOrders", "GetOrdersOrderId"]),
        (("*Order",), ["CreateOrder"]),
        (("createOrder", "* /orders"), ["CreateOrder", "ListOrders"]),
    ],
)
def test_operations_are_chosen_by_patterns(made, wanted, names):
    assert [action["name"] for action in made(ORDERS, *wanted).document["actions"]] == names


def test_a_pattern_that_fits_nothing_is_told(write):
    with pytest.raises(UsageError, match=r"no operation '\*\[x'"):
        draft_of_openapi(write(ORDERS), ("*[x",))
