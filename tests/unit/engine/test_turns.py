"""Requests to what has a limit, of all runs together."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.engine.world import NoAws, World, answer

from awsit.actions.registry import BY_TYPE
from awsit.engine.turns import LONGEST_PAUSE
from awsit.errors import ActionError, ErrorKind
from awsit.model.action.abilities import RateLimited
from awsit.model.json import dumps
from awsit.model.result import RunResult, RunStatus, Status
from awsit.records import replace
from awsit.scenario.schema.blocks.limits import LimitsSpec

CALLS = """
name: limited
timeout_seconds: {timeout}
limits: {{http: {{{limits}}}}}
actions:
  - {{name: First, type: http_call, params: {{url: "http://api.test:8080/1"}}}}
  - {{name: Second, type: http_call, params: {{url: "http://API.test:8080/2"}}}}
  - name: Third
    type: http_call
    params: {{url: "http://api.test:8080/3"}}
    cleanup: [{{name: Undo, type: http_call, params: {{url: "http://api.test:8080/4"}}}}]
"""


def run(world: World, limits: str, timeout: int = 300) -> RunResult:
    return world.run(CALLS.format(limits=limits, timeout=timeout))


@pytest.mark.parametrize(
    "limit", ["api.test: 2/s", "'api.test:8080': 2", "'*.test': 120/min", "'*.test': 2, api.test: 1/h"]
)
def test_requests_come_no_faster_than_the_limit(limit: str) -> None:
    world = World(answer())
    assert run(world, limit).status is RunStatus.PASSED
    assert world.clock.slept == [0.5, 0.5, 0.5]
    assert len(world.urls) == 4


@pytest.mark.parametrize("limit", ["other.test: 2/s", "'api.test:80': 2", "'*.example.com': 2", ""])
def test_a_limit_of_something_else_slows_nothing_down(limit: str) -> None:
    world = World(answer())
    assert run(world, limit).status is RunStatus.PASSED
    assert world.clock.slept == []


def test_a_step_waits_longer_without_an_attempt_and_has_one_attempt_in_the_end() -> None:
    world = World(answer())
    result = run(world, "api.test: 6/min")
    assert result.status is RunStatus.PASSED
    assert [len(step.attempts) for step in (*result.steps, *result.cleanup.steps)] == [1, 1, 1, 1]
    assert world.clock.slept == pytest.approx([10, 10, 10])
    assert LONGEST_PAUSE < 10


def test_attempts_before_a_turn_that_is_waited_for_stay() -> None:
    world = World(answer(503), answer())
    scenario = """
name: limited
limits: {http: {api.test: 6/min}}
actions:
  - name: Retried
    type: http_call
    params: {url: "http://api.test/1"}
    retry: {max_attempts: 2, interval_seconds: 1, jitter: false, retry_on: [503]}
"""
    (step,) = world.run(scenario).steps
    assert [attempt.status for attempt in step.attempts] == [Status.FAILED, Status.PASSED]
    assert world.clock.slept == pytest.approx([1, 9])


def test_the_time_of_a_poll_begins_with_its_first_attempt_and_not_with_the_wait_for_its_turn() -> None:
    world = World(answer(200, {}), answer(200, {"ready": False}), answer(200, {"ready": True}))
    scenario = """
name: limited
limits: {http: {api.test: 6/min}}
actions:
  - {name: First, type: http_call, params: {url: "http://api.test/1"}}
  - name: Polled
    type: http_call
    params: {url: "http://api.test/2"}
    until: {assert: [{path: $.body.ready, equals: true}], timeout_seconds: 5}
"""
    assert world.run(scenario).status is RunStatus.PASSED


def test_a_turn_that_comes_after_the_end_of_the_run_is_an_error_and_is_not_taken() -> None:
    world = World(answer())
    result = run(world, "api.test: 1/min", timeout=100)
    third = result.steps[2]
    assert result.status is RunStatus.ERROR
    assert third.error is not None
    assert third.error.code == "throttling"
    assert "one request to api.test every 60 s: the turn of this one comes in 60 s" in third.error.message
    assert "`timeout_seconds`" in third.error.hint
    assert not any("/3" in url for url in world.urls)


def test_clean_up_goes_ahead_when_its_turn_would_come_too_late() -> None:
    world = World(answer())
    result = run(world, "api.test: 1/min")
    assert (result.status, len(world.urls)) == (RunStatus.PASSED, 4)
    assert world.clock.slept == pytest.approx([60, 60, 30])


def test_each_kind_of_limit_is_of_an_action_type() -> None:
    kinds = {action.limit_kind for action in BY_TYPE.values() if isinstance(action, RateLimited)}
    assert kinds == set(LimitsSpec.model_fields)


@pytest.mark.parametrize(
    ("action_type", "params", "names"),
    [
        (
            "http_call",
            {"url": "https://ada:secret@API.example.com:8443/x"},
            ("api.example.com:8443", "api.example.com"),
        ),
        ("http_call", {"url": "http://[::1]:80/"}, ("[::1]:80", "::1")),
        ("http_call", {"url": "http://[broken"}, ()),
        ("listen", {"websocket": "wss://API.example.com:8443/live"}, ("api.example.com:8443", "api.example.com")),
        ("listen", {"queue": "orders"}, ()),
        ("dynamodb", {"table": "orders"}, ("orders", "orders")),
        ("dynamodb", {"table": "arn:aws:dynamodb:eu-west-1:1:table/orders"}, None),
    ],
)
def test_what_a_limit_may_call_a_host_or_a_table(action_type: str, params: Any, names: tuple[str, ...] | None) -> None:
    action = BY_TYPE[action_type]
    assert isinstance(action, RateLimited)
    assert action.limited_names(params) == (names if names is not None else (params["table"], "orders"))


TOKENS = """
name: limited
timeout_seconds: 300
limits: {http: {auth.test: 6/min}}
defaults:
  http_call:
    timeout_seconds: TIMEOUT
    params: {url: "http://api.test", auth: {oauth2: {token_url: "http://auth.test/token", client_secret: hush-hush}}}
actions:
  - {name: First, type: http_call, params: {auth: {oauth2: {client_id: a}}}}
  - {name: Second, type: http_call, params: {auth: {oauth2: {client_id: b}}}}
  - {name: Third, type: http_call, params: {auth: {oauth2: {client_id: a}}}}
"""


def test_a_request_for_a_token_waits_for_its_turn_within_the_time_of_its_action() -> None:
    world = World(answer(200, {"access_token": "t0ken"}))
    assert world.run(TOKENS.replace("TIMEOUT", "20")).status is RunStatus.PASSED
    assert world.clock.slept == [10]

    result = World(answer(200, {"access_token": "t0ken"})).run(TOKENS.replace("TIMEOUT", "5"))
    assert (result.steps[1].status, result.steps[1].attempts[0].code) == (Status.ERROR, "throttling")
    assert "the turn of this one comes in 10 s, and the action has 5 s left" in result.steps[1].error.message


def test_the_client_is_made_before_the_turn_and_not_within_it(monkeypatch: pytest.MonkeyPatch) -> None:
    world, made = World(), list[float]()

    class SlowClient(NoAws):
        def client(self, service: str) -> Any:
            made.append(world.clock.monotonic())
            world.clock.sleep(0.4)  # as boto3 needs it for its first client
            raise ActionError(f"no {service}", kind=ErrorKind.CONNECTION)

    world.services = replace(world.services, aws=SlowClient())
    turns = list[float]()
    take_turn = world.store.take_turn

    def noted(name: str, distance: float, at: float, patience: float) -> float:
        turns.append(world.clock.monotonic())
        return take_turn(name, distance, at, patience)

    monkeypatch.setattr(world.store, "take_turn", noted)
    params = {"operation": "get_item", "table": "orders", "key": {"id": "1"}}
    action = {"name": "Read", "type": "dynamodb", "params": params}
    result = world.run(dumps({"name": "it", "limits": {"dynamodb": {"orders": 5}}, "actions": [action]}))

    assert (result.status, turns) == (RunStatus.ERROR, [0.4])
    assert made[0] == 0
