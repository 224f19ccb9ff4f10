"""The HTTP API: orders are accepted, read and deleted here, and worked on elsewhere."""

import base64
import binascii
import json
import os
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import log
import order
from store import Orders

Response = dict[str, Any]


class Api:
    """Answers requests. `send` puts an order's ID into the queue."""

    def __init__(self, orders: Orders, send: Callable[[str], None]) -> None:
        """Use the given table and queue."""
        self._orders = orders
        self._send = send
        self._routes = {
            "POST /orders": self.create,
            "GET /orders/{order_id}": self.read,
            "GET /orders/{order_id}/receipt": self.receipt,
            "DELETE /orders/{order_id}": self.delete,
        }

    def answer(self, event: dict) -> Response:
        """The response to an event of an HTTP API, payload format 2.0."""
        route = self._routes.get(event.get("routeKey", ""))
        return route(event) if route else _response(404, {"message": "there is no such resource"})

    def create(self, event: dict) -> Response:
        """Store a valid order and have it processed."""
        try:
            document = json.loads(_body(event))
        except ValueError:
            return _response(400, {"message": "the body is not JSON", "errors": []})
        errors = order.problems(document)
        if errors:
            return _response(400, {"message": "the order is not valid", "errors": errors})
        new = {
            **document,
            "order_id": str(uuid.uuid4()),
            "status": "created",
            "total": order.total(document["product"], document["quantity"]),
            "created_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        self._orders.put(new)
        self._send(new["order_id"])
        return _response(201, new, {"location": f"/orders/{new['order_id']}"})

    def read(self, event: dict) -> Response:
        """The order as it is now."""
        found = self._orders.get(_order_id(event))
        return _response(200, found) if found else _no_order(event)

    def receipt(self, event: dict) -> Response:
        """The receipt; 404 as long as the order is not processed, 409 when it never will be."""
        found = self._orders.get(_order_id(event))
        if not found:
            return _no_order(event)
        if found["status"] == "rejected":
            return _response(409, {"message": "the order was rejected", "reason": found["reason"]})
        if found["status"] != "processed":
            return _response(404, {"message": "there is no receipt yet", "status": found["status"]})
        return _response(200, {name: found[name] for name in ("order_id", "total", "finished_at")})

    def delete(self, event: dict) -> Response:
        """Remove the order; doing it again is no error."""
        self._orders.delete(_order_id(event))
        return {"statusCode": 204}


def handler(event: dict, _context: object) -> Response:
    """The Lambda function's entry point."""
    response = _api().answer(event)
    log.write("request", route=event.get("routeKey"), status=response["statusCode"])
    return response


@cache
def _api() -> Api:
    import boto3

    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
    queue = boto3.client("sqs")
    url = os.environ["QUEUE_URL"]
    return Api(
        Orders(table), lambda order_id: queue.send_message(QueueUrl=url, MessageBody=_text({"order_id": order_id}))
    )


def _body(event: dict) -> str | bytes:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return body
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise ValueError("the body is not base64") from error


def _order_id(event: dict) -> str:
    return event["pathParameters"]["order_id"]


def _no_order(event: dict) -> Response:
    return _response(404, {"message": f"there is no order {_order_id(event)}"})


def _response(status: int, document: dict, headers: dict[str, str] | None = None) -> Response:
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json", **(headers or {})},
        "body": _text(document),
    }


def _text(document: dict) -> str:
    return json.dumps(document, default=_number)


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
