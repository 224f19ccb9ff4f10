"""What a run is told that could not be prepared."""

import botocore
import pytest
from tests.unit.engine.world import World, answer

from awsit.model.result import RunStatus
from awsit.records import replace

SCENARIO = """
name: it
actions: [{name: Call, type: aws_api, params: {service: SERVICE, operation: OPERATION, params: {PARAM: 1}}}]
"""


@pytest.mark.parametrize(
    "names", [("quantum-ledgers", "x", "A"), ("sqs", "qq", "A"), ("sts", "get_caller_identity", "A")]
)
def test_a_name_that_botocore_does_not_know_may_be_newer_than_it(names):
    text = SCENARIO
    for place, name in zip(("SERVICE", "OPERATION", "PARAM"), names, strict=True):
        text = text.replace(place, name)
    result = World(answer(200, {})).run(text)
    assert (result.status, result.error.code) == (RunStatus.ERROR, "invalid_input")
    assert (
        result.error.hint == f"botocore {botocore.__version__}, which checks it here, does not know it; a newer one may"
    )


def test_a_misspelt_name_is_not_taken_for_a_newer_one():
    text = SCENARIO.replace("SERVICE", "sqs").replace("OPERATION", "send_mesage").replace("PARAM", "A")
    error = World(answer(200, {})).run(text).error
    assert "sqs has no operation `send_mesage`; did you mean `send_message`" in error.message
    assert error.hint == f"botocore {botocore.__version__}, which checks it here, does not know it"


CALLS = """
name: calls
actions:
  - {name: Call, type: http_call, params: {url: "http://a.test"}, retry: {max_attempts: 2, interval_seconds: 1}}
cleanup: [{type: http_call, params: {url: "http://a.test", method: DELETE}}]
"""


def test_all_calls_of_a_run_carry_the_trace_that_its_report_names():
    world = World(answer(503, {}), answer(200, {}), answer(200, {}))
    result = world.run(CALLS)
    calls = [request.headers for request in world.http.requests]
    parents = {each["traceparent"].split("-")[2] for each in calls}
    assert (len(calls), len(parents)) == (3, 3)
    assert {each["X-Amzn-Trace-Id"].split(";")[0] for each in calls} == {f"Root={result.trace_id}"}
    assert {each["X-Awsit-Run-Id"] for each in calls} == {result.run_id}


def test_calls_are_in_the_trace_of_the_execution():
    world = World(answer(200, {}), answer(200, {}))
    world.services = replace(world.services, trace_id="1-5759e988-bd862e3fe1be46a994272793")
    assert world.run(CALLS).trace_id == world.services.trace_id
    assert {each.headers["traceparent"][3:35] for each in world.http.requests} == {"5759e988bd862e3fe1be46a994272793"}


def test_a_run_without_a_trace_names_none():
    world = World(answer(200, {}), answer(200, {}))
    assert world.run(CALLS + "trace: false").trace_id == ""
    assert all("traceparent" not in request.headers for request in world.http.requests)
    waits = "{name: waits, actions: [{name: W, type: wait, params: {seconds: 0}}]}"
    assert World().run(waits).trace_id == ""


@pytest.mark.parametrize(("tap", "is_asked"), [("websocket: 'ws://127.0.0.1:1/x'", False), ("queue: orders", True)])
def test_what_receives_from_a_tap_needs_no_more_of_aws_than_the_tap(tap: str, is_asked: bool) -> None:
    asked: list[bool] = []
    world = World()
    world.services = replace(world.services, check_aws=lambda: asked.append(True))
    tap_step = f"  - {{name: Tap, type: listen, params: {{{tap}}}}}\n"

    world.run(f"name: s\nactions:\n{tap_step}  - {{name: Got, type: receive, params: {{from: Tap}}}}\n")

    assert asked == [True] * is_asked
