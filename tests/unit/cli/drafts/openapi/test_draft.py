"""An OpenAPI document becomes a scenario with an action for each operation."""

import json
import random

import pytest
import yaml
from tests.unit.cli.drafts.openapi.documents import ORDERS, body, one

from awsit.cli.drafts.openapi.draft import draft_of_openapi
from awsit.errors import AwsitError, InvalidInputError, NotFoundError, UsageError
from awsit.expressions.assertions import assertion


def test_each_operation_is_an_action(made):
    document = made(ORDERS).document
    assert document["name"] == "orders"
    assert [action["name"] for action in document["actions"]] == [
        "ListOrders",
        "CreateOrder",
        "GetOrdersOrderId",
        "DeleteOrdersOrderId",
    ]
    assert document["variables"] == {"base_url": "https://dev.example.com/v1"}


def test_parameters_are_filled_in(made):
    actions = made(ORDERS).document["actions"]
    assert actions[0]["params"]["query"] == {"limit": 5, "product": "book"}
    one = made(ORDERS, "GET /orders/{order-id}").document
    assert one["actions"][0]["params"]["url"] == "{{ vars.base_url }}/orders/{{ vars.order_id }}"
    assert one["variables"]["order_id"] == "o-17"


def test_a_body_is_made_from_the_schema(made):
    assert made(ORDERS).document["actions"][1]["params"]["body"] == {
        "product": "book",
        "quantity": 1,
        "address": {"city": "tex"},
        "price": 12.5,
    }


def test_statuses_are_those_of_success(made):
    actions = made(ORDERS).document["actions"]
    assert [action["params"]["expected_status"] for action in actions] == [200, 201, 200, [204, 202]]


def test_credentials_come_from_the_environment(made):
    draft = made(ORDERS)
    actions = draft.document["actions"]
    assert actions[0]["params"]["auth"] == {"sigv4": {"service": "execute-api"}}
    assert actions[3]["params"]["headers"] == {"X-Api-Key": "{{ env.X_API_KEY }}"}
    assert any("environment" in note for note in draft.notes)


def test_the_response_must_match_its_schema(made):
    expected = made(ORDERS).document["actions"][1]["assert"][0]
    assert expected == {
        "path": "$.body",
        "matches": {
            "product": "#regex book|pen",
            "quantity": "#integer",
            "address": {"city": "##string"},
            "note": "##string",
            "price": "##number",
            "order_id": "#uuid",
            "status": r"#regex created|in\-progress",
            "channel": "web",
            "shipped_at": "##string",
            "parent": "#object",
            "tags": "##[] #string",
        },
    }
    order = {
        "product": "pen",
        "quantity": 1,
        "address": {},
        "order_id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
        "status": "in-progress",
        "channel": "web",
        "shipped_at": None,
        "parent": {},
        "tags": ["a"],
    }
    assert assertion.check(expected, {"body": order}).passed
    assert not assertion.check(expected, {"body": {**order, "status": "lost"}}).passed
    assert not assertion.check(expected, {"body": {**order, "tags": [1]}}).passed


def test_one_operation_is_chosen_by_its_id_or_title(made):
    assert [action["name"] for action in made(ORDERS, "createOrder").document["actions"]] == ["CreateOrder"]
    assert made(ORDERS, "DELETE /orders/{order-id}").document["name"] == "delete_orders_order_id"


def test_a_document_of_version_3_1_in_json(made):
    schema = {
        "type": "object",
        "properties": {
            "id": {"type": ["string", "null"], "format": "uuid"},
            "size": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "note": {"const": "#1 {{ x }}"},
            "when": {"type": "string", "format": "date", "examples": ["2031-02-03"]},
        },
        "required": ["id", "size", "note", "when"],
    }
    operation = {**body(schema), "responses": {"2XX": {"content": {"application/json": {"schema": schema}}}}}
    action = made(one(operation), name="api.json").document["actions"][0]
    assert action["params"]["expected_status"] == "2xx"
    assert action["params"]["body"] == {
        "id": "{{ uuid() }}",
        "size": 1,
        "note": "#1 {{ '{{' }} x }}",
        "when": "2031-02-03",
    }
    assert action["assert"][0]["matches"] == {
        "id": "##uuid",
        "size": "##integer",
        "note": r"#regex \#1\ \{\{\ x\ \}\}",
        "when": "#string",
    }


def test_examples_of_the_document_come_first(made):
    given = body({"type": "object"}, examples={"small": {"value": {"a": 1}}, "large": {"value": {"a": 2}}})
    assert made(one(given)).document["actions"][0]["params"]["body"] == {"a": 1}


def test_an_object_in_the_query_is_a_parameter_for_each_property(made):
    schema = {"type": "object", "properties": {"size": {"type": "integer"}, "deep": {"type": "object"}}}
    operation = {"parameters": [{"name": "page", "in": "query", "required": True, "schema": schema}]}
    assert made(one(operation)).document["actions"][0]["params"]["query"] == {"size": 1}


def test_a_form_is_sent_as_a_form(made):
    schema = {"type": "object", "properties": {"name": {"type": "string"}}}
    operation = {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}}
    assert made(one(operation)).document["actions"][0]["params"]["form"] == {"name": "text"}


def test_without_a_server_the_address_comes_from_the_environment(made):
    draft = made(one({}, servers=[{"url": "/v1"}]))
    assert draft.document["variables"]["base_url"] == "{{ env.BASE_URL }}/v1"
    assert any("BASE_URL" in note for note in draft.notes)


def test_a_schema_that_contains_itself_ends(made):
    schemas = {
        "Node": {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/Node"}}}
    }
    given = one(body({"$ref": "#/components/schemas/Node"}), components={"schemas": schemas})
    draft = made(given)
    assert "body" not in draft.document["actions"][0]["params"]
    assert draft.notes == (
        "the body of POST /a was left out: the schema #/components/schemas/Node contains itself without end",
        "the document names no server: set BASE_URL in the environment before a run",
    )


def places(value, path=()):
    """The path of each value inside a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


@pytest.mark.parametrize("seed", range(100))
def test_whatever_a_document_holds_it_gives_a_valid_scenario_or_a_message(made, seed):
    chance = random.Random(seed)
    document = yaml.safe_load(ORDERS)
    for _ in range(chance.randint(1, 3)):
        *parents, last = chance.choice(list(places(document)))
        holder = document
        for key in parents:
            holder = holder[key]
        holder[last] = chance.choice([None, 5, -1, True, "x", "{{ x }}", "#x", [], {}, [None], {"$ref": "#/paths"}])
    told = ""
    try:
        told = made(json.dumps(document), name="api.json").document["actions"][0]["name"]
    except AwsitError as error:
        told = error.message
    assert told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("swagger: '2.0'", "Swagger 2.0"),
        ("a: 1", "no `openapi: 3.x`"),
        ("[1", "cannot be read"),
        ("openapi: 3.1.0\npaths: {}", "no operation"),
        ("openapi: 3.1.0\npaths: {/a: 5}", "the path /a was left out: 5 is not an object"),
        ("openapi: 3.1.0\npaths: {/a: {$ref: 'other.yaml'}}", "another file"),
        ("openapi: 3.1.0\npaths: {/a: {$ref: '#/paths/~1a'}}", "leads to itself"),
        ("openapi: 3.1.0\npaths: {}\nwebhooks: {a: {post: {}}}", "no operation"),
        ("openapi: 3.1.0\npaths: &a {/a: *a}", "an anchor holds an alias of itself"),
    ],
)
def test_a_document_that_cannot_be_used_says_why(write, text, words):
    with pytest.raises(InvalidInputError) as raised:
        draft_of_openapi(write(text))
    assert words in raised.value.message


def test_a_file_that_does_not_exist():
    with pytest.raises(NotFoundError, match=r"none\.yaml"):
        draft_of_openapi("none.yaml")


def test_an_unknown_operation_names_the_near_ones(write):
    with pytest.raises(UsageError, match="did you mean `listOrders`"):
        draft_of_openapi(write(ORDERS), ("listOrder",))
