"""The permissions that actions need; their names are held against the reference that cfn-lint holds."""

from __future__ import annotations

import json
import re
from importlib import resources
from typing import Any

import pytest
from botocore.loaders import create_loader
from botocore.model import ServiceModel
from tests.unit.forecast.plans import call, foreseen

from awsit.actions.registry import BY_TYPE as ACTION_TYPES
from awsit.forecast import permissions
from awsit.forecast.api_permissions import OPERATIONS, PREFIXES, actions_of, prefix_of
from awsit.forecast.api_resources import MEMBERS, resource_of
from awsit.forecast.policy import permissions_of, policy_document
from awsit.model.permissions import AwsLocation, Permission

ANY = AwsLocation.of("eu-west-1")
NOT_IN_THE_REFERENCE = re.compile(
    "WebAuthn|Unauth|GetUserAuthFactors|GetClientToken|DescribeTermsByClient|DatasetKmsKey|AlarmContributors|"
    "GetLogObject|ImageReferrers|StartCommandExecution|CreateSession|WriteGetObjectResponse|PartiQL"
)
"""Operations that users call with their own tokens, of other prefixes, or newer than the reference of the test."""
FIRST_PARTS = "arn:aws:{}:eu-west-1:*:"


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    text = resources.files("cfnlint.data.AdditionalSpecs").joinpath("Policies.json").read_text()
    return json.loads(text)


@pytest.fixture(scope="module")
def models() -> list[ServiceModel]:
    loader = create_loader()
    names = ["s3", "dynamodb", "sqs", "sns", "lambda", "kms", "stepfunctions", "ssm", "secretsmanager", "kinesis"]
    names += ["logs", "cloudformation", "firehose", "ecr", "cognito-idp", "events", "cloudwatch", "sts", *PREFIXES]
    return [ServiceModel(loader.load_service_model(name, "service-2"), name) for name in names]


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
    for prefix, operations in OPERATIONS.items():
        names += [f"{prefix}:{action}" for actions in operations.values() for action in actions]
    unknown = []
    for name in names:
        prefix, action = name.split(":")
        if action.lower() not in reference[prefix]["Actions"] and not NOT_IN_THE_REFERENCE.search(action):
            unknown.append(name)
    assert unknown == []


def test_operations_of_the_usual_services_have_the_permission_that_they_need(reference, models):
    wrong = [
        f"{prefix_of(model)}:{action} for {model.service_name} {operation}"
        for model in models
        for operation in model.operation_names
        for action in actions_of(prefix_of(model), operation)
        if action.lower() not in reference[prefix_of(model)]["Actions"] and not NOT_IN_THE_REFERENCE.search(action)
    ]
    assert not wrong, "\n".join(wrong)


def test_an_arn_is_named_only_where_the_action_knows_resources(reference, models):
    wrong = []
    for model in models:
        prefix = prefix_of(model)
        for operation in model.operation_names:
            shape = model.operation_model(operation).input_shape
            for member in MEMBERS.get(prefix, {}).keys() & (shape.members.keys() if shape else set()):
                for action in actions_of(prefix, operation):
                    arn = resource_of(prefix, action, {member: "X"}, ANY)
                    formats = arn_formats(reference[prefix], action)
                    fit = arn == "*" or any(fits(arn, each) for each in formats)
                    if not fit and not NOT_IN_THE_REFERENCE.search(action):
                        wrong.append(f"{prefix}:{action} ({member}): {arn} is none of {formats}")
    assert not wrong, "\n".join(wrong)


def arn_formats(service: dict[str, Any], action: str) -> list[str]:
    kinds = {name.lower(): kind["ARNFormats"] for name, kind in service["Resources"].items()}
    named = service["Actions"].get(action.lower(), {}).get("Resources", [])
    return [each for name in named for each in kinds.get(name.lower(), ())]


def fits(arn: str, arn_format: str) -> bool:
    filled = re.sub(r"\$\{(\w+)\}", ".*", arn_format)
    return re.fullmatch(filled, arn) is not None


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


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (aws_api("s3", "list_objects_v2", Bucket="b"), {"s3:ListBucket": ["arn:aws:s3:::b"]}),
        (aws_api("s3", "HeadObject", Bucket="b", Key="a/b"), {"s3:GetObject": ["arn:aws:s3:::b/a/b"]}),
        (
            aws_api("s3", "copy_object", Bucket="b", Key="k", CopySource="from/it"),
            {"s3:GetObject": ["arn:aws:s3:::from/it"], "s3:PutObject": ["arn:aws:s3:::b/k"]},
        ),
        (
            aws_api("sqs", "send_message", QueueUrl="https://sqs.eu-west-1.amazonaws.com/1/jobs", MessageBody="x"),
            {"sqs:SendMessage": ["arn:aws:sqs:eu-west-1:*:jobs"]},
        ),
        (
            aws_api("ssm", "get_parameter", Name="/orders/key"),
            {"ssm:GetParameter": ["arn:aws:ssm:eu-west-1:*:parameter/orders/key"]},
        ),
        (aws_api("cloudwatch", "list_metrics"), {"cloudwatch:ListMetrics": ["*"]}),
        (aws_api("sts", "get_caller_identity"), {"sts:GetCallerIdentity": ["*"]}),
        (
            aws_api("apigateway", "get_rest_api", restApiId="abc"),
            {"apigateway:GET": ["arn:aws:apigateway:eu-west-1::/restapis/*"]},
        ),
        (
            aws_api("stepfunctions", "start_execution", stateMachineArn="arn:aws:states:eu-west-1:1:stateMachine:m"),
            {"states:StartExecution": ["arn:aws:states:eu-west-1:1:stateMachine:m"]},
        ),
    ],
    ids=lambda value: value["params"]["operation"] if "params" in value else "",
)
def test_aws_api(action, expected):
    assert granted(action) == expected


def test_a_role_that_is_handed_over_asks_for_pass_role():
    role = "arn:aws:iam::123456789012:role/machine"
    found = granted(aws_api("stepfunctions", "create_state_machine", name="m", definition="{}", roleArn=role))
    assert found["iam:PassRole"] == [role]


def test_a_waiter_needs_what_it_asks():
    api = {"service": "dynamodb", "params": {"TableName": "orders"}, "wait_for": {"waiter": "table_exists"}}
    found = granted({"name": "Api", "type": "aws_api", "params": api})
    assert found == {"dynamodb:DescribeTable": ["arn:aws:dynamodb:eu-west-1:*:table/orders"]}


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
