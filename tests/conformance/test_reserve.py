"""A run that comes near the quota of events closes before, and its clean-up goes on in executions of its own."""

from __future__ import annotations

import time
from typing import Any

import boto3
import pytest
from tests.conformance.interpreter import BUCKET, TABLE, Interpreter

from awsit.aws.client.clients import AwsClients
from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.stepfunctions import reserve
from awsit.model.result import CleanupVerdict, RunResult, RunStatus, Status

RUN_ID = "run-01J00000000000000000000000"
PATIENCE_SECONDS = 60


def document(actions: int) -> dict[str, Any]:
    def put(number: int) -> dict[str, Any]:
        item = {"operation": "put_item", "table": "orders", "item": {"id": f"{number}"}}
        return {"name": f"Put{number}", "type": "dynamodb", "params": item, "auto_cleanup": True}

    return {"name": "it", "actions": list(map(put, range(actions)))}


def reported() -> RunResult:
    """The report, once all executions have ended: none may go on beyond its test."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while (statuses := {each["status"] for each in executions()}) and "RUNNING" in statuses:
        assert time.monotonic() < ends, "the executions did not end"
        time.sleep(0.05)
    return DynamoRunStore(AwsClients(), TABLE, BUCKET).report(RUN_ID)


def executions() -> list[Any]:
    client = boto3.client("stepfunctions")
    (made,) = client.list_state_machines()["stateMachines"]
    return list(client.list_executions(stateMachineArn=made["stateMachineArn"])["executions"])


def histories() -> dict[str, int]:
    """The events of each execution."""
    pages = boto3.client("stepfunctions").get_paginator("get_execution_history").paginate
    return {
        each["name"]: sum(len(page["events"]) for page in pages(executionArn=each["executionArn"]))
        for each in executions()
    }


def limited(monkeypatch: pytest.MonkeyPatch, **numbers: int) -> None:
    """Have executions end early, and be looked at often."""
    for name, number in numbers.items():
        monkeypatch.setattr(reserve, name, number)


def test_a_clean_up_without_room_goes_on_in_executions_of_its_own(
    machine: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, EVENT_QUOTA=330, RESERVE=120, FIRST_LOOK=1000)

    machine.start(document(14), RUN_ID)

    result = reported()
    assert (result.status, result.cleanup.verdict) == (RunStatus.PASSED, CleanupVerdict.CLEAN)
    assert len(result.cleanup.steps) == 14
    assert boto3.resource("dynamodb").Table("orders").scan()["Items"] == []
    events = histories()
    assert len(events) > 1
    assert max(events.values()) <= 330
    assert [call["task"] for call in machine.calls].count("cleanup") == 14 + len(events) - 1


def test_a_run_that_uses_up_its_events_is_closed_and_cleaned_up(
    machine: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, EVENT_QUOTA=280, RESERVE=150, FIRST_LOOK=5, SHARED_LOOKS=5)

    machine.start(document(14), RUN_ID)

    result = reported()
    assert result.status is RunStatus.ERROR
    assert result.error is not None
    assert result.error.code == "quota_events"
    made = [step for step in result.steps if step.status is Status.PASSED]
    assert 5 < len(made) < 14
    assert (result.cleanup.verdict, len(result.cleanup.steps)) == (CleanupVerdict.CLEAN, len(made))
    assert boto3.resource("dynamodb").Table("orders").scan()["Items"] == []
    assert max(histories().values()) <= 280
