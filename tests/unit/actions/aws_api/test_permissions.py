"""The permissions of `aws_api`; names of IAM actions are held against the reference that cfn-lint holds."""

from __future__ import annotations

import re
from typing import Any

import pytest
from botocore.loaders import create_loader
from botocore.model import ServiceModel

from awsit.actions.aws_api.permissions import OPERATIONS, PREFIXES, actions_of, prefix_of, required_permissions
from awsit.actions.aws_api.resource_arns import MEMBERS, resource_of
from awsit.model.permissions import AwsLocation

ANY = AwsLocation.of("eu-west-1")
NOT_IN_THE_REFERENCE = re.compile(
    "WebAuthn|Unauth|GetUserAuthFactors|GetClientToken|DescribeTermsByClient|DatasetKmsKey|AlarmContributors|"
    "GetLogObject|ImageReferrers|StartCommandExecution|CreateSession|WriteGetObjectResponse|PartiQL"
)
"""Operations that users call with their own tokens, of other prefixes, or newer than the reference of the test."""


@pytest.fixture(scope="module")
def models() -> list[ServiceModel]:
    loader = create_loader()
    names = ["s3", "dynamodb", "sqs", "sns", "lambda", "kms", "stepfunctions", "ssm", "secretsmanager", "kinesis"]
    names += ["logs", "cloudformation", "firehose", "ecr", "cognito-idp", "events", "cloudwatch", "sts", *PREFIXES]
    return [ServiceModel(loader.load_service_model(name, "service-2"), name) for name in names]


def granted(action: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in required_permissions(action, ANY).permissions:
        found.setdefault(each.action, []).append(each.resource)
    return found


def aws_api(service: str, operation: str, **params: Any) -> dict[str, Any]:
    return {"service": service, "operation": operation, "params": params}


def test_every_name_in_the_tables_is_an_iam_action(reference):
    unknown = [
        f"{prefix}:{action}"
        for prefix, operations in OPERATIONS.items()
        for actions in operations.values()
        for action in actions
        if action.lower() not in reference[prefix]["Actions"] and not NOT_IN_THE_REFERENCE.search(action)
    ]
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
    ("action", "expected"),
    [
        (aws_api("s3", "list_objects_v2", Bucket="b"), {"s3:ListBucket": ["arn:aws:s3:::b"]}),
        (
            aws_api("s3", "HeadObject", Bucket="b", Key="a/b"),
            {"s3:GetObject": ["arn:aws:s3:::b/a/b"], "s3:ListBucket": ["arn:aws:s3:::b"]},
        ),
        (
            aws_api("s3", "copy_object", Bucket="b", Key="k", CopySource="from/it"),
            {
                "s3:GetObject": ["arn:aws:s3:::from/it"],
                "s3:GetObjectTagging": ["arn:aws:s3:::from/it"],
                "s3:PutObject": ["arn:aws:s3:::b/k"],
                "s3:PutObjectTagging": ["arn:aws:s3:::b/k"],
            },
        ),
        (
            aws_api("s3", "copy_object", Bucket="b", Key="k", CopySource={"Bucket": "{{ context.from }}", "Key": "it"}),
            {
                "s3:GetObject": ["arn:aws:s3:::*/it"],
                "s3:GetObjectTagging": ["arn:aws:s3:::*/it"],
                "s3:PutObject": ["arn:aws:s3:::b/k"],
                "s3:PutObjectTagging": ["arn:aws:s3:::b/k"],
            },
        ),
        (
            aws_api("sqs", "send_message", QueueUrl="https://sqs.eu-west-1.amazonaws.com/1/jobs", MessageBody="x"),
            {"sqs:SendMessage": ["arn:aws:sqs:eu-west-1:*:jobs"]},
        ),
        (
            aws_api("ssm", "get_parameter", Name="/orders/key"),
            {"ssm:GetParameter": ["arn:aws:ssm:eu-west-1:*:parameter/orders/key"]},
        ),
        (
            aws_api("logs", "filter_log_events", logGroupName="/aws/lambda/orders"),
            {"logs:FilterLogEvents": ["arn:aws:logs:eu-west-1:*:log-group:/aws/lambda/orders:*"]},
        ),
        (
            aws_api("events", "delete_rule", Name="orders"),
            {"events:DeleteRule": ["arn:aws:events:eu-west-1:*:rule/orders"]},
        ),
        (
            aws_api("events", "remove_targets", Rule="{{ context.rule }}", EventBusName="shop", Ids=["a"]),
            {"events:RemoveTargets": ["arn:aws:events:eu-west-1:*:rule/shop/*"]},
        ),
        (aws_api("events", "create_event_bus", Name="shop"), {"events:CreateEventBus": ["*"]}),
        (aws_api("cloudwatch", "list_metrics"), {"cloudwatch:ListMetrics": ["*"]}),
        (aws_api("sts", "get_caller_identity"), {}),
        (
            aws_api("apigateway", "get_rest_api", restApiId="abc"),
            {"apigateway:GET": ["arn:aws:apigateway:eu-west-1::/restapis/*"]},
        ),
        (
            aws_api("stepfunctions", "start_execution", stateMachineArn="arn:aws:states:eu-west-1:1:stateMachine:m"),
            {"states:StartExecution": ["arn:aws:states:eu-west-1:1:stateMachine:m"]},
        ),
    ],
    ids=lambda value: value.get("operation", ""),
)
def test_aws_api(action, expected):
    assert granted(action) == expected


def test_a_role_that_is_handed_over_asks_for_pass_role():
    role = "arn:aws:iam::123456789012:role/machine"
    found = granted(aws_api("stepfunctions", "create_state_machine", name="m", definition="{}", roleArn=role))
    assert found["iam:PassRole"] == [role]


def test_a_waiter_needs_what_it_asks():
    api = {"service": "dynamodb", "params": {"TableName": "orders"}, "wait_for": {"waiter": "table_exists"}}
    assert granted(api) == {"dynamodb:DescribeTable": ["arn:aws:dynamodb:eu-west-1:*:table/orders"]}


OF_A_COPY = {
    "s3:GetObjectVersion": "from/a",
    "s3:GetObjectVersionTagging": "from/a",
    "s3:PutObject": "b/k",
    "s3:PutObjectTagging": "b/k",
}


@pytest.mark.parametrize(
    ("operation", "params", "needed"),
    [
        ("GetObject", {"VersionId": "v"}, {"s3:GetObjectVersion": "b/k", "s3:ListBucket": "b"}),
        ("DeleteObject", {"VersionId": "v"}, {"s3:DeleteObjectVersion": "b/k"}),
        ("PutObjectTagging", {"VersionId": "v"}, {"s3:PutObjectVersionTagging": "b/k"}),
        ("CopyObject", {"CopySource": "from/a?versionId=v"}, OF_A_COPY),
        ("CopyObject", {"CopySource": {"Bucket": "from", "Key": "a", "VersionId": "v"}}, OF_A_COPY),
        ("DeleteObjects", {"Key": "*"}, {"s3:DeleteObject": "b/*", "s3:DeleteObjectVersion": "b/*"}),
    ],
)
def test_a_version_of_an_object_has_permissions_of_its_own(
    operation: str, params: dict[str, Any], needed: dict[str, str]
) -> None:
    found = granted(aws_api("s3", operation, Bucket="b", **{"Key": "k", **params}))

    assert found == {action: [f"arn:aws:s3:::{place}"] for action, place in needed.items()}
