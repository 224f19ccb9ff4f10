"""The policy of whoever deploys, held to the permissions that CloudFormation's registry names for resource types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cfnlint.data import schemas
from tests.unit.aws.fakes import ACCOUNT, REGION, FakeAws
from tests.unit.infra.rendered import listed, transformed

from awsit.aws.deployment.deployer import deployer_policy

LARGEST_MANAGED_POLICY = 6_144
"""Characters without white space (IAM user guide, "IAM and AWS STS quotas")."""

NAMES = {
    "AWS::CloudWatch::Alarm": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:awsit-left-behind",
    "AWS::CloudWatch::Dashboard": f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/awsit-{REGION}",
    "AWS::DynamoDB::Table": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/awsit-RunsTable-1ABC",
    "AWS::Events::Rule": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/awsit-SweepRuns-1ABC",
    "AWS::IAM::ManagedPolicy": f"arn:aws:iam::{ACCOUNT}:policy/awsit-CliPolicy-1ABC",
    "AWS::IAM::Policy": f"arn:aws:iam::{ACCOUNT}:role/awsit-InvokerRole-1ABC",
    "AWS::IAM::Role": f"arn:aws:iam::{ACCOUNT}:role/awsit-ActionsRole-1ABC",
    "AWS::Lambda::Function": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:awsit-AtomicLambdaInvoker",
    "AWS::Lambda::Permission": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:awsit-AtomicLambdaInvoker",
    "AWS::Logs::LogGroup": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/awsit-AtomicLambdaInvoker",
    "AWS::Logs::QueryDefinition": "*",
    "AWS::S3::Bucket": "arn:aws:s3:::awsit-bucket-1abc",
    "AWS::S3::BucketPolicy": "arn:aws:s3:::awsit-bucket-1abc",
    "AWS::Scheduler::ScheduleGroup": f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/awsit",
    "AWS::StepFunctions::StateMachine": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:awsit-test-flow",
}
"""What a resource of each type of the template is called."""

UNUSED = (
    *("kms:", "kinesis:", "s3tables:", "s3files:", "firehose:", "elasticfilesystem:", "iam:CreateServiceLinkedRole"),
    # replicas, imports, streams and insights of tables
    *(
        "dynamodb:CreateTableReplica",
        "dynamodb:AssociateTableReplica",
        "dynamodb:ImportTable",
        "dynamodb:DescribeImport",
    ),
    *(
        "dynamodb:UpdateContributorInsights",
        "dynamodb:EnableKinesis",
        "dynamodb:DisableKinesis",
        "dynamodb:UpdateKinesis",
    ),
    *("dynamodb:PutResourcePolicy", "dynamodb:DeleteResourcePolicy", "dynamodb:BatchWriteItem"),
    *(f"dynamodb:{verb}" for verb in ("Scan", "Query", "UpdateItem", "PutItem", "GetItem", "DeleteItem")),
    # the policies of users and groups, and a policy that the template attaches to nobody
    *(f"iam:{verb}{owner}Policy" for verb in ("Put", "Get", "Delete") for owner in ("User", "Group")),
    *("iam:AttachGroupPolicy", "iam:AttachUserPolicy", "iam:DetachGroupPolicy", "iam:DetachUserPolicy"),
    # code signing, layers, runtime versions, scaling and recursion of functions
    *("lambda:GetCodeSigningConfig", "lambda:GetLayerVersion", "lambda:PutRuntimeManagementConfig"),
    *("lambda:PutFunction", "lambda:DeleteFunctionCodeSigningConfig", "lambda:PassCapacityProvider"),
    *("lambda:AssociateRuntimeAlias", "lambda:PublishVersion"),
    # data protection, indexes, deliveries and keys of log groups
    *("logs:PutDataProtectionPolicy", "logs:DeleteDataProtectionPolicy", "logs:CreateLogDelivery", "s3:REST"),
    *("logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DeleteResourcePolicy", "logs:PutIndexPolicy"),
    *("logs:DescribeIndexPolicies", "logs:DeleteIndexPolicy", "logs:PutBearerTokenAuthentication"),
    *("logs:AssociateKmsKey", "logs:DisassociateKmsKey", "logs:PutLogGroupDeletionProtection"),
    *("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
    # what buckets have that this one has not
    *(f"s3:{verb}{name}" for verb in ("Put", "Get", "DeleteBucket") for name in ("Analytics", "Inventory", "Metrics")),
    *(f"s3:{verb}{name}" for verb in ("Put", "Get") for name in ("Accelerate", "IntelligentTiering", "Replication")),
    *(f"s3:{verb}Bucket{name}" for verb in ("Put", "Get", "Delete") for name in ("Abac", "Acl", "CORS", "Cors")),
    *(f"s3:{verb}Bucket{name}" for verb in ("Put", "Get", "Delete") for name in ("Logging", "Notification", "Website")),
    *(f"s3:{verb}Bucket{name}" for verb in ("Put", "Get", "Delete") for name in ("ObjectLock", "Replication")),
    *(f"s3:{verb}BucketMetadata" for verb in ("Create", "Get", "Update", "Delete")),
    *(
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:ListTagsForResource",
        "s3:DeleteBucketEncryption",
        "s3:DeleteBucketLifecycle",
    ),
    *("s3:GetObject", "s3:ListAllMyBuckets"),
)
"""Beginnings of actions for what no resource of the template has."""

ALLOWED_ALL_THE_SAME = {"lambda:PutFunctionConcurrency"}
"""Actions that begin as unused ones do."""


@cache
def handlers() -> dict[str, frozenset[str]]:
    """The permissions for making, changing, reading and removing a resource, by its type."""
    found: dict[str, frozenset[str]] = {}
    for file in (Path(str(schemas.__file__)).parent / "resources").glob("*.json"):
        text = file.read_text(encoding="utf-8")
        if any(f'"{each}"' in text for each in NAMES):
            schema = json.loads(text)
            calls = [schema.get("handlers", {}).get(kind, {}) for kind in ("create", "update", "read", "delete")]
            actions = frozenset(action for call in calls for action in call.get("permissions", ()))
            found[schema["typeName"]] = found.get(schema["typeName"], frozenset()) | actions
    return found


def is_needed(action: str, resource_type: str) -> bool:
    if resource_type == "AWS::DynamoDB::Table" and not action.startswith("dynamodb:"):  # of imports
        return False
    return action in ALLOWED_ALL_THE_SAME or not action.startswith(UNUSED)


def policy(stack_name: str = "awsit") -> Any:
    return deployer_policy(FakeAws(), stack_name)  # type: ignore[arg-type]


def is_allowed(action: str, resource: str) -> bool:
    """Whether a statement names the action, and the resource or what begins as it does."""
    return any(
        action in listed(statement["Action"]) and any(_fits(each, resource) for each in listed(statement["Resource"]))
        for statement in policy()["Statement"]
    )


def _fits(pattern: str, resource: str) -> bool:
    return resource.startswith(pattern.removesuffix("*")) if pattern.endswith("*") else pattern == resource


def needs() -> Iterator[tuple[str, str]]:
    for resource_type in sorted({each["Type"] for each in transformed()["Resources"].values()}):
        yield from (
            (resource_type, action) for action in sorted(handlers()[resource_type]) if is_needed(action, resource_type)
        )


@pytest.mark.parametrize(("resource_type", "action"), list(needs()))
def test_what_cloudformation_needs_for_each_resource_is_allowed(resource_type: str, action: str) -> None:
    resource = NAMES["AWS::IAM::Role" if action.endswith(("Role", "RolePolicy")) else resource_type]

    assert is_allowed(action, resource)


def test_the_transform_of_sam_is_allowed() -> None:
    assert is_allowed(
        "cloudformation:CreateChangeSet", f"arn:aws:cloudformation:{REGION}:aws:transform/Serverless-2016-10-31"
    )


def test_no_action_is_a_wildcard_and_nothing_of_other_stacks_is_named() -> None:
    for statement in policy()["Statement"]:
        assert not [action for action in listed(statement["Action"]) if "*" in action]
        if statement["Sid"] != "WhatHasNoResource":
            names = [each for each in listed(statement["Resource"]) if "transform" not in each]
            assert all("awsit" in each for each in names)


@pytest.mark.parametrize("stack_name", ["awsit", "s" * 44])
def test_it_fits_into_a_managed_policy(stack_name: str) -> None:
    assert len(json.dumps(policy(stack_name), separators=(",", ":"))) <= LARGEST_MANAGED_POLICY
