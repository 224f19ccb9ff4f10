"""What is told of a run that goes on."""

from tests.unit.engine.world import RUN_ID, World, answer

from awsit.engine.run.prepare import prepare
from awsit.engine.run.report import under_way
from awsit.engine.step.call import call_step
from awsit.model.result import Status
from awsit.model.run import RunRequest
from awsit.scenario.reading.load import load_text

SCENARIO = """
name: it
actions:
  - {name: First, type: http_call, params: {url: "http://api.test/"}}
  - {name: Second, type: http_call, params: {url: "http://api.test/"}}
  - {name: Third, type: http_call, params: {url: "http://api.test/"}}
"""


def test_an_action_whose_first_call_is_under_way_is_running() -> None:
    world = World(answer())
    plan = prepare(world.services, RunRequest(RUN_ID, "it", load_text(SCENARIO, "it.yaml").document)).plan
    call_step(world.services, RUN_ID, 0, 1)
    world.store.begin(RUN_ID, 1, 1, world.clock.now().timestamp(), ())

    (step,) = under_way(plan, world.store.run(RUN_ID), world.store.records(RUN_ID))

    assert (step.name, step.status, step.started_at) == ("Second", Status.RUNNING, "2030-01-01T00:00:00.000Z")
