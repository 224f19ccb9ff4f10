"""Log lines of a task name the action that it is about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.unit.engine.world import RUN_ID, World, answer

from awsit.aws.stepfunctions.execution import Execution
from awsit.lambdas.tasks import MOST_TO_DO, TASKS, Host, action_of
from awsit.model.json import dumps

SCENARIO = """
name: named
actions:
  - name: Create
    type: http_call
    params: {url: "http://api.test/"}
    cleanup: [{name: Delete, type: http_call, params: {url: "http://api.test/"}}]
"""


@pytest.mark.parametrize(
    ("event", "named"),
    [
        ({"task": "execute", "index": 0, "sequence": 1}, {"action": "Create"}),
        ({"task": "cleanup", "item": {"kind": "action", "index": 0}}, {"action": "Create"}),
        ({"task": "cleanup", "item": {"kind": "cleanup", "index": 0}}, {"action": "Delete"}),
        ({"task": "cleanup", "item": {"kind": "cleanup", "index": 100_000}}, {"action": "Create"}),
        ({"task": "execute", "index": 7}, {}),
        ({"task": "report"}, {}),
    ],
)
def test_the_action_is_named(event: dict[str, Any], named: dict[str, str]) -> None:
    world = World(answer(), answer())
    world.run(SCENARIO)
    store: Any = world.store
    host = Host(world.services, store, "bucket", "table")
    assert action_of(host, Execution("arn", RUN_ID), event) == named
    assert action_of(host, Execution("arn", "run-unknown"), event) == {}


class ManyEntries:
    """A store whose run has so many entries in its ledger that their list is no payload."""

    def __init__(self, world: World, number: int) -> None:
        self._store = world.store
        self._ledger = tuple(range(100_000, 100_000 + number))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def close(self, *arguments: Any) -> Any:
        return replace(self._store.close(*arguments), ledger=self._ledger)


def test_what_is_to_be_undone_fits_into_a_payload_and_the_rest_is_left_to_another_execution() -> None:
    world = World(answer(), answer())
    world.run(SCENARIO)
    store: Any = ManyEntries(world, 20_000)
    host = Host(replace(world.services, store=store), store, "bucket", "table")
    execution = Execution(f"arn:aws:states:eu-west-1:123456789012:execution:awsit-test-flow:{RUN_ID}", RUN_ID)

    told: Any = TASKS["verify"](host, execution, {})

    assert len(dumps(told)) < 128 * 1024
    assert len(told["to_do"]) == MOST_TO_DO + 1
    last: Any = TASKS["cleanup"](host, execution, {"item": told["to_do"][-1], "sequence": 1})
    assert last["next"] == "later"
