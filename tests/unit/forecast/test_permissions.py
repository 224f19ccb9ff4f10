"""The policy of a whole plan; names of IAM actions are held against the reference that cfn-lint holds."""

from __future__ import annotations

import json
import re
from importlib import resources
from typing import Any

import pytest
from tests.unit.forecast.plans import call, foreseen, get

from awsit.forecast.permissions import LOOK_UPS
from awsit.forecast.policies.document import permissions_of, policy_document
from awsit.model.permissions import Permission


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


def test_every_name_in_the_tables_is_an_iam_action(reference):
    names = [name for names in LOOK_UPS.values() for name in names]
    split = [name.split(":") for name in names]
    assert [name for prefix, name in split if name.lower() not in reference[prefix]["Actions"]] == []


def test_look_ups_of_templates():
    headers = {"a": "{{ secret('orders/key') }}", "b": "{{ parameter('/orders/b') }}"}
    found = granted(call("{{ stack('orders').ApiUrl }}", headers=headers))
    assert found == {
        "cloudformation:DescribeStacks": ["arn:aws:cloudformation:eu-west-1:*:stack/orders/*"],
        "cloudformation:ListStackResources": ["arn:aws:cloudformation:eu-west-1:*:stack/orders/*"],
        "secretsmanager:GetSecretValue": ["arn:aws:secretsmanager:eu-west-1:*:secret:orders/key-??????"],
        "ssm:GetParameter": ["arn:aws:ssm:eu-west-1:*:parameter/orders/b"],
    }


def test_where_a_role_is_assumed_everything_else_is_the_roles_to_have():
    role = "arn:aws:iam::210987654321:role/tests"
    at = {"role_arn": "{{ vars.role }}", "external_id": "{{ secret('id') }}"}
    found = granted({**get(), "at": at, "auto_cleanup": False}, call("https://a.test"), variables={"role": role})
    assert found == {
        "sts:AssumeRole": [role],
        "secretsmanager:GetSecretValue": ["arn:aws:secretsmanager:eu-west-1:*:secret:id-??????"],
    }


def test_a_role_that_is_not_assumed_needs_no_permission():
    found = granted(call("https://a.test"), at={"role_arn": "arn:aws:iam::210987654321:role/tests"})
    assert found == {}


QUEUES_OF_TAPS = "arn:aws:sqs:eu-west-1:*:awsit-*"


def heard(source: dict[str, Any]) -> dict[str, list[str]]:
    return granted(
        {"name": "Hear", "type": "listen", "params": source},
        {"name": "Take", "type": "receive", "params": {"from": "Hear"}},
    )


@pytest.mark.parametrize(
    ("source", "calls"),
    [
        ({"websocket": "wss://a.test/prod"}, []),
        ({"log_group": "orders"}, ["logs:FilterLogEvents"]),
        ({"stream": "orders"}, ["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"]),
        ({"queue": "orders"}, ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ReceiveMessage"]),
    ],
)
def test_who_receives_from_what_is_only_read_needs_nothing_besides(source, calls):
    found = heard(source)
    assert sorted(found) == calls
    assert QUEUES_OF_TAPS not in [each for resources in found.values() for each in resources]


def test_who_receives_from_a_queue_of_a_tap_needs_to_read_it():
    role = {"role_arn": "arn:aws:iam::210987654321:role/tests"}
    listening = {"name": "Hear", "type": "listen", "params": {"topic": "arn:aws:sns:eu-west-1:123456789012:orders"}}
    taking = {"name": "Take", "type": "receive", "params": {"from": "Hear"}}
    assert granted({**listening, "at": role}, taking)["sqs:DeleteMessage"] == [QUEUES_OF_TAPS]
    assert granted(listening, {**taking, "at": role})["sts:AssumeRole"] == [role["role_arn"]]


def test_another_region_has_other_resources():
    found = granted(
        aws_api("sqs", "create_queue", QueueName="q") | {"at": {"region": "us-west-2"}, "auto_cleanup": True}
    )
    assert found["sqs:CreateQueue"] == found["sqs:DeleteQueue"] == ["arn:aws:sqs:us-west-2:*:q"]


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
