"""A suite is started by its manifest: the runs in their order, each with the input of its execution."""

import json
from types import SimpleNamespace

from tests.functional.fakes import MemoryBucket

from awsit.aws.installation import Installation
from awsit.aws.suites.manifest import key_of
from awsit.aws.suites.suites import Suites
from awsit.model.run import RunRequest
from awsit.system.clock import FakeClock

STATES = "arn:aws:states:eu-west-1:1"
INSTALLATION = Installation(f"{STATES}:stateMachine:s-test-flow", "b", "t", "f", "/f", "/s", suite_flow="s-suite-flow")
RUNS = 40


class StateMachines:
    exceptions = SimpleNamespace(ExecutionAlreadyExists=KeyError)

    def start_execution(self, **given):
        self.given = given


class Run:
    """A run whose request is made anew each time it is asked for."""

    def __init__(self, number):
        self.number, self.reads = number, 0

    @property
    def request(self):
        self.reads += 1
        return RunRequest(f"run-{self.number}", f"s{self.number}", {"name": f"s{self.number}"})


def test_the_manifest_has_the_runs_in_their_order_and_each_request_is_read_once():
    bucket, machines, runs = MemoryBucket(), StateMachines(), [Run(number) for number in range(RUNS)]
    aws = SimpleNamespace(client=lambda service: bucket if service == "s3" else machines)

    arn = Suites(aws, INSTALLATION, FakeClock()).start("suite-1", iter(runs), 8)

    manifest = json.loads(bucket.objects[key_of("suite-1")])
    assert arn == f"{STATES}:execution:s-suite-flow:suite-1"
    assert [(item["run_id"], item["input"]["label"]) for item in manifest] == [
        (f"run-{number}", f"s{number}") for number in range(RUNS)
    ]
    assert {item["input"]["suite"] for item in manifest} == {"suite-1"}
    assert [run.reads for run in runs] == [1] * RUNS
    assert json.loads(machines.given["input"])["max_concurrency"] == 8
