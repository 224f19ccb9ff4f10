from __future__ import annotations

import json
from typing import Any

import pytest

MACHINE = "arn:aws:states:eu-central-1:123456789012:stateMachine:orders"
INNER = {"States": {"Inner": {"Type": "Task"}}}
STATES = {
    "Store": {"Type": "Task"},
    "Done": {"Type": "Pass"},
    "Each": {"Type": "Map", "ItemProcessor": INNER},
    "Both": {"Type": "Parallel", "Branches": [{"States": {"InBranch": {"Type": "Wait"}}}]},
}
DEFINITION = json.dumps({"States": STATES})
TRY = {"operation": "test_state", "state_machine": MACHINE, "state": "Store", "input": {"order": 7}}


def answering(bench: Any, **answer: Any) -> None:
    bench.script(describe_state_machine=[{"definition": DEFINITION}], test_state=[answer])


def test_a_state_is_tried_with_a_mocked_error(bench: Any) -> None:
    details = {"errorDetails": {"retryBackoffIntervalSeconds": 6, "retryIndex": 0}}
    answering(bench, status="RETRIABLE", error="Slow", inspectionData=details)
    params = {**TRY, "mock": {"error": "Slow"}, "retries": 1, "expected_status": "RETRIABLE"}

    done = bench.run("state_machine", params)

    assert bench.client.calls[1][1] == {
        "definition": DEFINITION,
        "stateName": "Store",
        "input": '{"order":7}',
        "inspectionLevel": "DEBUG",
        "mock": {"errorOutput": {"error": "Slow", "cause": ""}},
        "stateConfiguration": {"retrierRetryCount": 1},
    }
    assert done.failure is None
    assert (done.result["error"], done.result["backoff_seconds"]) == ("Slow", 6)


def test_an_end_that_was_not_expected_fails(bench: Any) -> None:
    answering(bench, status="CAUGHT_ERROR", error="Slow", cause="late", nextState="Done", output="{}")

    done = bench.run("state_machine", {**TRY, "mock": {"result": "text"}})

    assert bench.client.calls[1][1]["mock"] == {"result": '"text"'}
    assert done.failure == "state Store was expected to end as SUCCEEDED, and ended as CAUGHT_ERROR: Slow: late"
    assert (done.failure_code, done.result["next_state"]) == ("Slow", "Done")


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, "state Store is a Task, and needs a `mock`"),
        ({"state": "Inner"}, "state Inner is a Task, and needs a `mock`"),
        ({"state": "Stroe"}, "there is no state 'Stroe'; did you mean `Store`?"),
        ({"mock": {}}, "exactly one of `result` and `error` must be given"),
        ({"mock": {"result": 1, "error": "E"}}, "exactly one of `result` and `error` must be given"),
        ({"expected_status": "ABORTED"}, "test_state never ends as ABORTED"),
    ],
)
def test_what_cannot_be_tried_is_refused_before_it_is(bench: Any, params: dict[str, Any], said: str) -> None:
    answering(bench)

    assert said in bench.refused("state_machine", {**TRY, **params}).message
    assert "test_state" not in dict(bench.client.calls)


@pytest.mark.parametrize("state", ["Done", "InBranch"])
def test_a_state_that_calls_nothing_needs_no_mock(bench: Any, state: str) -> None:
    answering(bench, status="SUCCEEDED", output="[1]")

    assert bench.run("state_machine", {**TRY, "state": state}).result["output"] == [1]
