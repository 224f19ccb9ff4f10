"""A suite is started by its manifest, and stopped with all the runs that have begun by then."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from tests.functional.fakes import MemoryBucket

from awsit.aws.installation import Installation
from awsit.aws.suites import suites as module
from awsit.aws.suites.manifest import key_of
from awsit.aws.suites.suites import Suites
from awsit.errors import InvalidInputError, NotFoundError, UsageError
from awsit.model.run import RunRequest
from awsit.quotas.catalogue import SETUPS_BYTES
from awsit.system.clock import FakeClock

STATES = "arn:aws:states:eu-west-1:1"
INSTALLATION = Installation(f"{STATES}:stateMachine:s-test-flow", "b", "t", "f", "/f", "/s", suite_flow="s-suite-flow")
RUNS = 40


class StateMachines:
    """Step Functions with the execution of a suite; one run begins just before that is stopped."""

    exceptions = SimpleNamespace(ExecutionAlreadyExists=KeyError)
    running = ("run-0", "run-1", "run-of-another")
    first_page = 1000

    def __init__(self):
        self.stopped = []

    def start_execution(self, **given):
        self.given = given

    def describe_execution(self, **_):
        return {"status": "RUNNING", "startDate": datetime(2030, 1, 1, tzinfo=UTC)}

    def list_map_runs(self, **_):
        return {"mapRuns": []}

    def list_executions(self, **asked):
        assert asked["statusFilter"] == "RUNNING"
        return {"executions": [{"name": name} for name in self.running[: self.first_page]]}

    def get_paginator(self, name):
        assert name == "list_executions"
        return SimpleNamespace(paginate=self.pages)

    def pages(self, PaginationConfig, **asked):  # noqa: N803 - the SDK's name
        """Each execution is on a page of its own."""
        assert (asked["statusFilter"], PaginationConfig) == ("RUNNING", {"PageSize": 1000})
        return [{"executions": [{"name": name}]} for name in self.running]

    def stop_execution(self, **given):
        self.running = ("run-2", "run-1")
        self.stopped.append(given["executionArn"].rpartition(":")[2])


class Run:
    """A run whose request is made anew each time it is asked for."""

    def __init__(self, number):
        self.number, self.reads = number, 0

    @property
    def request(self):
        self.reads += 1
        return RunRequest(f"run-{self.number}", f"s{self.number}", {"name": f"s{self.number}"})


@pytest.fixture
def bucket():
    return MemoryBucket()


@pytest.fixture
def machines():
    return StateMachines()


@pytest.fixture
def closed(monkeypatch):
    """The runs that were closed."""
    closed = []
    store = SimpleNamespace(close=lambda run_id, _: closed.append(run_id))
    monkeypatch.setattr(module, "DynamoRunStore", lambda *_: store)
    return closed


@pytest.fixture
def suites(closed, bucket, machines):
    aws = SimpleNamespace(client=lambda service: bucket if service == "s3" else machines)
    return Suites(aws, INSTALLATION, FakeClock())


def test_the_manifest_has_the_runs_in_their_order_and_each_request_is_read_once(suites, bucket, machines):
    runs = [Run(number) for number in range(RUNS)]

    arn = suites.start("suite-1", iter(runs), 8)

    manifest = json.loads(bucket.objects[key_of("suite-1")])
    assert arn == f"{STATES}:execution:s-suite-flow:suite-1"
    assert [(item["run_id"], item["input"]["label"]) for item in manifest] == [
        (f"run-{number}", f"s{number}") for number in range(RUNS)
    ]
    assert {item["input"]["suite"] for item in manifest} == {"suite-1"}
    assert [run.reads for run in runs] == [1] * RUNS
    assert json.loads(machines.given["input"])["max_concurrency"] == 8


def test_all_runs_are_closed_on_however_many_pages_their_executions_are(suites, machines, closed):
    machines.running = tuple(f"run-{number}" for number in range(RUNS))
    machines.first_page = 1
    suites.start("suite-1", [Run(number) for number in range(RUNS)], RUNS)

    assert suites.stop("suite-1") == RUNS
    assert len(closed) == RUNS


def test_a_run_that_begins_while_the_suite_is_stopped_is_closed_too(suites, closed):
    suites.start("suite-1", [Run(number) for number in range(4)], 2)

    assert suites.stop("suite-1") == 3
    assert sorted(closed) == ["run-0", "run-1", "run-2"]


@pytest.mark.parametrize(("abort", "stopped"), [(False, []), (True, ["run-0", "run-1", "run-2"])])
def test_the_executions_of_runs_are_ended_at_once_only_when_told_so(suites, machines, abort, stopped):
    suites.start("suite-1", [Run(number) for number in range(4)], 2)

    suites.stop("suite-1", abort=abort)

    suite, *runs = machines.stopped
    assert (suite, sorted(runs)) == ("suite-1", stopped)


def test_a_suite_that_is_not_there_is_not_stopped(suites, machines):
    with pytest.raises(NotFoundError, match="there is no suite suite-2 in the bucket"):
        suites.stop("suite-2")
    assert machines.stopped == []


def test_a_suite_that_is_over_is_a_wrong_reference(suites, machines):
    suites.start("suite-1", [Run(1)], 1)
    machines.describe_execution = lambda **_: {"status": "SUCCEEDED", "startDate": datetime(2030, 1, 1, tzinfo=UTC)}

    with pytest.raises(UsageError, match="suite-1 is over already"):
        suites.stop("suite-1")
    assert machines.stopped == []


def test_setups_that_are_too_large_are_refused_before_the_runs_are_read(suites, bucket):
    request = RunRequest("run-setup", "setup", {"name": "setup"}, variables={"text": "x" * SETUPS_BYTES})
    run = Run(1)

    with pytest.raises(InvalidInputError, match=f"all setups of the suite come to .* holds {SETUPS_BYTES}"):
        suites.start("suite-1", [run], 2, [SimpleNamespace(request=request)])

    assert run.reads == 0
    assert key_of("suite-1") not in bucket.objects
