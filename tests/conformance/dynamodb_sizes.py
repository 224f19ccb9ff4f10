"""What writes of DynamoDB cost, by the documented rules: moto counts no capacity.

Sources: Amazon DynamoDB developer guide, "DynamoDB item sizes and formats", and "DynamoDB on-demand capacity mode",
section "Write request units": a unit for each KB of the item, of an update as it was or is, whichever is larger.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.client import BaseClient

LARGEST_ITEM = 400 * 1024
OVERHEAD = 3
"""Bytes of a list, a map or a set beside its elements."""


@dataclass
class Writes:
    """The writes that were made: the units of each."""

    units: list[int] = field(default_factory=list)


def item_bytes(item: Mapping[str, Any]) -> int:
    """The size of an item in attribute values (`{"S": "text"}`)."""
    return sum(len(name.encode()) + value_bytes(value) for name, value in item.items())


def value_bytes(value: Mapping[str, Any]) -> int:
    """The size of an attribute value."""
    ((kind, content),) = value.items()
    return _SIZES[kind](content)


def _number(text: str) -> int:
    return math.ceil(len(text.lstrip("-").replace(".", "")) / 2) + 1


_SIZES: Mapping[str, Callable[[Any], int]] = {
    "S": lambda text: len(text.encode()),
    "N": _number,
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
    "SS": lambda texts: OVERHEAD + sum(len(text.encode()) for text in texts),
    "NS": lambda numbers: OVERHEAD + sum(map(_number, numbers)),
    "L": lambda elements: OVERHEAD + sum(1 + value_bytes(each) for each in elements),
    "M": lambda entries: OVERHEAD + sum(1 + len(name.encode()) + value_bytes(each) for name, each in entries.items()),
}


@contextmanager
def counted_writes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Writes]:
    """Count the writes that clients of DynamoDB make, and refuse items that are too large."""
    writes, call = Writes(), BaseClient._make_api_call

    def counting(client: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:
        if operation not in {"PutItem", "UpdateItem"}:
            return call(client, operation, arguments)
        item = arguments.get("Item", {})
        key = arguments.get("Key") or {name: item[name] for name in ("run_id", "sk")}
        get = {"TableName": arguments["TableName"], "Key": key}
        before = call(client, "GetItem", get).get("Item", {})
        answer = call(client, operation, arguments)
        size = max(item_bytes(before), item_bytes(call(client, "GetItem", get)["Item"]))
        assert size <= LARGEST_ITEM, f"{key} has {size} bytes"
        writes.units.append(max(1, math.ceil(size / 1024)))
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", counting)
        yield writes
