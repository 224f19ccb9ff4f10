"""A load in the account: what its manifest says, when it begins, and what is known of it later."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError
from tests.functional.fakes import MemoryBucket
from tests.unit.aws.fakes import client_error

from awsit.aws.installation import Installation
from awsit.aws.suites.loads import LoadOrder, Loads, StartedLoad, follower_of
from awsit.aws.suites.manifest import key_of
from awsit.errors import EnvironmentFailure, NotFoundError
from awsit.load.result import LoadRate
from awsit.model.run import RunRequest, SuiteProgress
from awsit.system.clock import FakeClock, iso_of

STATES = "arn:aws:states:eu-west-1:1"
OLDER = Installation(f"{STATES}:stateMachine:s-test-flow", "b", "t", "f", "/f", "/s", suite_flow="s-suite-flow")
INSTALLATION = Installation(
    f"{STATES}:stateMachine:s-test-flow", "b", "t", "f", "/f", "/s", suite_flow="s-suite-flow", suite_loads="true"
)
NOW = datetime(2030, 1, 1, tzinfo=UTC)
LOAD = "suite-01J9ZK3M4N5P6Q7R8S9T0V1W2X"


TWO = LoadRate(2, 2, max_concurrency=7)


class StateMachines:
    """Step Functions whose clock is `ahead` of this machine's."""

    exceptions = SimpleNamespace(ExecutionAlreadyExists=KeyError)

    def __init__(self, ahead: float = 0.0) -> None:
        self.date = format_datetime(NOW + timedelta(seconds=ahead), usegmt=True)
        self.given: dict[str, Any] = {}
        self.lost: Exception | None = None

    def list_executions(self, **_: Any) -> dict[str, Any]:
        return {"executions": [], "ResponseMetadata": {"HTTPHeaders": {"date": self.date}}}

    def start_execution(self, **given: Any) -> None:
        self.given = given
        if self.lost:
            raise self.lost

    def describe_execution(self, **_: Any) -> dict[str, Any]:
        return {
            "input": self.given.get("input", '{"manifest": "m"}'),
            "name": LOAD,
            "startDate": NOW,
            "status": "RUNNING",
        }


class Account:
    def __init__(self, ahead: float = 0.0) -> None:
        self.bucket, self.machines = MemoryBucket(), StateMachines(ahead)

    def client(self, service: str) -> Any:
        return self.bucket if service == "s3" else self.machines

    def loads(self) -> Loads:
        aws: Any = self
        return Loads(aws, INSTALLATION, FakeClock(NOW))


def start(account: Account, rate: LoadRate = TWO, seed: str = "") -> StartedLoad:
    document, file = {"name": "order"}, "order.yaml"
    requests = [RunRequest("", f"order[{row}]", {**document, "n": row}, file=file, seed=seed) for row in (1, 2)]
    run_ids = [f"run-{number}" for number in range(int(rate.rate * rate.seconds))]
    return account.loads().start(LoadOrder(LOAD, requests, run_ids, rate, {"spec": {"rate": 2}, "seed": seed}, 10))


def test_each_item_has_its_moment_and_what_it_waits_for_before() -> None:
    account = Account()
    load = start(account)
    items = json.loads(account.bucket.objects[key_of(LOAD)])
    input_of_suite = json.loads(account.machines.given["input"])

    assert load.begins == NOW.timestamp() + 11  # with the four items, and in whole seconds
    assert [item["input"]["start_at"] - load.begins for item in items] == [0.0, 0.5, 1.0, 1.5]
    assert {item["wait_until"] for item in items} == {"2030-01-01T00:00:07Z"}  # before the function is warm
    assert [item["input"]["label"] for item in items] == ["order[1]", "order[2]", "order[1]", "order[2]"]
    assert {item["input"]["suite"] for item in items} == {LOAD}
    assert input_of_suite["max_concurrency"] == 7 + 2 * 2
    assert input_of_suite["load"] == {"spec": {"rate": 2}, "seed": "", "begins": load.begins}
    assert {item["input"]["seed"] for item in items} == {""}


def test_each_iteration_has_fake_data_of_its_own_from_the_seed_of_the_load() -> None:
    account = Account()
    start(account, seed="7")
    items = json.loads(account.bucket.objects[key_of(LOAD)])
    assert [item["input"]["seed"] for item in items] == ["7:1", "7:2", "7:3", "7:4"]
    assert account.loads().find(LOAD).seed == "7"


def test_later_items_wait_until_shortly_before_their_moments() -> None:
    account = Account()
    start(account, LoadRate(2, 4))
    items = json.loads(account.bucket.objects[key_of(LOAD)])
    assert [item["wait_until"][-3:] for item in items] == ["07Z"] * 4 + ["12Z", "12Z", "13Z", "13Z"]


@pytest.mark.parametrize(("ahead", "off"), [(0, 0), (1.5, 0), (-300, -300), (300, 300)])
def test_the_time_is_that_of_aws_where_this_machine_is_clearly_wrong(ahead: float, off: float) -> None:
    load = start(Account(ahead))
    assert load.begins == pytest.approx(NOW.timestamp() + 11 + off, abs=1)


@pytest.mark.parametrize("date", ["", "soon", "Tue, 01 Jan 2030 00:00:00 -0000"])
def test_the_time_of_this_machine_counts_where_aws_tells_none(date: str) -> None:
    account = Account()
    account.machines.date = date
    assert start(account).begins == NOW.timestamp() + 11


def test_a_load_whose_start_had_no_answer_is_followed() -> None:
    account = Account()
    account.machines.lost = ConnectionClosedError(endpoint_url="https://states.eu-west-1.amazonaws.com")
    assert start(account).load_id == LOAD


def test_a_load_is_found_by_its_id() -> None:
    account = Account()
    load = start(account)
    found = account.loads().find(LOAD)

    assert (found.load_id, found.begins, found.start_at) == (LOAD, load.begins, load.start_at)
    assert [run.run_id for run in found.runs] == [run.run_id for run in load.runs]
    assert found.about["spec"] == {"rate": 2}


def test_a_suite_that_is_no_load_is_said() -> None:
    with pytest.raises(EnvironmentFailure, match=f"{LOAD} is a suite of runs, and no load"):
        Account().loads().find(LOAD)


def test_a_load_that_is_not_there_is_not_found_as_a_suite_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise client_error("ExecutionDoesNotExist", HTTPStatusCode=400)

    monkeypatch.setattr(StateMachines, "describe_execution", missing)
    with pytest.raises(NotFoundError, match=f"there is no load {LOAD}"):
        Account().loads().find(LOAD)


def test_a_stack_that_an_older_awsit_deployed_starts_no_load() -> None:
    aws: Any = Account()
    with pytest.raises(EnvironmentFailure, match="the stack starts no load") as error:
        Loads(aws, OLDER, FakeClock())
    assert error.value.code == "older_stack"


def test_nobody_asks_for_executions_of_iterations_whose_time_had_not_come() -> None:
    account: Any = Account()
    load = start(account, LoadRate(1, 60))
    follower = follower_of(load, account, INSTALLATION, FakeClock(NOW))
    assert not any(follower.never_began(run) for run in load.runs)

    ended = iso_of(load.begins + 20)
    follower.progress = SuiteProgress(LOAD, "arn", "ABORTED", "", ended)
    assert [follower.never_began(run) for run in load.runs] == [False] * 29 + [True] * 31
