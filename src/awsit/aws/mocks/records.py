"""What the mocks table holds: the routes of each mock, how often it was called, and its calls.

The items of a mock have its secret as their partition; another item, in the partition of its run, has the secret by the
mock's name. Routes and calls are compressed, so that each fits into an item (400 KB: Amazon DynamoDB Developer Guide,
"Quotas in Amazon DynamoDB").
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from awsit.actions.mock.script import MOST_BYTES, MOST_CALLS
from awsit.aws.runs.dynamodb.table import ConditionFailed, Table
from awsit.aws.runs.dynamodb.update_expression import UpdateExpression
from awsit.model.http import CallLog
from awsit.model.json import Json, dumps, loads

SECRET_LENGTH = 26
"""Letters and digits of a secret path: more than 128 bits."""
LARGEST = 350_000
"""Bytes of routes, compressed."""
LONGEST_SECONDS = 90_000
"""How long a mock answers that nothing ends: as long as an execution may go on (`infra/test_flow.asl.json`)."""
EXPIRES = "expires_at"

_SECRET = re.compile(rf"[a-z0-9]{{{SECRET_LENGTH}}}")
_ROUTES, _CALL, _TALLY = "answers", "call#", "tally"
"""The sort keys of a mock's items, in their order: one query reads the calls, and then how many there were."""
_IS_THERE, _IS_NEW = "attribute_exists(run_id)", "attribute_not_exists(run_id)"


class ClosedError(Exception):
    """The mock was ended while it got a call."""


class OpenMock(Struct, frozen=True):
    """What a mock answers with, and until when it is kept (seconds since the epoch)."""

    routes: Json
    expires_at: int


class CallNumber(Struct, frozen=True):
    """The number of a call of a mock, from 1; of how many bytes the bodies until then are; its number at its route."""

    call: int
    bytes: int
    at_route: int

    @property
    def is_kept(self) -> bool:
        """Whether the call is one of those that a mock keeps."""
        return self.call <= MOST_CALLS and self.bytes <= MOST_BYTES


class MockRecords:
    """The items of mocks by their secrets."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def open(self, secret: str, routes: bytes, expires_at: int) -> None:
        """Have the mock answer, unless it does already; `routes` are as `packed`."""
        shared = {"run_id": secret, EXPIRES: expires_at}
        _put_new(self._table, {**shared, "sk": _TALLY, "calls": 0, "bytes": 0})
        _put_new(self._table, {**shared, "sk": _ROUTES, "body": routes})

    def find(self, secret: str, now: float) -> OpenMock | None:
        """The mock; None where there is none, or where its time is over: the table removes items later than that.

        Source: Amazon DynamoDB Developer Guide, "Using time to live (TTL) in DynamoDB".
        """
        item = self._table.get(secret, _ROUTES) if _SECRET.fullmatch(secret) else None
        if item is None or item[EXPIRES] <= now:
            return None
        return OpenMock(unpacked(item["body"]), int(item[EXPIRES]))

    def count(self, secret: str, size: int, route: int | None) -> CallNumber:
        """Count a call with a body of so many bytes, at a route by its index. Raises ClosedError."""
        update = UpdateExpression(_IS_THERE, {"#calls": "calls", "#bytes": "bytes"}, {":one": 1, ":size": size})
        update.additions += ["#calls :one", "#bytes :size"]
        if route is not None:
            update.names["#route"] = f"route{route}"
            update.additions.append("#route :one")
        try:
            item = self._table.update(secret, _TALLY, update, returns="ALL_NEW")
        except ConditionFailed as error:
            raise ClosedError from error
        return CallNumber(int(item["calls"]), int(item["bytes"]), int(item.get(f"route{route}", 0)))

    def keep(self, secret: str, number: int, call: Json, expires_at: int) -> None:
        """Keep a call under its number."""
        name = f"{_CALL}{number:06}"
        self._table.put({"run_id": secret, "sk": name, "body": packed(call), EXPIRES: expires_at})

    def log(self, secret: str) -> CallLog:
        """All calls that are kept, in their order. One that is being answered may be counted, and come later."""
        calls: dict[str, Json] = {}
        number = 0
        for item in self._table.query(secret, _CALL, _TALLY):
            if item["sk"] == _TALLY:
                number = int(item["calls"])
            else:
                calls[str(int(item["sk"].removeprefix(_CALL)))] = unpacked(item["body"])
        return CallLog(calls, number)

    def remove(self, secret: str) -> None:
        """Answer no more, from the first call on; then forget the calls."""
        for name in (_ROUTES, _TALLY):
            self._table.delete(secret, name)
        self._table.delete_all(secret)


class MockNames:
    """The secrets of a run's mocks by their names."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, run_id: str, name: str, secret: str, expires_at: int) -> str:
        """Give the mock this secret, unless it has one; returns the one that it has."""
        item = {"run_id": _partition(run_id), "sk": name, "secret": secret, EXPIRES: expires_at}
        return str(_put_new(self._table, item)["secret"])

    def secrets(self, run_id: str) -> Mapping[str, str]:
        """All of a run."""
        return {item["sk"]: item["secret"] for item in self._table.query(_partition(run_id))}

    def remove(self, run_id: str, name: str) -> None:
        """Forget one."""
        self._table.delete(_partition(run_id), name)


def packed(value: Json) -> bytes:
    """A document as an attribute of an item."""
    return zlib.compress(dumps(value).encode())


def unpacked(body: Any) -> Json:
    """The document of such an attribute."""
    return loads(zlib.decompress(bytes(body)).decode())


def _put_new(table: Table, item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write an item, unless it is there; returns the one that is there then."""
    try:
        table.put(item, UpdateExpression(_IS_NEW))
    except ConditionFailed as error:
        return error.item
    return item


def _partition(run_id: str) -> str:
    return f"run#{run_id}"
