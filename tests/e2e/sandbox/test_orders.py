"""The order service on the emulator: what its scenarios rely on, seen without awsit's own engines."""

import json
import time
from urllib.parse import urlsplit

import pytest

from awsit.model.http import HttpRequest


@pytest.fixture(scope="session")
def call(http, orders):
    """Send a request to the API; returns status and decoded body.

    The name of the API is below `localhost`; it is dialled by address here, so that no resolver matters.
    """
    address = urlsplit(orders["ApiUrl"])

    def send(method, path, document=None):
        body = None if document is None else json.dumps(document).encode()
        url = f"http://127.0.0.1:{address.port}{path}"
        response = http.send(HttpRequest(method, url, {"host": address.netloc}, body))
        return response.status, json.loads(response.body or b"null")

    return send


def finished(call, order_id, seconds=60):
    """The order, as soon as it is not `created` any more."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        _, order = call("GET", f"/orders/{order_id}")
        if order["status"] != "created":
            return order
        time.sleep(0.05)
    pytest.fail(f"the order was not processed in {seconds} s: {order}")


def test_an_order_is_stored_and_processed(call, client, orders):
    status, created = call("POST", "/orders", {"product": "book", "quantity": 2})

    assert (status, created["status"], created["total"]) == (201, "created", 25)
    assert finished(call, created["order_id"])["status"] == "processed"
    key = {"order_id": {"S": created["order_id"]}}
    item = client("dynamodb").get_item(TableName=orders["Table"], Key=key)["Item"]
    assert item["total"] == {"N": "25"}
    assert call("GET", f"/orders/{created['order_id']}/receipt")[0] == 200


def test_an_order_that_cannot_be_shipped_is_rejected(call):
    _, created = call("POST", "/orders", {"product": "fireworks", "quantity": 1})

    assert "hazardous" in finished(call, created["order_id"])["reason"]
    assert call("GET", f"/orders/{created['order_id']}/receipt")[0] == 409


def test_an_invalid_order_is_refused(call):
    status, answer = call("POST", "/orders", {"product": "boat", "quantity": 0})

    assert status == 400
    assert [error["field"] for error in answer["errors"]] == ["product", "quantity"]


def test_a_deleted_order_is_gone(call):
    _, created = call("POST", "/orders", {"product": "pen", "quantity": 1})

    assert call("DELETE", f"/orders/{created['order_id']}") == (204, None)
    assert call("GET", f"/orders/{created['order_id']}")[0] == 404


def test_the_worker_asks_for_a_broken_message_again(client, orders):
    event = {"Records": [{"messageId": "m-1", "body": "not JSON"}]}
    answer = client("lambda").invoke(FunctionName=orders["WorkerFunction"], Payload=json.dumps(event))

    assert json.loads(answer["Payload"].read()) == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}
