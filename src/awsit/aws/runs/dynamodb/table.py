"""The runs table: items as plain documents (`attributes`), and the calls that read and write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from awsit.aws.runs.dynamodb.attributes import to_document, to_values
from awsit.aws.runs.dynamodb.update_expression import UpdateExpression
from awsit.model.ports import Aws

Item = Mapping[str, Any]
"""An item: its attributes by name. A number is a `Decimal`, a set of texts or numbers a `set`."""

MOST_OF_BATCH = 25
"""Items that one call writes at most (Amazon DynamoDB: BatchWriteItem)."""


class ConditionFailed(Exception):
    """A write was refused by its condition. `item` is the one that is there; empty when there is none."""

    def __init__(self, item: Item) -> None:
        super().__init__("the condition of the write does not hold")
        self.item = item


class Table:
    """A table with the keys `run_id` and `sk`."""

    def __init__(self, aws: Aws, name: str) -> None:
        self._aws = aws
        self.name = name

    def get(self, run_id: str, sk: str) -> Item | None:
        """One item, strongly consistent."""
        answer = self._client.get_item(TableName=self.name, Key=to_values(_key(run_id, sk)), ConsistentRead=True)
        return to_document(answer["Item"]) if "Item" in answer else None

    def put(self, item: Item, condition: UpdateExpression | None = None) -> None:
        """Write a whole item; raises ConditionFailed when there is a condition that does not hold."""
        self._write(self._client.put_item, Item=to_values(item), **_arguments(condition or UpdateExpression()))

    def put_all(self, items: Sequence[Item]) -> None:
        """Write whole items, several with one call; each is written by itself, and all are when this returns."""
        if len(items) == 1:
            self.put(items[0])
            return
        for first in range(0, len(items), MOST_OF_BATCH):
            self._put_batch([to_values(item) for item in items[first : first + MOST_OF_BATCH]])

    def _put_batch(self, batch: Sequence[Mapping[str, Any]]) -> None:
        """Write a batch; what DynamoDB has no capacity for now is sent by itself: the SDK waits between attempts."""
        requests = [{"PutRequest": {"Item": item}} for item in batch]
        answer = self._client.batch_write_item(RequestItems={self.name: requests})
        for request in answer.get("UnprocessedItems", {}).get(self.name, ()):
            self._client.put_item(TableName=self.name, **request["PutRequest"])

    def update(self, run_id: str, sk: str, update: UpdateExpression, *, returns: str = "NONE") -> Item:
        """Change an item; raises ConditionFailed. With `returns="ALL_NEW"` it comes back as it is then."""
        arguments = {"UpdateExpression": str(update), "ReturnValues": returns, **_arguments(update)}
        answer = self._write(self._client.update_item, Key=to_values(_key(run_id, sk)), **arguments)
        return to_document(answer.get("Attributes", {}))

    def delete(self, run_id: str, sk: str) -> None:
        """Remove an item, if it is there."""
        self._client.delete_item(TableName=self.name, Key=to_values(_key(run_id, sk)))

    def delete_all(self, run_id: str) -> None:
        """Remove the items of one `run_id`."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self.name,
            KeyConditionExpression="run_id = :run",
            ExpressionAttributeValues=to_values({":run": run_id}),
            ProjectionExpression="run_id, sk",
            ConsistentRead=True,
        )
        for page in pages:
            for key in page["Items"]:
                self._client.delete_item(TableName=self.name, Key=key)

    def query(self, run_id: str, first: str = "", last: str = "") -> Iterator[Item]:
        """The items of one `run_id` in the order of their `sk`, from `first` on, up to `last`; strongly consistent."""
        bounds = {"AND sk BETWEEN :first AND :last": last, "AND sk >= :first": first}
        condition = next((text for text, bound in bounds.items() if bound), "")
        values = {":run": run_id, ":first": first, ":last": last}
        pages = self._client.get_paginator("query").paginate(
            TableName=self.name,
            KeyConditionExpression=f"run_id = :run {condition}".rstrip(),
            ExpressionAttributeValues=to_values({name: value for name, value in values.items() if value}),
            ConsistentRead=True,
        )
        for page in pages:
            yield from map(to_document, page["Items"])

    def newest(self, run_id: str, limit: int) -> list[Item]:
        """The items of one `run_id` from the last `sk` on: at most `limit`, and one page."""
        answer = self._client.query(
            TableName=self.name,
            KeyConditionExpression="run_id = :run",
            ExpressionAttributeValues=to_values({":run": run_id}),
            ScanIndexForward=False,
            Limit=limit,
        )
        return [to_document(item) for item in answer["Items"]]

    def scan(self, index: str, attribute: str, at_most: float) -> Iterator[Item]:
        """The items of an index whose number in `attribute` is at most so much."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self.name,
            IndexName=index,
            FilterExpression="#attribute <= :most",
            ExpressionAttributeNames={"#attribute": attribute},
            ExpressionAttributeValues=to_values({":most": at_most}),
        )
        for page in pages:
            yield from map(to_document, page["Items"])

    def _write(self, call: Any, **arguments: Any) -> Any:
        try:
            return call(TableName=self.name, **arguments)
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise ConditionFailed(to_document(error.response.get("Item") or {})) from error

    @property
    def _client(self) -> Any:
        return self._aws.client("dynamodb")


def _arguments(expression: UpdateExpression) -> dict[str, Any]:
    """The condition and the placeholders as arguments; DynamoDB takes none that is empty."""
    arguments = {
        "ConditionExpression": expression.condition,
        "ReturnValuesOnConditionCheckFailure": expression.condition and "ALL_OLD",
        "ExpressionAttributeNames": expression.names,
        "ExpressionAttributeValues": to_values(expression.values),
    }
    return {name: value for name, value in arguments.items() if value}


def _key(run_id: str, sk: str) -> Item:
    return {"run_id": run_id, "sk": sk}
