"""The permissions that actions need; their names are held against the reference that cfn-lint holds."""

from __future__ import annotations

import json
import re
from importlib import resources
from typing import Any

import pytest
from tests.unit.forecast.plans import call, foreseen

from awsit.actions.registry import BY_TYPE as ACTION_TYPES
from awsit.forecast import permissions
from awsit.forecast.policy import permissions_of, policy_document
from awsit.model.permissions import AwsLocation, Permission

ANY = AwsLocation.of("eu-west-1")
FIRST_PARTS = "arn:aws:{}:eu-west-1:*:"


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    text = resources.files("cfnlint.data.AdditionalSpecs").joinpath("Policies.json").read_text()
    return json.loads(text)


def granted(*actions: dict[str, Any], **keys: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in permissions_of(foreseen(*actions, **keys).policy):
        found.setdefault(each.action, []).append(each.resource)
    return found


def aws_api(service: str, operation: str, **params: Any) -> dict[str, Any]:
    given = {"service": service, "operation": operation, "params": params}
    return {"name": "Api", "type": "aws_api", "params": given}


def test_every_action_type_is_in_the_table():
    assert set(permissions.BY_TYPE) == set(ACTION_TYPES)


def test_every_name_in_the_tables_is_an_iam_action(reference):
    names = [*permissions.DYNAMODB.values(), *sum((*permissions.SIGNED.values(), *permissions.LOOK_UPS.values()), ())]
    split = [name.split(":") for name in names]
    assert [name for prefix, name in split if name.lower() not in reference[prefix]["Actions"]] == []


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"operation": "get_item", "table": "orders", "key": {"id": 1}}, ("dynamodb:GetItem", "table/orders")),
        (
            {"operation": "query", "table": "orders", "index": "by-day", "key_condition": {"day": "d"}},
            ("dynamodb:Query", "table/orders/index/by-day"),
        ),
        (
            {"operation": "batch_write", "table": "o-{{ context.x }}", "items": [{"id": 1}]},
            ("dynamodb:BatchWriteItem", "table/o-*"),
        ),
    ],
)
def test_dynamodb(params, expected):
    first = {**call("https://a.test"), "pass_to_context": {"x": "$.body"}}
    found = granted(first, {"name": "D", "type": "dynamodb", "params": params})
    assert found == {expected[0]: [FIRST_PARTS.format("dynamodb") + expected[1]]}


def test_an_arn_is_taken_as_it_is():
    arn = "arn:aws:dynamodb:us-west-2:123456789012:table/orders"
    params = {"operation": "scan", "table": arn}
    assert granted({"name": "D", "type": "dynamodb", "params": params}) == {"dynamodb:Scan": [arn]}


@pytest.mark.parametrize(
    ("function", "qualifier", "resource"),
    [
        ("worker", None, "arn:aws:lambda:eu-west-1:*:function:worker"),
        ("worker", "live", "arn:aws:lambda:eu-west-1:*:function:worker:live"),
        ("123456789012:function:worker", None, "arn:aws:lambda:eu-west-1:123456789012:function:worker"),
        ("{{ stack('orders').Worker }}", None, "arn:aws:lambda:eu-west-1:*:function:*"),
    ],
)
def test_lambda_invoke(function, qualifier, resource):
    params = {"function": function, **({"qualifier": qualifier} if qualifier else {})}
    found = granted({"name": "L", "type": "lambda_invoke", "params": params})
    assert found["lambda:InvokeFunction"] == [resource]


def test_only_a_signed_call_needs_a_permission():
    url = "https://abc123.execute-api.eu-central-1.amazonaws.com/prod/orders"
    assert granted(call(url)) == {}
    signed = call(url, method="post", auth={"sigv4": {}})
    assert granted(signed) == {"execute-api:Invoke": ["arn:aws:execute-api:eu-central-1:*:abc123/*/POST/*"]}


def test_a_function_url_needs_two_permissions():
    signed = call("https://x.lambda-url.eu-west-1.on.aws/", auth={"sigv4": {"service": "lambda"}})
    assert set(granted(signed)) == {"lambda:InvokeFunction", "lambda:InvokeFunctionUrl"}


def test_look_ups_of_templates():
    headers = {"a": "{{ secret('orders/key') }}", "b": "{{ parameter('/orders/b') }}"}
    found = granted(call("{{ stack('orders').ApiUrl }}", headers=headers))
    assert found == {
        "cloudformation:DescribeStacks": ["arn:aws:cloudformation:eu-west-1:*:stack/orders/*"],
        "cloudformation:ListStackResources": ["arn:aws:cloudformation:eu-west-1:*:stack/orders/*"],
        "secretsmanager:GetSecretValue": ["arn:aws:secretsmanager:eu-west-1:*:secret:orders/key-??????"],
        "ssm:GetParameter": ["arn:aws:ssm:eu-west-1:*:parameter/orders/b"],
    }


def test_an_operation_that_is_not_known_is_said_to_be_missing():
    first = {**call("https://a.test"), "pass_to_context": {"x": "$.body"}}
    found = foreseen(first, aws_api("sqs", "{{ context.x }}"))
    assert found.policy["Statement"] == []
    assert any("Api: the policy lacks what it needs" in note for note in found.notes)


def test_a_policy_grants_nothing_twice():
    document = policy_document(
        [
            Permission("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/*"),
            Permission("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/a"),
            Permission("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/a"),
        ]
    )
    (statement,) = document["Statement"]
    assert statement["Resource"] == ["arn:aws:dynamodb:*:*:table/*"]
    assert re.fullmatch("[A-Za-z0-9]+", statement["Sid"])
