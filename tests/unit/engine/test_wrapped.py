"""Engines that have another one carry out their runs."""

from __future__ import annotations

from tests.unit.engine.world import RUN_ID, World, answer

from awsit.engine.local import LocalEngine
from awsit.engine.wrapped import WithoutSteps
from awsit.model.events import CleanupFinished, CleanupStarted, Event, RunFinished, RunStarted
from awsit.model.run import RunRequest
from awsit.scenario.reading.load import load_text

SCENARIO = """
name: orders
actions:
  - {name: Read, type: http_call, params: {url: "http://api.test/orders"}, retry: {retry_on: ["503"], max_attempts: 2}}
"""


def test_what_happens_in_steps_is_in_the_result_alone() -> None:
    happened: list[Event] = []
    engine = WithoutSteps(LocalEngine(World(answer(503), answer(200)).services))
    document = load_text(SCENARIO, "orders.yaml").document

    engine.follow(engine.start(RunRequest(RUN_ID, "orders", document)), happened.append)

    assert [type(event) for event in happened] == [RunStarted, CleanupStarted, CleanupFinished, RunFinished]
    assert isinstance(happened[-1], RunFinished)
    assert [len(step.attempts) for step in happened[-1].result.steps] == [2]
