"""The state machine means the same to an interpreter of another make."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from tests.conformance.interpreter import Interpreter

from awsit.engine.compact import is_in_budget
from awsit.lambdas import compact
from awsit.model.plan import Step
from awsit.model.result import CleanupVerdict, RunStatus, Status
from awsit.quotas.catalogue import INPUT_BYTES

RUN_ID = "run-01J00000000000000000000000"
UNDO = {
    "name": "Undo",
    "type": "dynamodb",
    "params": {"operation": "delete_item", "table": "orders", "key": {"id": "7"}},
}


def put(**more: Any) -> dict[str, Any]:
    params = {"operation": "put_item", "table": "orders", "item": {"id": "7", "total": 2}}
    return {"name": "Put", "type": "dynamodb", "params": params, "cleanup": [UNDO], **more}


def get(**more: Any) -> dict[str, Any]:
    params = {"operation": "get_item", "table": "orders", "key": {"id": "7"}}
    return {"name": "Get", "type": "dynamodb", "params": params, **more}


def orders() -> list[Any]:
    return boto3.resource("dynamodb").Table("orders").scan()["Items"]


def test_passing(machine: Interpreter) -> None:
    check = {"path": "$.item.total", "equals": 2}

    ended = machine.run({"name": "it", "actions": [put(), get(**{"assert": [check]})]}, RUN_ID)

    assert (ended.status, ended.report.status) == ("SUCCEEDED", RunStatus.PASSED)
    assert ended.entered[-1] == "TestSucceeded"
    assert ended.report.cleanup.verdict is CleanupVerdict.CLEAN
    assert orders() == []


def test_failing_cleans_up_and_runs_nothing_more(machine: Interpreter) -> None:
    check = {"path": "$.item.total", "equals": 3}
    document = {"name": "it", "actions": [put(), get(**{"assert": [check]}), get(name="Never")]}

    ended = machine.run(document, RUN_ID)

    assert (ended.status, ended.report.status) == ("FAILED", RunStatus.FAILED)
    assert ended.entered[-1] == "TestFailed"
    assert [step.status for step in ended.report.steps] == [Status.PASSED, Status.FAILED, Status.SKIPPED]
    assert sum(call["task"] == "execute" for call in machine.calls) == 2
    assert orders() == []


def test_retrying_waits_in_the_state_machine(machine: Interpreter) -> None:
    polled = get(until={"assert": [{"path": "$.item.total", "equals": 2}], "interval_seconds": 1, "timeout_seconds": 9})
    machine.invoke = late_put(machine, machine.invoke)  # type: ignore[method-assign]

    ended = machine.run({"name": "it", "actions": [polled]}, RUN_ID)

    assert (ended.status, ended.report.status) == ("SUCCEEDED", RunStatus.PASSED)
    assert len(ended.report.steps[0].attempts) == 2
    assert ended.entered.count("WaitBeforeNextAttempt") == 1


def late_put(machine: Interpreter, real: Any) -> Any:
    """The item appears only after the first look."""

    def invoke(event: Any) -> Any:
        answer = real(event)
        if event["task"] == "execute":
            boto3.resource("dynamodb").Table("orders").put_item(Item={"id": "7", "total": 2})
        return answer

    return invoke


def test_a_function_that_dies_in_an_action_is_an_error_and_cleaned_up_after(machine: Interpreter) -> None:
    real = machine.invoke

    def dying(event: Any) -> Any:
        if event["task"] == "execute" and event["index"] == 1:
            raise MemoryError("out of memory")
        return real(event)

    machine.invoke = dying  # type: ignore[method-assign]

    ended = machine.run({"name": "it", "actions": [put(), get()]}, RUN_ID)

    assert (ended.status, ended.report.status) == ("FAILED", RunStatus.ERROR)
    assert ended.report.error is not None
    assert "out of memory" in ended.report.error.message
    assert orders() == []


def test_an_invocation_that_dies_between_two_steps_is_repeated_and_loses_nothing(
    machine: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaths = [MemoryError("out of memory")]

    def dying(step: Step, elapsed: float, pause: float) -> bool:
        if deaths:
            raise deaths.pop()
        return is_in_budget(step, elapsed, pause)

    monkeypatch.setattr(compact, "is_in_budget", dying)
    document = {"name": "it", "actions": [put(), get(), get(name="Again")]}

    ended = machine.run(document, RUN_ID, compact=True)

    assert (ended.status, ended.report.status) == ("SUCCEEDED", RunStatus.PASSED)
    assert [len(step.attempts) for step in ended.report.steps] == [1, 1, 1]
    assert sum(call["task"] == "execute" for call in machine.calls) == 2
    assert orders() == []


def test_a_function_that_cannot_reach_the_table_once_is_called_again(machine: Interpreter) -> None:
    real, failures = machine.invoke, [ConnectionError("no answer")]

    def flaky(event: Any) -> Any:
        if event["task"] == "execute" and event["index"] == 1 and failures:
            raise failures.pop()
        return real(event)

    machine.invoke = flaky  # type: ignore[method-assign]

    ended = machine.run({"name": "it", "actions": [put(), get()]}, RUN_ID)

    assert (ended.status, ended.report.status) == ("SUCCEEDED", RunStatus.PASSED)
    assert orders() == []


def test_a_run_that_could_not_begin_is_reported_with_what_kept_it_from_that(machine: Interpreter) -> None:
    execution = {"id": "arn", "name": RUN_ID, "started_at": "2030-03-17T17:46:40.000Z"}
    failure = {"Error": "ConnectionError", "Cause": '{"errorMessage": "no answer from S3", "errorType": "…"}'}

    closed = machine.invoke({"task": "close", "execution": execution, "failure": failure})
    told = machine.invoke({"task": "report", "execution": execution, "state": closed})

    assert (closed["to_do"], told["status"]) == ([], "error")
    error = machine.report(RUN_ID).error
    assert error is not None
    assert error.message == "ConnectionError: no answer from S3"


def test_a_scenario_that_is_wrong_is_reported(machine: Interpreter) -> None:
    ended = machine.run({"name": "it", "actions": [put(type="dynamodbb")]}, RUN_ID)

    assert (ended.status, ended.report.status) == ("FAILED", RunStatus.ERROR)
    assert ended.report.error is not None
    assert "dynamodbb" in ended.report.error.message
    assert sum(call["task"] == "execute" for call in machine.calls) == 0


def test_a_failing_branch_lets_its_sibling_end_its_step_and_skips_the_rest(machine: Interpreter) -> None:
    bad = get(name="Bad", **{"assert": [{"path": "$.item.total", "equals": 3}]})
    branches = [[put(), bad, get(name="Skipped")], [get(name="Other")]]
    both = {"name": "Both", "type": "parallel", "params": {"branches": branches}}

    ended = machine.run({"name": "it", "actions": [both, get(name="After")]}, RUN_ID)

    told = {step.name: step.status for step in ended.report.steps}
    assert ended.report.status is RunStatus.FAILED
    assert (told["Bad"], told["Skipped"], told["After"]) == (Status.FAILED, Status.SKIPPED, Status.SKIPPED)
    assert orders() == []


def test_the_largest_input_goes_through_the_first_task(machine: Interpreter) -> None:
    document = {"name": "it", "variables": {"text": ""}, "actions": [put()]}
    machine.start(document, RUN_ID, text="x" * (INPUT_BYTES - 200))

    assert machine.ended(RUN_ID) == "SUCCEEDED"
