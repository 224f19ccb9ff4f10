"""A run that is over to whoever follows it, while its execution still ends."""

from __future__ import annotations

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

ARN = "arn:aws:states:eu-west-1:123456789012:execution:awsit:run-1"
RUN = RunRecord("run-1", "orders", "stepfunctions", "2030-03-17T17:46:40.000Z", 1_900_000_300.0, execution_arn=ARN)


class Dynamodb:
    """A table of one item."""

    def __init__(self) -> None:
        self.item: Json = None

    def put_item(self, **arguments: Any) -> Json:
        self.item = arguments["Item"]
        return {}

    def get_item(self, **_: Any) -> Json:
        return {"Item": self.item}


class StepFunctions:
    """An execution that is RUNNING for so many looks."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    def describe_execution(self, **_: Any) -> Json:
        self.looks -= 1
        return {"name": "run-1", "startDate": datetime(2030, 3, 17, tzinfo=UTC), "status": self.status()}

    def status(self) -> str:
        return "RUNNING" if self.looks >= 0 else "SUCCEEDED"


def past(state: str, looks: int) -> tuple[PastRuns, FakeClock]:
    clock = FakeClock()
    aws = FakeAws(dynamodb=Dynamodb(), stepfunctions=StepFunctions(looks), s3=FakeS3({"bucket": {}}))
    Table(aws, "table").put({**new_run(RUN), "state": state})
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
        past_runs.as_it_stands("run-1")

    assert raised.value.code == code
    assert clock.monotonic() - began <= 16
