"""What a step computes before it acts."""

from __future__ import annotations

from tests.unit.engine.world import RUN_ID, World, answer

from awsit.engine.run.prepare import prepare
from awsit.engine.step.call import call_step
from awsit.engine.store.records import Next
from awsit.model.json import Json
from awsit.model.result import CleanupVerdict
from awsit.model.run import RunRequest

ACTION = {
    "name": "Create",
    "type": "http_call",
    "let": {"order_id": "{{ uuid() }}"},
    "params": {"url": "http://api.test/{{ context.order_id }}", "method": "PUT"},
}


def prepared(world: World, **more: Json) -> None:
    prepare(world.services, RunRequest(RUN_ID, "s", {"name": "s", "actions": [{**ACTION, **more}]}))


def test_it_is_in_the_run_before_the_service_is_called() -> None:
    world = World(lambda request: answer(200, {"known": world.store.run(RUN_ID).context["order_id"] in request.url}))
    prepared(world, **{"assert": [{"path": "$.body.known", "equals": True}]})

    assert call_step(world.services, RUN_ID, 0, 1).next is Next.SUCCEEDED


def test_every_attempt_has_the_same_values() -> None:
    world = World(answer(503, {}), answer(200, {}))
    prepared(world, retry={"max_attempts": 2})

    for sequence in (1, 2):
        call_step(world.services, RUN_ID, 0, sequence)

    first, second = (request.url for request in world.http.requests)
    assert first == second


def test_every_attempt_has_the_same_fake_data() -> None:
    world = World(answer(503, {}), answer(200, {}))
    params = {"url": "http://api.test/{{ context.word }}/{{ fake.word() }}/{{ fake.word() }}", "method": "PUT"}
    prepared(world, let={"word": "{{ fake.word() }}"}, params=params, retry={"max_attempts": 2})

    for sequence in (1, 2):
        call_step(world.services, RUN_ID, 0, sequence)

    first, second = (request.url for request in world.http.requests)
    assert first == second
    assert len(set(first.split("/")[3:])) == 3


def test_a_lost_answer_is_cleaned_up_by_what_was_computed() -> None:
    text = """
name: s
actions:
  - name: Create
    type: http_call
    let: {order_id: o-1}
    params: {url: "http://api.test/orders/{{ context.order_id }}", method: POST, expected_status: 201}
    cleanup: [{type: http_call, params: {url: "http://api.test/orders/{{ context.order_id }}", method: DELETE}}]
"""
    world = World(answer(502, {}), answer(200, {}))

    result = world.run(text)

    assert world.urls == ["POST http://api.test/orders/o-1", "DELETE http://api.test/orders/o-1"]
    assert result.cleanup.verdict is CleanupVerdict.CLEAN


def test_what_could_not_be_computed_leaves_nothing_to_undo() -> None:
    text = """
name: s
actions:
  - name: Create
    type: http_call
    let: {order_id: "{{ 1 / 0 }}"}
    params: {url: "http://api.test/orders/{{ context.order_id }}", method: POST}
    cleanup: [{type: http_call, params: {url: "http://api.test/orders/{{ context.order_id }}", method: DELETE}}]
"""
    world = World()

    result = world.run(text)

    assert world.urls == []
    assert result.cleanup.verdict is CleanupVerdict.CLEAN


def test_a_call_that_is_delivered_again_has_the_values_of_the_first() -> None:
    world = World(answer(200, {}))
    prepared(world)
    world.store.begin(RUN_ID, 0, 1, world.clock.now().timestamp(), ())
    world.store.compute(RUN_ID, {"order_id": "computed-before"}, ())

    assert call_step(world.services, RUN_ID, 0, 1).next is Next.SUCCEEDED
    assert [request.url for request in world.http.requests] == ["http://api.test/computed-before"]
