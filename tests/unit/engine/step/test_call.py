"""A call that is delivered twice."""

from typing import Any

import pytest
from tests.unit.engine.table import TableAws
from tests.unit.engine.world import RUN_ID, World, answer

from awsit.engine.run.prepare import prepare
from awsit.engine.step.call import call_step
from awsit.engine.store.records import Closing, Next
from awsit.model.json import Json
from awsit.model.plan import Phase
from awsit.model.result import RunStatus, Status
from awsit.model.run import RunRequest


def prepared(world: World, method: str, **more: Json) -> None:
    action = {"name": "A", "type": "http_call", "params": {"url": "http://api.test/", "method": method}, **more}
    prepare(world.services, RunRequest(RUN_ID, "s", {"name": "s", "actions": [action]}))


def test_a_call_that_ended_gives_its_answer_again() -> None:
    world = World(answer(200, {}))
    prepared(world, "POST")

    first = call_step(world.services, RUN_ID, 0, 1)
    second = call_step(world.services, RUN_ID, 0, 1)

    assert first == second
    assert len(world.http.requests) == 1


def test_a_begun_call_without_an_outcome_is_repeated_when_that_is_safe() -> None:
    world = World(answer(200, {}))
    prepared(world, "GET")
    world.store.begin(RUN_ID, 0, 1, world.clock.now().timestamp(), ())

    assert call_step(world.services, RUN_ID, 0, 1).next is Next.SUCCEEDED
    assert len(world.http.requests) == 1


def test_else_its_outcome_is_unknown_and_the_run_ends() -> None:
    world = World(answer(200, {}))
    prepared(world, "POST")
    world.store.begin(RUN_ID, 0, 1, world.clock.now().timestamp(), ())

    assert call_step(world.services, RUN_ID, 0, 1).next is Next.FAILED

    assert world.http.requests == []
    record = world.store.record(RUN_ID, Phase.ACTIONS, 0)
    assert record is not None
    assert record.result.status is Status.ERROR
    assert record.result.error is not None
    assert record.result.error.code == "outcome_unknown"
    assert world.store.run(RUN_ID).verdict is RunStatus.ERROR


def test_a_wait_that_is_delivered_twice_asks_for_the_same_wait() -> None:
    world = World(answer(503, {}))
    prepared(world, "GET", retry={"max_attempts": 3, "interval_seconds": 5})

    first = call_step(world.services, RUN_ID, 0, 1)

    assert first.next is Next.WAIT
    assert call_step(world.services, RUN_ID, 0, 1) == first


def test_a_condition_is_not_looked_at_in_a_run_that_has_ended() -> None:
    world = World()
    prepared(world, "GET", when="{{ 1 }}")
    world.store.close(RUN_ID)

    assert call_step(world.services, RUN_ID, 0, 1).next is Next.FAILED
    assert world.store.record(RUN_ID, Phase.ACTIONS, 0) is None


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("{{ vars.nothing }}", "when: `when` must give true or false, not null"),
        ("{{ vars.nothing.a == 1 }}", "when: "),
    ],
)
@pytest.mark.parametrize(("goes_on", "following"), [(True, Next.SUCCEEDED), (False, Next.FAILED)])
def test_a_step_whose_condition_cannot_be_told_has_failed_as_any_other(
    when: str, said: str, goes_on: bool, following: Next
) -> None:
    world = World()
    action = {"name": "A", "type": "http_call", "params": {"url": "http://api.test/"}, "when": when}
    document = {"name": "s", "variables": {"nothing": None}, "actions": [{**action, "continue_on_failure": goes_on}]}
    prepare(world.services, RunRequest(RUN_ID, "s", document))

    assert call_step(world.services, RUN_ID, 0, 1).next is following

    record = world.store.record(RUN_ID, Phase.ACTIONS, 0)
    assert record is not None
    assert record.result.error is not None
    assert (record.result.status, record.result.error.message[: len(said)]) == (Status.ERROR, said)


def test_a_condition_is_decided_once() -> None:
    world = World(answer(200, {"ready": True}))
    action = {"when": "{{ not context.ready|default(false) }}", "pass_to_context": {"ready": "$.body.ready"}}
    prepared(world, "POST", **action)

    first = call_step(world.services, RUN_ID, 0, 1)

    assert call_step(world.services, RUN_ID, 0, 1) == first
    record = world.store.record(RUN_ID, Phase.ACTIONS, 0)
    assert record is not None
    assert record.result.status is Status.PASSED


def test_a_retry_that_never_came_back_counts_its_attempts_on() -> None:
    world = World(answer(503, {}), answer(200, {}))
    prepared(world, "GET", retry={"max_attempts": 3, "interval_seconds": 5})
    call_step(world.services, RUN_ID, 0, 1)
    world.store.begin(RUN_ID, 0, 2, world.clock.now().timestamp(), ())

    assert call_step(world.services, RUN_ID, 0, 2).next is Next.SUCCEEDED

    record = world.store.record(RUN_ID, Phase.ACTIONS, 0)
    assert record is not None
    assert [attempt.number for attempt in record.result.attempts] == [1, 2]


def test_an_older_call_that_arrives_late_changes_nothing() -> None:
    world = World(answer(503, {}), answer(200, {}))
    prepared(world, "GET", retry={"max_attempts": 3, "interval_seconds": 5})
    call_step(world.services, RUN_ID, 0, 1)
    last = call_step(world.services, RUN_ID, 0, 2)

    assert call_step(world.services, RUN_ID, 0, 1) == last
    assert len(world.http.requests) == 2


def test_a_call_that_was_delivered_after_the_run_was_closed_does_nothing() -> None:
    world = World(answer(200, {}))
    prepared(world, "GET")
    world.store.close(RUN_ID, Closing(RunStatus.CANCELLED))

    assert call_step(world.services, RUN_ID, 0, 1).next is Next.FAILED
    assert world.http.requests == []


def test_what_was_killed_after_its_inverse_was_recorded_records_it_once() -> None:
    world = World(aws=TableAws())
    params = {"operation": "put_item", "table": "orders", "item": {"id": "7"}}
    action = {"name": "A", "type": "dynamodb", "params": params, "auto_cleanup": True}
    prepare(world.services, RunRequest(RUN_ID, "s", {"name": "s", "actions": [action]}))
    killed = [True]

    def kill(name: str) -> None:
        if name == "put_item" and killed.pop():
            raise SystemExit

    aws: Any = world.services.aws
    aws.before = kill
    with pytest.raises(SystemExit):
        call_step(world.services, RUN_ID, 0, 1)
    killed.append(False)

    assert call_step(world.services, RUN_ID, 0, 1).next is Next.SUCCEEDED
    assert world.store.run(RUN_ID).ledger == (100_000,)
    assert aws.calls == ["get_item", "put_item", "put_item"]


def test_each_attempt_that_did_not_succeed_is_logged_with_its_cause_and_without_secrets() -> None:
    world = World(answer(503, {}), answer(400, {}), secrets={"token": "top-secret"})
    params = {"url": "http://api.test/{{ secret('token') }}", "expected_status": 200}
    action = {"name": "A", "type": "http_call", "params": params, "retry": {"max_attempts": 3}}
    prepare(world.services, RunRequest(RUN_ID, "s", {"name": "s", "actions": [action]}))

    directive = call_step(world.services, RUN_ID, 0, 1)
    call_step(world.services, RUN_ID, 0, directive.sequence)

    lines = [(each.level, each.message, each.fields["attempt"], each.fields.get("cause")) for each in world.logged]
    assert lines == [
        ("INFO", "step started", 1, None),
        ("WARNING", "attempt failed, another follows", 1, "503"),
        ("ERROR", "step ended", 2, "400"),
    ]
    assert "top-secret" not in repr(world.logged)


def test_a_poll_that_goes_on_is_not_logged_and_its_end_is() -> None:
    world = World(answer(200, {"done": False}), answer(200, {"done": False}))
    until = {"assert": [{"path": "$.body.done", "equals": True}], "interval_seconds": 1, "timeout_seconds": 1}
    prepared(world, "GET", until=until)

    directive = call_step(world.services, RUN_ID, 0, 1)
    assert [each.message for each in world.logged] == ["step started"]
    world.clock.sleep(1)
    call_step(world.services, RUN_ID, 0, directive.sequence)

    assert [(each.message, each.fields["cause"]) for each in world.logged[1:]] == [("step ended", "until_timeout")]
