"""What one request of a draft creates, later ones take, and clean-up removes."""

import json

import pytest

ID = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}


def answer(schema, **more):
    return {"201": {"content": {"application/json": {"schema": schema}}, **more}}


def drafted(made, paths, *operations):
    servers = [{"url": "https://a.test"}]
    return made(json.dumps({"openapi": "3.1.0", "servers": servers, "paths": paths}), *operations).document["actions"]


def test_what_is_created_is_read_and_deleted(made):
    item = {"delete": {"responses": {"204": {}}}, "get": {}, "put": {}}
    actions = drafted(made, {"/orders/{id}": item, "/orders": {"post": {"responses": answer(ID)}, "get": {}}})
    assert [action["name"] for action in actions] == [
        "PostOrders",
        "GetOrdersId",
        "PutOrdersId",
        "GetOrders",
        "DeleteOrdersId",
    ]
    created = next(action for action in actions if action["name"] == "PostOrders")
    url = "{{ vars.base_url }}/orders/{{ context.order_id | urlencode }}"
    assert created["pass_to_context"] == {"order_id": "$.body.id"}
    assert created["cleanup"] == [
        {
            "name": "CleanUpPostOrders",
            "type": "http_call",
            "params": {"url": url, "method": "DELETE", "expected_status": [204, 404]},
        }
    ]
    assert {action["params"]["url"] for action in actions if action["name"].endswith("Id")} == {url}


def test_what_is_inside_is_created_later_and_deleted_first(made):
    paths = {
        "/shops/{shopId}/items/{itemId}": {"delete": {}, "get": {}},
        "/shops/{shopId}": {"delete": {}},
        "/shops/{shop}/items": {"post": {"responses": answer({"properties": {"item_id": {"type": "integer"}}})}},
        "/shops": {"post": {"responses": answer({"properties": {"shopId": {"type": "string", "format": "uuid"}}})}},
    }
    actions = drafted(made, paths)
    assert [
        (action["params"]["method"], action["params"]["url"].removeprefix("{{ vars.base_url }}")) for action in actions
    ] == [
        ("POST", "/shops"),
        ("POST", "/shops/{{ context.shop_id }}/items"),
        ("GET", "/shops/{{ context.shop_id }}/items/{{ context.item_id }}"),
        ("DELETE", "/shops/{{ context.shop_id }}/items/{{ context.item_id }}"),
        ("DELETE", "/shops/{{ context.shop_id }}"),
    ]


@pytest.mark.parametrize(
    ("schema", "parameter", "path"),
    [
        (ID, "id", "$.body.id"),
        (ID, "order_id", "$.body.id"),
        ({"properties": {"orderId": {"type": "string"}, "id": {"type": "string"}}}, "order-id", "$.body.orderId"),
        ({"properties": {"order": ID}}, "id", "$.body.order.id"),
        ({"properties": {"data": ID, "meta": {}}}, "id", "$.body.data.id"),
        ({"properties": {"data": {"type": "object", "properties": {"order": ID}}}}, "id", None),
        ({"properties": {"name": {"type": "string"}}}, "name", "$.body.name"),
        ({"properties": {"id": {"type": "object"}}}, "id", None),
        ({"properties": {"order-id": {"type": "string"}}}, "orderId", "$.body['order-id']"),
        ({"$ref": "#/none"}, "id", None),
        ({"type": "array", "items": ID}, "id", None),
    ],
)
def test_the_response_says_where_the_value_is(made, schema, parameter, path):
    paths = {"/orders": {"post": {"responses": answer(schema)}}, f"/orders/{{{parameter}}}": {"get": {}}}
    created, _ = drafted(made, paths)
    assert list(created.get("pass_to_context", {}).values()) == ([path] if path else [])


def test_a_link_of_the_document_says_where_the_value_is(made):
    links = {"read": {"operationId": "readOrder", "parameters": {"id": "$response.body#/meta/number"}}}
    paths = {
        "/orders": {"post": {"responses": answer({"type": "object"}, links=links)}},
        "/orders/{id}": {"get": {"operationId": "readOrder"}},
    }
    assert drafted(made, paths)[0]["pass_to_context"] == {"order_id": "$.body.meta.number"}


def test_one_operation_that_creates_cleans_up_all_the_same(made):
    paths = {
        "/orders": {"post": {"operationId": "create", "responses": answer(ID)}},
        "/orders/{id}": {"delete": {"responses": {"204": {}}}},
    }
    (action,) = drafted(made, paths, "create")
    assert action["cleanup"][0]["params"]["expected_status"] == 204


def test_without_the_request_that_creates_there_are_variables(made):
    paths = {"/orders": {"post": {"responses": answer(ID)}}, "/orders/{id}": {"get": {"operationId": "read"}}}
    (action,) = drafted(made, paths, "read")
    assert action["params"]["url"] == "{{ vars.base_url }}/orders/{{ vars.id }}"


def test_two_kinds_of_things_have_names_of_their_own(made):
    item = {"get": {}}
    create = {"post": {"responses": answer({"properties": {"name": {"type": "string"}}})}}
    actions = drafted(made, {"/a": create, "/a/{name}": item, "/b": create, "/b/{name}": item})
    captured = [list(action["pass_to_context"]) for action in actions if "pass_to_context" in action]
    assert captured == [["name"], ["name2"]]


def test_what_is_inside_a_thing_takes_it_where_the_thing_has_no_path_of_its_own(made):
    paths = {"/orders/{order_id}/lines/{n}": {"get": {}, "delete": {}}, "/orders": {"post": {"responses": answer(ID)}}}
    created, read, _ = drafted(made, paths)
    assert read["params"]["url"] == "{{ vars.base_url }}/orders/{{ context.order_id | urlencode }}/lines/{{ vars.n }}"
    assert "cleanup" not in created
