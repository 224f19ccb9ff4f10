"""The least requests of a forecast are those that a run sends to the runs table and the bucket."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.client import BaseClient
from tests.conformance.dynamodb_sizes import item_bytes
from tests.conformance.interpreter import BUCKET, TABLE, Handler, Interpreter

from awsit.actions.registry import BY_TYPE
from awsit.engine.secrets.variables import split
from awsit.forecast.compensations import with_compensations
from awsit.forecast.cost.requests import Requests, least, most
from awsit.forecast.events import best, worst
from awsit.forecast.known import known
from awsit.forecast.placeholders import PlaceholderStacks
from awsit.model.result import RunStatus
from awsit.records import replace
from awsit.scenario.compile.compile import PlanInputs, compile_plan
from awsit.system.randomness import SeededRandomness

RUN_ID = "run-01J00000000000000000000000"
READ_UNIT, WRITE_UNIT = 4096, 1024


@dataclass
class Sent:
    """What the function sends, in the units of `Requests`."""

    writes: int = 0
    reads: int = 0
    puts: int = 0
    gets: int = 0
    is_counting: bool = field(default=False, repr=False)

    def add(self, operation: str, arguments: Mapping[str, Any], answer: Mapping[str, Any], size: int) -> None:
        """Count a request; `size` is that of the item that was written."""
        self.puts += operation == "PutObject"
        self.gets += operation == "GetObject"
        if operation in {"PutItem", "UpdateItem", "DeleteItem"}:
            # the item of a run comes into the index with its lease, and leaves it with that
            has_index = arguments.get("Item", {}).get("sk") == {"S": "run"} or "#lease" in str(arguments)
            self.writes += max(1, math.ceil(size / WRITE_UNIT)) + has_index
        elif operation == "BatchWriteItem":
            for request in (each for of_table in arguments["RequestItems"].values() for each in of_table):
                self.writes += max(1, math.ceil(item_bytes(request["PutRequest"]["Item"]) / WRITE_UNIT))
        elif operation in {"GetItem", "Query"}:
            found = answer.get("Items") or [answer.get("Item", {})]
            self.reads += max(1, math.ceil(sum(map(item_bytes, found)) / READ_UNIT))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    counted, call = Sent(), BaseClient._make_api_call

    def counting(client: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:
        answer = call(client, operation, arguments)
        is_own = (
            TABLE in str(arguments.get("TableName"))
            or TABLE in arguments.get("RequestItems", {})
            or BUCKET in str(arguments.get("Bucket"))
        )
        if counted.is_counting and is_own:
            key = (
                arguments.get("Key") or {name: arguments["Item"][name] for name in ("run_id", "sk")}
                if (operation in {"PutItem", "UpdateItem"})
                else None
            )
            item = call(client, "GetItem", {"TableName": TABLE, "Key": key})["Item"] if key else {}
            counted.add(operation, arguments, answer, item_bytes(item))
        return answer

    monkeypatch.setattr(BaseClient, "_make_api_call", counting)
    return counted


@pytest.fixture
def handler(handler: Handler, sent: Sent) -> Handler:
    """The function, which is counted while it is at work."""

    def counted(event: Mapping[str, Any], context: object) -> Any:
        sent.is_counting = True
        try:
            return handler(event, context)
        finally:
            sent.is_counting = False

    return counted


def get(name: str, key: str = "7", **more: Any) -> dict[str, Any]:
    params = {"operation": "get_item", "table": "orders", "key": {"id": key}}
    return {"name": name, "type": "dynamodb", "params": params, **more}


def put(name: str) -> dict[str, Any]:
    params = {"operation": "put_item", "table": "orders", "item": {"id": name}}
    return {"name": name, "type": "dynamodb", "params": params, "auto_cleanup": True}


DOCUMENTS = {
    "undone": [get("A", cleanup=[get("U")]), get("B", cleanup=[get("V")])],
    "many_undone": [get(f"A{number}", cleanup=[get(f"U{number}")]) for number in range(10)],
    "taken_back": [put("A"), put("B"), put("C")],
    "many_taken_back": [put(f"A{number}") for number in range(10)],
    "captured": [get("A", pass_to_context={"a": "$.item"}), get("B", let={"b": "7"}), get("C", "{{ context.b }}")],
    "several": [
        get("A", pass_to_context={"a": "$.item", "b": "$.item", "c": "$.item"}),
        get("B", let={"d": "7", "e": "8"}),
    ],
    "many": [get(f"A{number}", pass_to_context={f"v{number}": "$.item"}) for number in range(10)],
    "lists": [
        get("A", for_each={"item": [1, 2]}, pass_to_context={"a": "$.item"}),
        get("B", "{{ '7' if context.a else '8' }}"),
    ],
    "many_items": [
        get("A", for_each={"item": [*range(10)]}, pass_to_context={"a": "$.item"}),
        get("B", "{{ '7' if context.a else '8' }}"),
    ],
    "secret_variables": [get("A", "{{ vars.api_key }}"), get("B", cleanup=[get("U")])],
    "cached": [get("A", cache_seconds=60), get("B", "8", cache_seconds=60)],
    "results": [get("A"), get("B", "{{ '7' if actions.A.status == 'passed' else '8' }}")],
    "limited": [get("A", cleanup=[get("U")]), put("B"), {"name": "W", "type": "wait", "params": {"seconds": 0}}],
    "waits": [{"name": "W", "type": "wait", "params": {"seconds": 1}}],
}


@pytest.mark.parametrize(
    ("name", "compact"), [*((name, False) for name in DOCUMENTS), ("captured", True), ("taken_back", True)]
)
def test_a_quiet_run_sends_what_is_forecast(name: str, compact: bool, machine: Interpreter, sent: Sent) -> None:
    document = {"name": "it", "actions": DOCUMENTS[name]}
    if "secret" in name:
        document["variables"] = {"api_key": "7c1f-90ab"}
    if "limited" in name:
        document["limits"] = {"dynamodb": {"ord*": "1000/s"}}

    ended = machine.run(document, RUN_ID, compact=compact)

    plan = compile_plan(
        document, PlanInputs(RUN_ID, "2030-01-01T00:00:00Z"), PlaceholderStacks(document), SeededRandomness(), BY_TYPE
    )
    plan = with_compensations(replace(plan, compact=compact), known(plan, document, {}))
    has_secrets = bool(split(plan)[1])
    low, high = (
        least(plan, best(plan), has_secrets=has_secrets),
        most(plan, worst(plan), has_secrets=has_secrets),
    )
    assert ended.report.status is RunStatus.PASSED
    assert Requests(sent.writes, sent.reads, sent.puts, sent.gets) == low
    assert low.writes <= high.writes
    assert low.reads <= high.reads
    assert low.puts <= high.puts
    assert low.gets <= high.gets
