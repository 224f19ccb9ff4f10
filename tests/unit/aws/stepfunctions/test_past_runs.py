"""A run that is over to whoever follows it, while its execution still ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from tests.unit.aws.fakes import FakeAws, FakeS3, client_error

from awsit.aws.installation import Installation
from awsit.aws.runs.dynamodb.table import Table
from awsit.aws.runs.items import new_run
from awsit.aws.stepfunctions.past_runs import PastRuns
from awsit.engine.store.records import RunRecord
from awsit.errors import AwsitError
from awsit.model import codec
from awsit.model.json import Json
from awsit.model.result import RunResult, RunStatus
from awsit.records import replace
from awsit.system.clock import FakeClock

RUN_ID = "run-01J9ZK3M4N5P6Q7R8S9T0V1W2X"
ARN = f"arn:aws:states:eu-west-1:123456789012:execution:awsit:{RUN_ID}"
SUITE = "suite-01J9ZK3M4N5P6Q7R8S9T0V1W2X"
AT = "2030-03-17T17:46:40.000Z"
RUN = RunRecord(RUN_ID, "orders", "stepfunctions", "2030-03-17T17:46:40.000Z", 1_900_000_300.0, execution_arn=ARN)


class Dynamodb:
    """A table of one item."""

    def __init__(self) -> None:
        self.item: Json = None

    def put_item(self, **arguments: Any) -> Json:
        self.item = arguments["Item"]
        return {}

    def get_item(self, **_: Any) -> Json:
        return {"Item": self.item}

    def get_paginator(self, _: str) -> Dynamodb:
        return self

    def paginate(self, **_: Any) -> list[Json]:
        return [{"Items": [self.item]}]


class StepFunctions:
    """An execution that is RUNNING for so many looks."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    def describe_execution(self, **_: Any) -> Json:
        self.looks -= 1
        return {"name": RUN_ID, "startDate": datetime(2030, 3, 17, tzinfo=UTC), "status": self.status()}

    def get_paginator(self, _: str) -> StepFunctions:
        return self

    def paginate(self, **_: Any) -> list[Json]:
        return [{"executions": [{"executionArn": ARN}]}]

    def status(self) -> str:
        return "RUNNING" if self.looks >= 0 else "SUCCEEDED"


def past(state: str, looks: int, item: Mapping[str, Any] | None = None) -> tuple[PastRuns, FakeClock]:
    clock = FakeClock()
    aws = FakeAws(dynamodb=Dynamodb(), stepfunctions=StepFunctions(looks), s3=FakeS3({"bucket": {}}))
    Table(aws, "table").put({**new_run(RUN), "state": state} if item is None else item)
    installation = Installation("machine", "bucket", "table", "function", "log", "log")
    return PastRuns(aws, installation, clock), clock


@pytest.mark.parametrize(
    ("state", "looks", "code"),
    [
        ("closed", 3, "not_found"),  # which comes later: the plan is read once the execution has ended
        ("closed", 1000, "still_running"),
        ("open", 3, "still_running"),
    ],
)
def test_a_closed_run_is_given_the_time_that_its_execution_takes_to_end(state: str, looks: int, code: str) -> None:
    past_runs, clock = past(state, looks)
    began = clock.monotonic()

    with pytest.raises(AwsitError) as raised:
        past_runs.as_it_stands(RUN_ID)

    assert raised.value.code == code
    assert clock.monotonic() - began <= 16


@pytest.mark.parametrize(
    ("state", "cleaner", "status", "is_held"),
    [
        ("closing", "", RunStatus.RUNNING, True),
        ("closing", "someone", RunStatus.PASSED, False),
        ("closed", "", RunStatus.PASSED, False),
    ],
)
def test_the_setup_of_a_suite_goes_on_until_it_is_cleaned_up(
    state: str, cleaner: str, status: RunStatus, *, is_held: bool
) -> None:
    setup = new_run(replace(RUN, verdict=RunStatus.PASSED, hold=True, suite=SUITE, cleaner=cleaner))
    past_runs, _ = past(state, 0, {**setup, "state": state, "verdict": "passed", "cleaner": cleaner, "hold": True})

    (run,) = past_runs.newest(10)

    assert (run.status, run.is_held) == (status, is_held)


class JustStarted(StepFunctions):
    """An execution of a clean-up that is not shown to the first looks at it: DescribeExecution is behind."""

    def __init__(self, unseen: int) -> None:
        super().__init__(looks=1)
        self.exceptions = SimpleNamespace(ExecutionAlreadyExists=client_error("ExecutionAlreadyExists").__class__)
        self.unseen = unseen

    def start_execution(self, **_: Any) -> Json:
        return {}

    def describe_execution(self, executionArn: str = "", **_: Any) -> Json:  # noqa: N803 - the API's name
        self.unseen -= 1
        if ":cleanup-" in executionArn and self.unseen >= 0:
            raise client_error("ExecutionDoesNotExist", "Execution Does Not Exist")
        return super().describe_execution()


class Empty(Dynamodb):
    def paginate(self, **_: Any) -> list[Json]:
        return [{"Items": []}]


def cleaned(monkeypatch: pytest.MonkeyPatch, unseen: int) -> tuple[str, FakeClock]:
    monkeypatch.setattr(PastRuns, "as_it_stands", lambda *_: None)
    report = codec.text(RunResult(RUN_ID, "orders", RunStatus.PASSED, "stepfunctions", AT, AT, 1.0)).encode()
    s3, clock = FakeS3({"bucket": {f"runs/{RUN_ID}/report.json": [report]}}), FakeClock()
    aws = FakeAws(dynamodb=Empty(), stepfunctions=JustStarted(unseen), s3=s3)
    Table(aws, "table").put({**new_run(RUN), "state": "closed"})
    machine = "arn:aws:states:eu-west-1:123456789012:stateMachine:awsit"
    installation = Installation(machine, "bucket", "table", "function", "log", "log")
    return PastRuns(aws, installation, clock).clean_up(RUN_ID, "abc").run_id, clock


def test_a_clean_up_that_was_just_started_need_not_be_shown_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    run_id, clock = cleaned(monkeypatch, unseen=5)

    assert run_id == RUN_ID
    assert clock.slept == [0.5] * 6


def test_a_clean_up_that_is_never_shown_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AwsitError) as raised:
        cleaned(monkeypatch, unseen=1000)

    assert raised.value.code == "unknown_execution"


NEEDED = ("scenario", "engine", "started_at", "deadline_at", "execution_arn", "state", "total_steps", "ledger", "keep")
WRONG: dict[str, list[Any]] = {
    "deadline_at": ["soon", [], None],
    "state": ["ajar", 7, None],
    "verdict": ["splendid", []],
    "total_steps": ["many", None],
    "error": ["{", "[]", 7],
    "assertions": ["{", '[{"passed": 3}]', 7],
    "given": ["[1]", 7],
    "left_behind": ["some", [], None],
}


def malformed() -> list[dict[str, Any]]:
    item = new_run(RUN)
    without = [{key: item[key] for key in item if key != name} for name in NEEDED]
    return without + [{**item, name: value} for name, values in WRONG.items() for value in values]


@pytest.mark.parametrize("item", malformed())
def test_a_record_that_cannot_be_read_hides_no_other_run(item: dict[str, Any]) -> None:
    past_runs, _ = past("closed", 0, item)

    listed = list(past_runs.newest(10))
    left = past_runs.open()

    assert [run.run_id for run in listed] + past_runs.unread[: 1 - len(listed)] == [RUN_ID]
    assert left == [] or RUN_ID not in past_runs.unread[1:]
    with pytest.raises(AwsitError) as raised:
        past_runs.as_it_stands(RUN_ID)
    assert raised.value.code in {"malformed_record", "not_found"}


def test_a_record_that_cannot_be_read_is_told() -> None:
    past_runs, _ = past("closed", 0, {"run_id": RUN_ID, "sk": "run"})

    assert (list(past_runs.newest(10)), past_runs.open()) == ([], [])
    assert past_runs.unread == [RUN_ID, RUN_ID]
    with pytest.raises(AwsitError, match=f"the records of {RUN_ID} cannot be read"):
        past_runs.as_it_stands(RUN_ID)
