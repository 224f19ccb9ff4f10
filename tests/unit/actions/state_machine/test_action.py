from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests.unit.actions.services import Clients, compensations
from ulid import ULID

from awsit.actions.registry import BY_TYPE
from awsit.actions.state_machine.action import StateMachineAction
from awsit.errors import ActionError, Effect
from awsit.model.action.abilities import Resumptions
from awsit.model.action.call import Kept
from awsit.model.action.protocol import Summary
from awsit.model.permissions import AwsLocation, Permission

ACCOUNT = "eu-central-1:123456789012"
MACHINE = f"arn:aws:states:{ACCOUNT}:stateMachine:orders"
EXECUTION = f"arn:aws:states:{ACCOUNT}:execution:orders:one"
HERE = AwsLocation.of("eu-central-1", "123456789012")
BEGAN = datetime(2030, 1, 1, tzinfo=UTC)
RUNNING = {"executionArn": EXECUTION, "status": "RUNNING", "startDate": BEGAN}
ENDED = {**RUNNING, "status": "SUCCEEDED", "output": '{"n": 1}', "stopDate": BEGAN + timedelta(seconds=1.5)}
FAILED = {**ENDED, "status": "FAILED", "output": None, "error": "OutOfStock", "cause": "none left"}
START = {"state_machine": MACHINE, "name": "one", "input": {"order": 7}}


class History:
    """A paginator of an empty history."""

    def paginate(self, **request: Any) -> Any:
        assert request == {
            "executionArn": EXECUTION,
            "includeExecutionData": True,
            "PaginationConfig": {"PageSize": 1000},
        }
        return [{"events": []}]


def test_an_execution_is_started_and_looked_at_until_it_has_ended(bench: Any) -> None:
    bench.script(start_execution=[{}], describe_execution=[RUNNING, ENDED], get_paginator=[])
    first = bench.run("state_machine", START)

    assert bench.client.calls[0] == (
        "start_execution",
        {"stateMachineArn": MACHINE, "name": "one", "input": '{"order":7}'},
    )
    assert first.resume_after_seconds == 2

    bench.client.get_paginator = lambda _: History()
    second = bench.run("state_machine", START, attempt=2)

    assert second.result == {
        "execution_arn": EXECUTION,
        "status": "SUCCEEDED",
        "output": {"n": 1},
        "error": None,
        "cause": None,
        "visited": [],
        "states": {},
        "duration_ms": 1500,
    }
    assert [name for name, _ in bench.client.calls] == ["start_execution", "describe_execution", "describe_execution"]


def test_an_end_that_was_not_expected_fails(bench: Any) -> None:
    bench.script(describe_execution=[FAILED, FAILED])
    bench.client.get_paginator = lambda _: History()
    params = {"operation": "wait", "execution": EXECUTION}

    done = bench.run("state_machine", params)

    assert done.failure == (
        "execution one was expected to end as SUCCEEDED, and ended as FAILED: OutOfStock: none left"
    )
    assert done.failure_code == "OutOfStock"
    assert bench.run("state_machine", {**params, "expected_status": "FAILED"}).failure is None


def test_an_execution_that_does_not_end_in_time_fails(bench: Any, errors: Any) -> None:
    events = [{"type": "TaskScheduled"}, *({"stateEnteredEventDetails": {"name": name}} for name in ("Pay", "Check"))]
    history = [{"events": events}, errors.service("AccessDeniedException")]
    bench.script(describe_execution=[RUNNING] * 3, get_execution_history=history)
    params = {"operation": "wait", "execution": EXECUTION, "interval_seconds": 5, "wait_seconds": 10}

    assert bench.run("state_machine", params, attempt=2).resume_after_seconds == 5
    late = bench.run("state_machine", params, attempt=3)
    assert (late.failure, late.failure_code) == (
        "execution one has not ended in time: it stands in state Pay",
        "StillRunning",
    )
    hurried = bench.run("state_machine", params, attempt=2, patience_seconds=0.5)
    assert (hurried.failure, hurried.failure_code) == ("execution one has not ended in time", "StillRunning")


def test_an_execution_whose_start_had_no_answer_is_not_started_again(bench: Any, errors: Any) -> None:
    unnamed = {name: value for name, value in START.items() if name != "name"}
    bench.script(start_execution=[errors.service("ExecutionAlreadyExists")], describe_execution=[RUNNING])

    assert bench.run("state_machine", unnamed).resume_after_seconds == 2
    name = bench.client.calls[0][1]["name"]
    assert name.startswith("run-1-")
    assert bench.client.calls[1] == ("describe_execution", {"executionArn": EXECUTION.replace(":one", f":{name}")})


def test_an_execution_that_was_never_started_is_started_by_the_next_attempt(bench: Any, errors: Any) -> None:
    bench.script(start_execution=[{}], describe_execution=[errors.service("ExecutionDoesNotExist")])

    assert bench.run("state_machine", START, attempt=2).resume_after_seconds == 2
    assert [name for name, _ in bench.client.calls] == ["describe_execution", "start_execution"]


def test_an_execution_that_cannot_be_described_yet_is_looked_at_again(bench: Any, errors: Any) -> None:
    bench.script(start_execution=[{}], describe_execution=[errors.service("ExecutionDoesNotExist")])

    done = bench.run("state_machine", START)

    assert done.resume_after_seconds == 2
    assert [name for name, _ in bench.client.calls] == ["start_execution", "describe_execution"]


def test_a_start_without_an_answer_is_looked_for_and_a_second_one_is_an_error(bench: Any, errors: Any) -> None:
    no_answer = errors.service("InternalFailure", ResponseMetadata={"HTTPStatusCode": 500})
    not_there = errors.service("ExecutionDoesNotExist")
    bench.script(start_execution=[no_answer] * 2, describe_execution=[RUNNING, not_there, not_there])

    assert bench.run("state_machine", START).resume_after_seconds == 2
    assert bench.refused("state_machine", START, attempt=2).service_code == "InternalFailure"


def test_an_express_workflow_is_not_waited_for_and_is_started_once(bench: Any) -> None:
    bench.script(start_execution=[{"executionArn": f"arn:aws:states:{ACCOUNT}:express:orders:one:1-2-3"}])

    refused = bench.refused("state_machine", START)

    assert "is an Express workflow" in refused.message
    assert "start_express" in refused.hint
    assert (refused.effect, len(bench.client.calls)) == (Effect.DONE, 1)


def test_a_name_that_is_taken_is_an_error(bench: Any, errors: Any) -> None:
    bench.script(start_execution=[errors.service("ExecutionAlreadyExists")])

    assert bench.refused("state_machine", START).service_code == "ExecutionAlreadyExists"


def test_an_express_workflow_answers_with_its_end(bench: Any) -> None:
    bench.script(start_sync_execution=[ENDED])

    done = bench.run("state_machine", {**START, "operation": "start_express", "input": "text"})

    assert bench.client.calls[0][1]["input"] == '"text"'
    assert (done.result["output"], done.result["visited"]) == ({"n": 1}, [])


@pytest.mark.parametrize(
    ("described", "calls", "status"),
    [(RUNNING, ["describe_execution", "stop_execution"], "ABORTED"), (ENDED, ["describe_execution"], "SUCCEEDED")],
)
def test_only_what_still_runs_is_stopped(bench: Any, described: Any, calls: list[str], status: str) -> None:
    bench.script(describe_execution=[described], stop_execution=[{}])

    done = bench.run("state_machine", {"operation": "stop", "execution": EXECUTION})

    assert [name for name, _ in bench.client.calls] == calls
    assert done.result == {"execution_arn": EXECUTION, "status": status}


def test_what_is_started_is_stopped_by_clean_up() -> None:
    (made,) = compensations(StateMachineAction(), Clients(), **START)

    assert (made.type, made.params) == ("state_machine", {"operation": "stop", "execution": EXECUTION})
    with pytest.raises(ActionError, match="wait starts nothing that could be stopped"):
        compensations(StateMachineAction(), Clients(), operation="wait", execution=EXECUTION)


@pytest.mark.parametrize(
    ("operation", "problem"),
    [
        ("start", ""),
        ("start_express", "an Express workflow ends with its answer"),
        ("wait", "wait starts nothing that could be stopped"),
        ("find", "find starts nothing that could be stopped"),
        ("test_state", "test_state starts nothing that could be stopped"),
        ("{{ vars.o }}", ""),
    ],
)
def test_validate_knows_what_is_taken_back(operation: str, problem: str) -> None:
    assert StateMachineAction().planned_compensation({**START, "operation": operation}).problem == problem


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"operation": "start"}, "start needs `state_machine`"),
        ({"operation": "wait", "execution": EXECUTION, "input": {}}, "wait does not take `input`"),
        ({"state_machine": "orders"}, "must be the state machine's ARN"),
        ({"operation": "wait", "execution": MACHINE}, "must be the execution's ARN"),
        ({"operation": "find", "state_machine": MACHINE}, "find needs `match`, `name_prefix` or both"),
        ({"operation": "find", "state_machine": MACHINE, "match": "#uid"}, "#uid"),
        ({**START, "expected_status": "RETRIABLE"}, "start never ends as RETRIABLE"),
    ],
)
def test_what_does_not_fit_is_refused(bench: Any, params: dict[str, Any], said: str) -> None:
    assert said in bench.refused("state_machine", params).message


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        (
            START,
            [("StartExecution", MACHINE), ("DescribeExecution", EXECUTION), ("GetExecutionHistory", EXECUTION)],
        ),
        (
            {"state_machine": f"{MACHINE}:live", "operation": "start_express"},
            [("StartSyncExecution", MACHINE)],
        ),
        (
            {"operation": "find", "state_machine": MACHINE, "match": {}},
            [
                ("ListExecutions", MACHINE),
                ("DescribeExecution", EXECUTION.replace(":one", ":*")),
                ("GetExecutionHistory", EXECUTION.replace(":one", ":*")),
            ],
        ),
        (
            {"operation": "test_state", "state_machine": MACHINE, "state": "Store"},
            [("DescribeStateMachine", MACHINE), ("TestState", "*")],
        ),
        (
            {"operation": "stop", "execution": EXECUTION},
            [("DescribeExecution", EXECUTION), ("StopExecution", EXECUTION)],
        ),
        (
            {"state_machine": "{{ vars.m }}"},
            [("StartExecution", "*"), ("DescribeExecution", "*"), ("GetExecutionHistory", "*")],
        ),
    ],
)
def test_the_permissions_of_an_operation(params: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    required = BY_TYPE["state_machine"].permissions(params, HERE)

    assert required.permissions == tuple(Permission(f"states:{name}", arn) for name, arn in expected)


def test_plan_tells_how_often_it_looks() -> None:
    action = StateMachineAction()

    assert action.summary(START) == Summary(f"run {MACHINE}", MACHINE)
    assert action.resumptions(START) == Resumptions(150, 2.0, polls=True)
    assert action.resumptions({**START, "interval_seconds": 7, "wait_seconds": 20}) == Resumptions(3, 7.0, polls=True)
    assert action.resumptions({**START, "operation": "start_express"}) is None
    assert action.permissions({"operation": "{{ vars.o }}"}, HERE).unknown


def test_a_workflow_of_a_name_is_run_once() -> None:
    action = StateMachineAction()
    made = [
        action.params_model.model_validate({**START, "operation": operation})
        for operation in ("start", "start_express")
    ]

    assert [action.is_safe_to_repeat(each) for each in made] == [True, False]


FIND = {"operation": "find", "state_machine": MACHINE, "match": {"order": 7}}
RUN_ID = "run-01HV0000000000000000000000"
STARTED = datetime(2025, 1, 1, tzinfo=UTC)


def execution(name: str, **details: Any) -> dict[str, Any]:
    return {"name": name, "executionArn": EXECUTION.replace(":one", f":{name}"), "startDate": STARTED, **details}


def searching(bench: Any, listed: list[dict[str, Any]], *described: Any) -> None:
    """Executions in the order of the service, the newest first, and what they are described as."""
    bench.script(describe_execution=list(described))
    pages = {"list_executions": [{"executions": listed}], "get_execution_history": [{"events": []}]}
    bench.client.get_paginator = lambda name: SimpleNamespace(paginate=lambda **_: pages[name])


def test_an_execution_that_something_else_started_is_found_by_its_input(bench: Any) -> None:
    before = execution("before", startDate=datetime(2024, 1, 1, tzinfo=UTC))
    listed = [execution("one"), execution("other"), before]
    searching(bench, listed, {"input": '{"order": 8}'}, {"input": '{"order": 7, "n": 1}'}, ENDED)

    done = bench.run("state_machine", FIND, run_id=RUN_ID)

    assert (done.result["status"], done.result["execution_arn"]) == ("SUCCEEDED", EXECUTION)
    assert [call["executionArn"][-5:] for _, call in bench.client.calls] == ["other", "s:one", "s:one"]


@pytest.mark.parametrize(("seconds", "is_found"), [(4, True), (6, False)])
def test_clocks_may_differ_by_some_seconds(bench: Any, seconds: float, is_found: bool) -> None:
    began = ULID.from_str(RUN_ID.removeprefix("run-")).datetime
    searching(bench, [execution("one", startDate=began - timedelta(seconds=seconds))], {"input": '{"order": 7}'}, ENDED)

    assert bool(bench.run("state_machine", FIND, run_id=RUN_ID).result) is is_found


def test_it_is_waited_for_and_each_execution_is_asked_for_its_input_once(bench: Any) -> None:
    searching(bench, [execution("one")], {"input": '{"order": 7}'}, RUNNING, ENDED)
    first = bench.run("state_machine", FIND, run_id=RUN_ID)

    assert first.resume_after_seconds == 2
    second = bench.run("state_machine", FIND, run_id=RUN_ID, attempt=2, kept=Kept(own=first.keeps))

    assert second.result["status"] == "SUCCEEDED"
    assert len(bench.client.calls) == 3


def test_an_execution_is_found_by_its_name_without_its_input(bench: Any) -> None:
    searching(bench, [execution("one"), execution("two")], ENDED)
    by_name = {"operation": "find", "state_machine": MACHINE, "name_prefix": "on"}

    assert bench.run("state_machine", by_name, run_id=RUN_ID).result["execution_arn"] == EXECUTION
    assert len(bench.client.calls) == 1


def test_more_than_one_that_matches_is_a_failure_that_names_them(bench: Any) -> None:
    searching(bench, [execution(name) for name in ("one", "two", "three", "four")], *[{"input": '{"order": 7}'}] * 4)

    done = bench.run("state_machine", FIND, run_id=RUN_ID)

    assert done.failure == "4 executions match, four, three, two and 1 more: narrow `match`"
    assert (done.failure_code, len(done.result["executions"])) == ("MoreThanOneFound", 4)


def test_when_none_matches_the_closest_input_is_shown(bench: Any, errors: Any) -> None:
    not_there = errors.service("ExecutionDoesNotExist")
    near, far = {"input": '{"order": 8, "kind": "a"}'}, {"input": '{"order": 8}'}
    listed = [execution("new"), execution("near"), execution("far")]
    searching(bench, listed, far, near, not_there, near)
    params = {**FIND, "match": {"order": 7, "kind": "a"}}

    done = bench.run("state_machine", params, run_id=RUN_ID, attempt=151)

    assert done.failure == ("no execution that matches was started in time; others since the run's start: 2")
    assert done.failure_code == "NotFound"
    (check,) = done.checks
    assert (check.name, check.passed, check.actual["order"]) == ("the closest input, of execution near", False, 8)
