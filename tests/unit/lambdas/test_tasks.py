"""Log lines of a task name the action that it is about."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.engine.world import RUN_ID, World, answer

from awsit.aws.stepfunctions.execution import Execution
from awsit.lambdas.tasks import Host, action_of

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
