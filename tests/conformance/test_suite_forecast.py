"""What is forecast of a suite is what its runs come to, counted where the calls arrive."""

from __future__ import annotations

from typing import Any

import boto3
from tests.conformance.interpreter import Interpreter
from tests.conformance.test_cost import DOCUMENTS, Sent, handler, sent  # noqa: F401 - fixtures are used by their names
from tests.deployed import Deployed
from tests.unit.forecast.plans import foreseen

from awsit.forecast.suite import suite_forecast
from awsit.model.run import RunRequest
from awsit.quotas.account import AccountQuotas

NAMES = ("undone", "captured", "taken_back")
TIMES = 2


def wait(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "wait", "params": {"seconds": 0}, **more}


def test_each_count_of_a_suite_is_exact(machine: Interpreter, sent: Sent) -> None:  # noqa: F811
    entered, events = 0, 0
    for number, name in enumerate(NAMES * TIMES):
        run_id = f"run-01J0000000000000000000000{number}"
        entered += len(machine.run({"name": "it", "actions": DOCUMENTS[name]}, run_id).entered)
        pages = boto3.client("stepfunctions").get_paginator("get_execution_history")
        history = pages.paginate(executionArn=machine.execution_arn(run_id))
        events += sum(len(page["events"]) for page in history)

    load = suite_forecast([foreseen(*DOCUMENTS[name]) for name in NAMES * TIMES], AccountQuotas("us-east-1")).own.load
    counted = (entered, events, len(machine.calls), sent.writes, sent.reads, sent.puts, sent.gets)
    assert counted == (
        load.transitions,
        load.events,
        load.invocations,
        load.table_writes,
        load.table_reads,
        load.bucket_puts,
        load.bucket_gets,
    )


def test_the_function_is_called_in_the_sandbox_as_often_as_is_forecast(deployed: Deployed) -> None:
    undo = [{"type": "wait", "params": {"seconds": 0}}]
    branches = [[wait("C"), wait("D")], [wait("E", cleanup=undo)]]
    suite = {
        "run-01J0000000000000000000000A": [wait("A", cleanup=undo), wait("B")],
        "run-01J0000000000000000000000B": [{"name": "P", "type": "parallel", "params": {"branches": branches}}],
    }
    engine = deployed.remote()
    for run_id, actions in suite.items():
        engine.follow(engine.start(RunRequest(run_id, "it", {"name": "it", "actions": actions})), lambda _: None)

    group = deployed.installation.function_log_group
    pages = deployed.aws.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    lines = [each["message"] for page in pages for each in page["events"]]
    calls = [line for line in lines if '"task done"' in line and any(run_id in line for run_id in suite)]
    assert (
        len(calls) == suite_forecast([foreseen(*each) for each in suite.values()], AccountQuotas()).own.load.invocations
    )
