"""Plans of small scenarios, made without AWS."""

from __future__ import annotations

from typing import Any

from awsit.actions.registry import BY_TYPE
from awsit.forecast.document import Forecast
from awsit.forecast.make import Circumstances, forecast
from awsit.forecast.placeholders import PlaceholderStacks
from awsit.model.json import exact
from awsit.model.permissions import AwsLocation
from awsit.model.plan import Plan
from awsit.model.run import RunRequest
from awsit.scenario.compile.compile import PlanInputs, compile_plan
from awsit.system.randomness import SeededRandomness

RUN_ID = "run-01J00000000000000000000000"
AT = "2030-01-01T00:00:00.000Z"


def get(name: str = "Get", **more: Any) -> dict[str, Any]:
    params = {"operation": "get_item", "table": "orders", "key": {"id": "7"}}
    return {"name": name, "type": "dynamodb", "params": params, **more}


def call(url: str, name: str = "Call", **params: Any) -> dict[str, Any]:
    return {"name": name, "type": "http_call", "params": {"url": url, **params}}


def compiled(document: dict[str, Any], env: dict[str, str] | None = None, **variables: Any) -> Plan:
    inputs = PlanInputs(RUN_ID, AT, variables, env or {})
    return compile_plan(exact(document), inputs, PlaceholderStacks(document), SeededRandomness(), BY_TYPE)


def foreseen(*actions: dict[str, Any], env: dict[str, str] | None = None, **keys: Any) -> Forecast:
    document = exact({"name": "it", "actions": list(actions), **keys})
    request = RunRequest(RUN_ID, "it", document, {}, env or {})
    return forecast(compiled(document, env), request, Circumstances(AwsLocation.of("eu-west-1")))


def waiting(blocks: int, branches: int = 40) -> dict[str, Any]:
    """A scenario with so many `parallel` blocks, whose branches wait a second each: 26 events a branch, 6 a block."""
    many = [
        {
            "name": f"Block{block}",
            "type": "parallel",
            "params": {
                "branches": [
                    [{"name": f"Wait{block}_{number}", "type": "wait", "params": {"seconds": 1}}]
                    for number in range(branches)
                ]
            },
        }
        for block in range(blocks)
    ]
    return {"name": "it", "timeout_seconds": 3600, "actions": many}
