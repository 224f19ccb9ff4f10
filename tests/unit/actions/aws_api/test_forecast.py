from typing import Any

import pytest

from awsit.actions.aws_api.forecast import resumptions_of, summary_of
from awsit.model.action.abilities import Resumptions
from awsit.model.action.protocol import Summary

WAITER = {"service": "dynamodb", "params": {"TableName": "orders"}, "wait_for": {"waiter": "table_exists"}}


def test_the_summary_names_service_and_operation() -> None:
    summary = summary_of({"service": "sqs", "operation": "list_queues"})
    assert summary == Summary("sqs list_queues", "sqs list_queues")


def test_the_summary_of_a_waiter_names_it() -> None:
    assert summary_of(WAITER) == Summary("dynamodb table_exists (until it is so)", "dynamodb table_exists")


def test_an_operation_is_called_once() -> None:
    assert resumptions_of({"service": "sqs", "operation": "list_queues"}) is None


@pytest.mark.parametrize(
    ("wait_for", "expected"),
    [
        ({"waiter": "table_exists"}, Resumptions(24, 20, polls=True)),
        ({"waiter": "table_exists", "delay_seconds": 2, "max_attempts": 3}, Resumptions(2, 2, polls=True)),
        ({"waiter": "{{ context.x }}"}, Resumptions(0, 1, polls=True)),
        ({"waiter": "table_exists", "max_attempts": "{{ vars.n }}"}, Resumptions(24, 20, polls=True)),
    ],
)
def test_a_waiter_looks_as_often_as_its_params_or_its_model_say(wait_for: Any, expected: Resumptions) -> None:
    assert resumptions_of({**WAITER, "wait_for": wait_for}) == expected
