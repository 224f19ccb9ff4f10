"""Queries of Logs Insights, against botocore's own check of what is sent and answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from tests.unit.aws.fakes import FakeAws

from awsit.aws.logs.insights import LIMIT_SECONDS, run_query
from awsit.errors import AwsitError, EnvironmentFailure
from awsit.system.clock import FakeClock

GROUPS = ["/aws/lambda/awsit-AtomicLambdaInvoker", "/awsit/awsit/cli"]
RUNNING: dict[str, Any] = {"status": "Running", "results": []}


@pytest.fixture
def stubber() -> Iterator[Stubber]:
    credentials = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    with Stubber(boto3.client("logs", region_name="eu-west-1", **credentials)) as made:
        yield made


def ask(stubber: Stubber, clock: FakeClock) -> Any:
    return run_query(FakeAws(logs=stubber.client), clock, GROUPS, "fields message", 3600)


def started(stubber: Stubber, clock: FakeClock) -> None:
    now = int(clock.now().timestamp())
    asked = {"logGroupNames": GROUPS, "startTime": now - 3600, "endTime": now, "queryString": "fields message"}
    stubber.add_response("start_query", {"queryId": "q-1"}, asked)


def test_the_rows_come_without_the_pointers_to_their_records(stubber: Stubber) -> None:
    clock = FakeClock()
    started(stubber, clock)
    row = [{"field": "message", "value": "step ended"}, {"field": "@ptr", "value": "abc"}]
    for answer in (RUNNING, {"status": "Complete", "results": [row]}):
        stubber.add_response("get_query_results", answer, {"queryId": "q-1"})

    assert ask(stubber, clock) == [{"message": "step ended"}]
    assert clock.slept == [1.0]


def test_a_query_that_does_not_end_is_given_up(stubber: Stubber) -> None:
    clock = FakeClock()
    started(stubber, clock)
    for _ in range(int(LIMIT_SECONDS) + 1):
        stubber.add_response("get_query_results", RUNNING)

    with pytest.raises(EnvironmentFailure, match="took more than 60 s") as raised:
        ask(stubber, clock)
    assert "--last" in raised.value.hint


def test_a_query_that_failed_is_an_error(stubber: Stubber) -> None:
    clock = FakeClock()
    started(stubber, clock)
    stubber.add_response("get_query_results", {"status": "Failed", "results": []})

    with pytest.raises(EnvironmentFailure, match="ended as Failed"):
        ask(stubber, clock)


def test_a_denial_names_the_permission(stubber: Stubber) -> None:
    stubber.add_client_error("start_query", "AccessDeniedException", "not authorized to perform: logs:StartQuery")

    with pytest.raises(AwsitError, match="logs:StartQuery"):
        ask(stubber, FakeClock())
