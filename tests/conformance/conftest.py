"""The state machine in moto's account, with a table of orders for scenarios to work on."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from tests.conformance.interpreter import Handler, Interpreter, empty_runs, enter, in_process_aws

from awsit.aws.runs.store import DynamoRunStore


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> Handler:
    """The function, as a new worker has it."""
    enter(monkeypatch)
    from awsit.lambdas import atomic_invoker

    atomic_invoker._host.cache_clear()
    return atomic_invoker.lambda_handler


@pytest.fixture
def machine(handler: Handler) -> Iterator[Interpreter]:
    """The state machine, which calls `handler`."""
    with in_process_aws(handler) as interpreter:
        boto3.resource("dynamodb").create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield interpreter


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoRunStore]:
    """The run store over an empty table and an empty bucket."""
    with empty_runs(monkeypatch) as runs:
        yield runs
