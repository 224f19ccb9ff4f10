"""A call that is delivered twice."""

from tests.unit.engine.world import RUN_ID, World, answer

from awsit.engine.execute import execute
from awsit.engine.prepare import prepare
from awsit.engine.store import Kind, Next
from awsit.model.json import Json
from awsit.model.result import RunStatus, Status
from awsit.model.run import RunRequest


def prepared(world: World, method: str, **more: Json) -> None:
    action = {"name": "A", "type": "http_call", "params": {"url": "http://api.test/", "method": method}, **more}
    prepare(world.services, RunRequest(RUN_ID, "s", {"name": "s", "actions": [action]}))


def test_a_call_that_ended_gives_its_answer_again() -> None:
    world = World(answer(200, {}))
    prepared(world, "POST")

    first = execute(world.services, RUN_ID, 0, 1)
    second = execute(world.services, RUN_ID, 0, 1)

    assert first == second
    assert len(world.http.requests) == 1


def test_a_begun_call_without_an_outcome_is_repeated_when_that_is_safe() -> None:
    world = World(answer(200, {}))
    prepared(world, "GET")
    world.store.begin(RUN_ID, 0, 1, world.clock.now().timestamp(), ())

    assert execute(world.services, RUN_ID, 0, 1).next is Next.GO_ON
    assert len(world.http.requests) == 1


def test_else_its_outcome_is_unknown_and_the_run_ends() -> None:
    world = World(answer(200, {}))
    prepared(world, "POST")
    world.store.begin(RUN_ID, 0, 1, world.clock.now().timestamp(), ())

    assert execute(world.services, RUN_ID, 0, 1).next is Next.STOP

    assert world.http.requests == []
    record = world.store.record(RUN_ID, Kind.ACTION, 0)
    assert record is not None
    assert record.result.status is Status.ERROR
    assert record.result.error is not None
    assert record.result.error.code == "outcome_unknown"
    assert world.store.run(RUN_ID).verdict is RunStatus.ERROR


def test_a_wait_that_is_delivered_twice_asks_for_the_same_wait() -> None:
    world = World(answer(503, {}))
    prepared(world, "GET", retry={"max_attempts": 3, "interval_seconds": 5})

    first = execute(world.services, RUN_ID, 0, 1)

    assert first.next is Next.WAIT
    assert execute(world.services, RUN_ID, 0, 1) == first


def test_a_condition_is_not_looked_at_in_a_run_that_has_ended() -> None:
    world = World()
    prepared(world, "GET", when="{{ 1 }}")
    world.store.close(RUN_ID)

    assert execute(world.services, RUN_ID, 0, 1).next is Next.STOP
    assert world.store.record(RUN_ID, Kind.ACTION, 0) is None
