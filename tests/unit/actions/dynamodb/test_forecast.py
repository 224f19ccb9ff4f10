from typing import Any, get_args

import pytest

from awsit.actions.dynamodb.forecast import IAM_ACTIONS, required_permissions, summary_of
from awsit.actions.dynamodb.params import Operation
from awsit.model.action.protocol import Summary
from awsit.model.permissions import AwsLocation, Permission

HERE = AwsLocation.of("eu-west-1")
FIRST_PARTS = "arn:aws:dynamodb:eu-west-1:*:"


@pytest.mark.parametrize(
    ("params", "iam_action", "resource"),
    [
        ({"operation": "get_item", "table": "orders", "key": {"id": 1}}, "dynamodb:GetItem", "table/orders"),
        (
            {"operation": "query", "table": "orders", "index": "by-day", "key_condition": {"day": "d"}},
            "dynamodb:Query",
            "table/orders/index/by-day",
        ),
        (
            {"operation": "batch_write", "table": "o-{{ context.x }}", "items": [{"id": 1}]},
            "dynamodb:BatchWriteItem",
            "table/o-*",
        ),
    ],
)
def test_the_permission_is_for_the_table_or_the_index(params: Any, iam_action: str, resource: str) -> None:
    required = required_permissions(params, HERE)
    assert required.permissions == (Permission(iam_action, FIRST_PARTS + resource),)


def test_the_arn_of_a_table_is_taken_as_it_is() -> None:
    arn = "arn:aws:dynamodb:us-west-2:123456789012:table/orders"
    required = required_permissions({"operation": "scan", "table": arn}, HERE)
    assert required.permissions == (Permission("dynamodb:Scan", arn),)


def test_every_operation_has_an_iam_action(reference: Any) -> None:
    assert set(IAM_ACTIONS) == set(get_args(Operation))
    names = [action.removeprefix("dynamodb:").lower() for action in IAM_ACTIONS.values()]
    assert set(names) <= reference["dynamodb"]["Actions"].keys()


def test_an_operation_that_is_a_template_is_not_known() -> None:
    required = required_permissions({"operation": "{{ context.x }}", "table": "orders"}, HERE)
    assert required.permissions == ()
    assert required.unknown == "the `operation` of a `dynamodb` action is a template"


def test_the_summary_names_operation_table_and_index() -> None:
    assert summary_of({"operation": "scan", "table": "orders"}) == Summary("scan on orders", "orders")
    summary = summary_of({"operation": "query", "table": "orders", "index": "by-day"})
    assert summary == Summary("query on orders, index by-day", "orders")
