"""A run that is over to whoever follows it, while its execution still ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.unit.aws.fakes import FakeAws, FakeS3

from awsit.aws.installation import Installation
from awsit.aws.runs.items import new_run
from awsit.aws.runs.table import Table
from awsit.aws.stepfunctions.past_runs import PastRuns
from awsit.engine.store.records import RunRecord
from awsit.errors import AwsitError
from awsit.model.json import Json
from awsit.system.clock import FakeClock

RUN_ID = "run-01J9ZK3M4N5P6Q7R8S9T0V1W2X"
ARN = f"arn:aws:states:eu-west-1:123456789012:execution:awsit:{RUN_ID}"
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
