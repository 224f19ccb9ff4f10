"""The whole history of an execution: the events are those that `plan` counts, and `logs` and `status` tell of them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.deployed import ORDERS, Deployed

AWSIT = Path(sys.executable).with_name("awsit")
SCENARIOS = sorted((ORDERS / "scenarios").glob("*.yaml"))

SECONDS_TO_END = 20
Awsit = Callable[..., str]


@pytest.fixture
def awsit(deployed: Deployed) -> Awsit:
    def call(*arguments: object) -> str:
        command = [str(AWSIT), *map(str, arguments)]
        done = subprocess.run(
            command, env=deployed.environment(), capture_output=True, text=True, timeout=120, check=False
        )
        assert done.stdout, done.stderr
        return done.stdout

    return call


def history(made: Deployed, arn: str) -> list[dict[str, Any]]:
    """All events of an execution that ends: a run has its report a little sooner."""
    client, deadline = made.aws.client("stepfunctions"), time.monotonic() + SECONDS_TO_END
    while client.describe_execution(executionArn=arn)["status"] == "RUNNING":
        assert time.monotonic() < deadline, "the execution did not end"
        time.sleep(0.05)
    pages = client.get_paginator("get_execution_history").paginate(executionArn=arn)
    return [event for page in pages for event in page["events"]]


@pytest.mark.parametrize("mode", ["--no-compact", "--compact"])
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_an_execution_has_the_events_that_its_plan_counts(
    path: Path,
    mode: str,
    awsit: Awsit,
    deployed: Deployed,
) -> None:
    planned = json.loads(awsit("plan", path, "--json", mode))["execution"]["events"]

    report = json.loads(awsit("run", path, "--json", mode))

    events = len(history(deployed, report["execution_arn"]))
    assert events <= planned["worst"]
    if is_quiet(report):
        assert events == planned["best"]


def is_quiet(report: Any) -> bool:
    """Whether every step passed at its first attempt."""
    steps = [*report["steps"], *report["cleanup"]["steps"]]
    return report["status"] == "passed" and all(
        each["status"] == "passed" and len(each["attempts"]) == 1 for each in steps
    )


def test_logs_and_status_tell_what_the_history_holds(awsit: Awsit, deployed: Deployed) -> None:
    report = json.loads(awsit("run", ORDERS / "scenarios" / "accepted_order.yaml", "--json"))
    events = history(deployed, report["execution_arn"])

    lines = awsit("logs", report["run_id"]).splitlines()
    records = [json.loads(line) for line in awsit("logs", report["run_id"], "--raw").splitlines()]
    status = json.loads(awsit("status", report["run_id"], "--json"))

    entered = Counter(each.get("stateEnteredEventDetails", {}).get("name") for each in events)
    assert entered["ExecuteAtomicAction"] == sum(len(each["attempts"]) for each in report["steps"])
    assert entered["CleanUpItem"] == sum(len(each["attempts"]) for each in report["cleanup"]["steps"])
    assert sum(each["source"] == "history" for each in records) == len(events)
    assert sum("ExecuteAtomicAction: task state entered" in line for line in lines) == entered["ExecuteAtomicAction"]
    assert [each["name"] for each in status["steps"]] == [each["name"] for each in report["steps"]]
    assert events[-1]["type"] == "ExecutionSucceeded"
