"""Works on orders that come out of the queue: each is processed or rejected, once."""

import json
import os
from datetime import UTC, datetime
from functools import cache
from typing import Any

import log
import order
from store import Orders


class Worker:
    """Carries out orders."""

    def __init__(self, orders: Orders) -> None:
        """Use the given table."""
        self._orders = orders

    def work(self, records: list[dict]) -> list[str]:
        """Work on SQS messages; returns the IDs of those to be delivered again."""
        failed = []
        for record in records:
            try:
                order_id = json.loads(record["body"])["order_id"]
                log.write("order", order_id=order_id, outcome=self.carry_out(order_id))
            except Exception as error:  # noqa: BLE001 - one bad message must not hold up the others
                log.write("message failed", message_id=record["messageId"], error=repr(error))
                failed.append(record["messageId"])
        return failed

    def carry_out(self, order_id: str) -> str:
        """Process or reject one order; `ignored` when it is gone or already finished."""
        found = self._orders.get(order_id)
        if not found:
            return "ignored"
        reason = order.rejection(found["product"])
        status = "rejected" if reason else "processed"
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        return status if self._orders.finish(order_id, status, now, reason) else "ignored"


def handler(event: dict, _context: object) -> dict[str, Any]:
    """The Lambda function's entry point; answers with the partial batch failures that SQS asks for."""
    failed = _worker().work(event["Records"])
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


@cache
def _worker() -> Worker:
    import boto3

    return Worker(Orders(boto3.resource("dynamodb").Table(os.environ["TABLE"])))
