"""Starts of runs: their pace, and those whose answer does not come."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError
from tests.unit.aws.fakes import FakeAws, Pages, client_error

from awsit.aws.installation import Installation
from awsit.aws.stepfunctions import engine as module
from awsit.aws.stepfunctions.engine import MANY_RUNS, StepFunctionsEngine
from awsit.errors import AwsitError, EnvironmentFailure, UsageError
from awsit.model.run import RunRequest
from awsit.system.clock import FakeClock

RUN_ID = "run-01J00000000000000000000000"
MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:awsit-test-flow"
ARN = f"{MACHINE.replace(':stateMachine:', ':execution:')}:{RUN_ID}"
REQUEST = RunRequest(RUN_ID, "order", {"name": "order", "actions": []})
LOST = ConnectionClosedError(endpoint_url="https://states.eu-west-1.amazonaws.com")


class StepFunctions:
    """Its answer to a start is an error; `begun` says whether there is an execution all the same."""

    class exceptions:  # noqa: N801 - botocore names it
        ExecutionAlreadyExists = KeyError

    def __init__(self, error: Exception, *, begun: bool) -> None:
        self._error, self._begun = error, begun
        self.looks = 0

    def start_execution(self, **given: Any) -> Any:
        assert (given["stateMachineArn"], given["name"]) == (MACHINE, RUN_ID)
        raise self._error

    def describe_execution(self, executionArn: str) -> Any:  # noqa: N803 - AWS names it
        self.looks += 1
        assert executionArn == ARN
        if not self._begun:
            raise client_error("ExecutionDoesNotExist", HTTPStatusCode=400)
        return {"name": RUN_ID, "startDate": datetime(2030, 1, 1, tzinfo=UTC), "status": "RUNNING"}


def engine(client: StepFunctions) -> StepFunctionsEngine:
    buckets = SimpleNamespace(put_object=lambda **_: {}, head_object=lambda **_: {})
    installation = Installation(MACHINE, "bucket", "table", "function", "", "")
    return StepFunctionsEngine(FakeAws(stepfunctions=client, s3=buckets), installation, FakeClock())


@pytest.mark.parametrize("error", [LOST, client_error("InternalServerError", HTTPStatusCode=500)])
def test_a_run_that_began_although_no_answer_came_is_followed(error: Exception) -> None:
    assert engine(StepFunctions(error, begun=True)).start(REQUEST).execution_arn == ARN


def test_a_run_that_is_over_is_a_wrong_reference_to_stop() -> None:
    began = datetime(2030, 1, 1, tzinfo=UTC)
    over = {"name": RUN_ID, "startDate": began, "stopDate": began, "status": "SUCCEEDED"}
    client = SimpleNamespace(describe_execution=lambda **_: over | {"executionArn": ARN})

    with pytest.raises(UsageError, match=f"{RUN_ID} is over already"):
        engine(client).stop(ARN)


def test_a_run_of_which_nothing_is_known_may_have_begun() -> None:
    with pytest.raises(EnvironmentFailure, match="could not start order") as caught:
        engine(StepFunctions(LOST, begun=False)).start(REQUEST)

    assert f"{RUN_ID} may have begun all the same" in caught.value.hint


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="https://states.eu-west-1.amazonaws.com"),
        client_error("InvalidArn", HTTPStatusCode=400),
        client_error("ThrottlingException", HTTPStatusCode=400),
    ],
)
def test_a_start_that_was_refused_began_nothing(error: Exception) -> None:
    client = StepFunctions(error, begun=True)

    with pytest.raises(AwsitError) as caught:
        engine(client).start(REQUEST)

    assert client.looks == 0
    assert "may have begun" not in caught.value.hint


@pytest.mark.parametrize(("endpoint_url", "reads"), [(None, [{"ServiceCode": "states"}]), ("http://127.0.0.1:9", [])])
def test_the_quotas_of_the_account_are_read_once_when_there_are_many(
    endpoint_url: str | None, reads: list[Any]
) -> None:
    class Refused(Exception):
        pass

    quotas, started = Pages([{"Quotas": []}]), []
    machine = SimpleNamespace(
        start_execution=lambda **given: started.append((given["name"], len(quotas.asked))),
        exceptions=SimpleNamespace(ExecutionAlreadyExists=Refused),
    )
    bucket = SimpleNamespace(put_object=lambda **_: {})
    reader = SimpleNamespace(get_paginator=lambda _: quotas)
    aws: Any = FakeAws(stepfunctions=machine, s3=bucket, **{"service-quotas": reader})
    aws.endpoint_url, paced = endpoint_url, []
    aws.keep_to = paced.append
    many = StepFunctionsEngine(aws, Installation(MACHINE, "bucket", "table", "function", "", ""), FakeClock())

    for number in range(MANY_RUNS + 10):
        many.start(RunRequest(f"run-{number}", "many", {"name": "many", "actions": []}))

    assert quotas.asked == reads
    assert [name for name, asked in started if asked][:1] == [f"run-{MANY_RUNS - 1}"] * len(reads)
    assert len(paced) == len(reads)
    assert module.looks_allowed(paced[0]).value == 150 if paced else True
