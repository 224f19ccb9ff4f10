"""A DynamoDB table in memory: whole items by `id`, as attribute values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from tests.unit.engine.world import NoAws

from awsit.actions.dynamodb.attribute_values import decode_map
from awsit.aws.client import errors


class TableAws(NoAws):
    """AWS with this one table. `before` is called with the operation's name before each one, and may raise."""

    def __init__(self, **items: Any) -> None:
        self.items: dict[str, Any] = {}
        self.calls: list[str] = []
        self.before: Callable[[str], None] = lambda _: None
        for name, item in items.items():
            self.items[name] = {"id": {"S": name}, **item}

    def client(self, service: str) -> Any:
        assert service == "dynamodb"
        return self

    def translate(self, error: Exception) -> Exception:
        return errors.translate(error)

    @property
    def plain(self) -> list[Any]:
        return [decode_map(item) for item in self.items.values()]

    def describe_table(self, **_: Any) -> Any:
        return {"Table": {"KeySchema": [{"AttributeName": "id"}]}}

    def get_item(self, *, Key: Any, **_: Any) -> Any:  # noqa: N803 - botocore's names
        self._called("get_item")
        item = self.items.get(Key["id"]["S"])
        return {"Item": item} if item else {}

    def put_item(self, *, Item: Any, **_: Any) -> Any:  # noqa: N803
        self._called("put_item")
        self.items[Item["id"]["S"]] = Item
        return {}

    def delete_item(self, *, Key: Any, **_: Any) -> Any:  # noqa: N803
        self._called("delete_item")
        self.items.pop(Key["id"]["S"], None)
        return {}

    def _called(self, name: str) -> None:
        self.calls.append(name)
        self.before(name)


def throttled(operation: str = "PutItem") -> ClientError:
    return ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, operation)
