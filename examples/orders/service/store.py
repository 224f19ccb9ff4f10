"""Orders in DynamoDB."""

from collections.abc import Mapping
from typing import Any


class Orders:
    """The orders table. `table` is a boto3 DynamoDB Table; numbers are `Decimal`."""

    def __init__(self, table: Any) -> None:
        """Use the given table."""
        self._table = table

    def put(self, order: Mapping[str, Any]) -> None:
        """Store a new order."""
        self._table.put_item(Item=dict(order), ConditionExpression="attribute_not_exists(order_id)")

    def get(self, order_id: str) -> dict[str, Any] | None:
        """The order, or None."""
        return self._table.get_item(Key={"order_id": order_id}, ConsistentRead=True).get("Item")

    def delete(self, order_id: str) -> None:
        """Remove the order; nothing happens when there is none."""
        self._table.delete_item(Key={"order_id": order_id})

    def finish(self, order_id: str, status: str, finished_at: str, reason: str | None = None) -> bool:
        """Move an order from `created` to its final status; False when it is not in `created` (any more).

        The condition makes a second delivery of the same message harmless.
        """
        values = {":status": status, ":at": finished_at, ":created": "created"}
        expression = "SET #status = :status, finished_at = :at"
        if reason:
            expression += ", reason = :reason"
            values[":reason"] = reason
        try:
            self._table.update_item(
                Key={"order_id": order_id},
                UpdateExpression=expression,
                ConditionExpression="#status = :created",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues=values,
            )
        except self._table.meta.client.exceptions.ConditionalCheckFailedException:
            return False
        return True
