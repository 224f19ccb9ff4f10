"""The handlers of the example's order service, with a table and a queue made of plain Python."""

import base64
import importlib
import json
import sys
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

SERVICE = Path(__file__).parents[3] / "examples" / "orders" / "service"
MODULES = ("api", "worker", "order", "store", "log")


class ConditionalCheckFailedException(Exception):
    pass


class FakeTable:
    """Holds items by their key. An update has the store's one condition: the status is `created`."""

    def __init__(self):
        self.items = {}
        exceptions = SimpleNamespace(ConditionalCheckFailedException=ConditionalCheckFailedException)
        self.meta = SimpleNamespace(client=SimpleNamespace(exceptions=exceptions))

    def put_item(self, Item, ConditionExpression):  # noqa: N803 - boto3's names
        self.items[Item["order_id"]] = Item

    def get_item(self, Key, ConsistentRead):  # noqa: N803
        found = self.items.get(Key["order_id"])
        return {"Item": dict(found)} if found else {}

    def delete_item(self, Key):  # noqa: N803
        self.items.pop(Key["order_id"], None)

    def update_item(self, Key, ExpressionAttributeValues, **_):  # noqa: N803
        item = self.items[Key["order_id"]]
        if item["status"] != "created":
            raise ConditionalCheckFailedException
        item["status"] = ExpressionAttributeValues[":status"]
        item["finished_at"] = ExpressionAttributeValues[":at"]
        if ":reason" in ExpressionAttributeValues:
            item["reason"] = ExpressionAttributeValues[":reason"]


@pytest.fixture
def service(monkeypatch):
    """The service with its parts: modules, table, queue, API and worker."""
    monkeypatch.syspath_prepend(SERVICE)
    modules = {name: importlib.import_module(name) for name in MODULES}
    table, queue = FakeTable(), []
    orders = modules["store"].Orders(table)
    yield SimpleNamespace(
        table=table,
        queue=queue,
        modules=modules,
        api=modules["api"].Api(orders, queue.append),
        worker=modules["worker"].Worker(orders),
    )
    for name in MODULES:
        del sys.modules[name]


@pytest.fixture
def call(service):
    def send(route, body=None, **path):
        event = {"routeKey": route, "pathParameters": path}
        if body is not None:
            event["body"] = body if isinstance(body, str) else json.dumps(body)
        response = service.api.answer(event)
        return response["statusCode"], json.loads(response.get("body", "null"))

    return send


def message(order_id, message_id="m-1"):
    return {"messageId": message_id, "body": json.dumps({"order_id": order_id})}


def test_a_valid_order_is_stored_and_sent_to_the_worker(call, service):
    status, order = call("POST /orders", {"product": "book", "quantity": 2, "reference": "mine"})

    assert (status, order["status"], order["total"], order["reference"]) == (201, "created", 25, "mine")
    assert service.queue == [order["order_id"]]
    assert service.table.items[order["order_id"]]["total"] == Decimal("25.00")


def test_the_answer_names_the_address_of_the_order(service):
    event = {"routeKey": "POST /orders", "body": '{"product": "pen", "quantity": 1}'}
    response = service.api.answer(event)

    assert response["headers"]["location"] == f"/orders/{json.loads(response['body'])['order_id']}"


def test_a_body_in_base64_is_understood(service):
    body = base64.b64encode(b'{"product": "pen", "quantity": 1}').decode()
    response = service.api.answer({"routeKey": "POST /orders", "body": body, "isBase64Encoded": True})

    assert response["statusCode"] == 201


@pytest.mark.parametrize(
    ("document", "field", "message"),
    [
        ({"quantity": 1}, "product", "is missing"),
        ({"product": "boat", "quantity": 1}, "product", "must be one of book, fireworks, lamp, pen"),
        ({"product": ["book"], "quantity": 1}, "product", "must be one of book, fireworks, lamp, pen"),
        ({"product": "book"}, "quantity", "is missing"),
        ({"product": "book", "quantity": 0}, "quantity", "must be a whole number from 1 to 100"),
        ({"product": "book", "quantity": 101}, "quantity", "must be a whole number from 1 to 100"),
        ({"product": "book", "quantity": "2"}, "quantity", "must be a whole number from 1 to 100"),
        ({"product": "book", "quantity": True}, "quantity", "must be a whole number from 1 to 100"),
        (
            {"product": "book", "quantity": 1, "reference": "x" * 65},
            "reference",
            "must be text of at most 64 characters",
        ),
        ({"product": "book", "quantity": 1, "price": 0}, "price", "is not a field of an order"),
        (["book"], "", "the body must be a JSON object"),
    ],
)
def test_an_invalid_order_is_refused_and_told_why(call, service, document, field, message):
    status, answer = call("POST /orders", document)

    assert (status, answer["errors"]) == (400, [{"field": field, "message": message}])
    assert service.table.items == {}
    assert service.queue == []


@pytest.mark.parametrize("body", ["", "{", "two books"])
def test_a_body_that_is_not_json_is_refused(call, body):
    assert call("POST /orders", body) == (400, {"message": "the body is not JSON", "errors": []})


def test_an_order_is_read_until_it_is_deleted(call):
    _, order = call("POST /orders", {"product": "lamp", "quantity": 1})
    order_id = order["order_id"]

    assert call("GET /orders/{order_id}", order_id=order_id) == (200, order)
    assert call("DELETE /orders/{order_id}", order_id=order_id) == (204, None)
    assert call("DELETE /orders/{order_id}", order_id=order_id) == (204, None)
    assert call("GET /orders/{order_id}", order_id=order_id)[0] == 404


def test_an_unknown_route_is_not_found(call):
    assert call("PATCH /orders")[0] == 404


def test_there_is_a_receipt_once_the_order_is_processed(call, service):
    _, order = call("POST /orders", {"product": "lamp", "quantity": 1})
    receipt = {"order_id": order["order_id"]}

    assert call("GET /orders/{order_id}/receipt", **receipt)[0] == 404
    assert service.worker.work([message(order["order_id"])]) == []
    status, found = call("GET /orders/{order_id}/receipt", **receipt)
    assert (status, found["total"]) == (200, 39.9)
    assert call("GET /orders/{order_id}/receipt", order_id="none")[0] == 404


def test_an_order_that_cannot_be_shipped_is_rejected_and_gets_no_receipt(call, service):
    _, order = call("POST /orders", {"product": "fireworks", "quantity": 1})
    service.worker.work([message(order["order_id"])])

    status, answer = call("GET /orders/{order_id}/receipt", order_id=order["order_id"])
    assert status == 409
    assert "hazardous" in answer["reason"]


def test_a_second_delivery_changes_nothing(call, service):
    _, order = call("POST /orders", {"product": "book", "quantity": 1})

    assert service.worker.carry_out(order["order_id"]) == "processed"
    before = dict(service.table.items[order["order_id"]])
    assert service.worker.carry_out(order["order_id"]) == "ignored"
    assert service.table.items[order["order_id"]] == before


def test_an_order_that_was_deleted_meanwhile_is_ignored(service):
    assert service.worker.carry_out("none") == "ignored"


def test_a_broken_message_is_asked_for_again_and_does_not_hold_up_the_others(call, service):
    _, order = call("POST /orders", {"product": "book", "quantity": 1})
    broken = {"messageId": "m-2", "body": "not JSON"}

    assert service.worker.work([broken, message(order["order_id"])]) == ["m-2"]
    assert service.table.items[order["order_id"]]["status"] == "processed"


def test_the_handlers_write_one_log_line_for_each_event(monkeypatch, service, capsys):
    api, worker = service.modules["api"], service.modules["worker"]
    monkeypatch.setattr(api, "_api", lambda: service.api)
    monkeypatch.setattr(worker, "_worker", lambda: service.worker)

    api.handler({"routeKey": "GET /orders/{order_id}", "pathParameters": {"order_id": "none"}}, None)
    answer = worker.handler({"Records": [message("none")]}, None)

    assert answer == {"batchItemFailures": []}
    assert [json.loads(line)["message"] for line in capsys.readouterr().out.splitlines()] == ["request", "order"]
