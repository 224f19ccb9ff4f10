"""The state machine of suites means the same to an interpreter of another make."""

from __future__ import annotations

import time
from typing import Any

import boto3
from tests.conformance.interpreter import BUCKET, Interpreter
from tests.conformance.test_interpreter import get, orders, put

from awsit.aws.client.clients import AwsClients
from awsit.aws.suites.loads import LoadOrder, Loads
from awsit.aws.suites.suites import Suites
from awsit.cli.selection.requested_run import RequestedRun
from awsit.load.result import LoadRate
from awsit.model.result import CleanupVerdict, RunStatus
from awsit.model.run import TOO_LATE, RunRequest
from awsit.system.clock import SystemClock, parse_iso

SUITE = "suite-01J00000000000000000000000"
FAILING = {"name": "failing", "actions": [get(**{"assert": [{"path": "$.item.total", "equals": 3}]})]}
PASSING = {"name": "passing", "actions": [get(**{"assert": [{"path": "$.item.total", "equals": 2}]})]}
SETUP = {"name": "suite", "actions": [put()]}


def run(number: int, document: Any, **more: Any) -> RequestedRun:
    run_id = f"run-01J0000000000000000000000{number}"
    return RequestedRun(RunRequest(run_id, f"s{number}", document, compact=True, **more))


def ended(arn: str) -> str:
    client, deadline = boto3.client("stepfunctions"), time.monotonic() + 60
    while (status := client.describe_execution(executionArn=arn)["status"]) == "RUNNING":
        assert time.monotonic() < deadline, "the execution did not end"
        time.sleep(0.05)
    return str(status)


def test_runs_come_within_their_setup_and_one_that_fails_stops_no_other(machine: Interpreter) -> None:
    suites = Suites(AwsClients(), machine.with_suites(), SystemClock())
    setup = run(0, SETUP, hold=True)
    within = [run(number, document, suite_run=setup.run_id) for number, document in enumerate((FAILING, PASSING), 1)]

    arn = suites.start(SUITE, within, 1, [setup])

    assert ended(arn) == "SUCCEEDED"
    reports = [machine.report(each.run_id) for each in (setup, *within)]
    assert [each.status for each in reports] == [RunStatus.PASSED, RunStatus.FAILED, RunStatus.PASSED]
    assert {each.cleanup.verdict for each in reports} == {CleanupVerdict.CLEAN}
    assert reports[0].finished_at > max(each.finished_at for each in reports[1:])
    assert orders() == []
    listed = boto3.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=f"suites/{SUITE}/results/")["Contents"]
    assert listed


def test_no_iteration_of_a_load_begins_before_its_moment(machine: Interpreter) -> None:
    loads = Loads(AwsClients(), machine.with_suites(), SystemClock())
    run_ids = [f"run-01J0000000000000000000000{number}" for number in range(2)]

    load = loads.start(LoadOrder(SUITE, [run(0, SETUP).request], run_ids, LoadRate(10, 0.2), {}, lead_seconds=1))

    status = ended(loads.suites.arn_of(SUITE))
    reports = [machine.report(run_id) for run_id in run_ids]
    assert status == "SUCCEEDED"
    for report in reports:
        if report.error:  # on a machine that does much else
            assert report.error.code == TOO_LATE
        else:
            assert report.status is RunStatus.PASSED
            assert parse_iso(report.steps[0].started_at).timestamp() >= load.start_at[report.run_id] - 0.002
    assert orders() == []
