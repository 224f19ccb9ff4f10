"""What CloudFormation needs to make, change, read and remove the resources of the template.

Source: its registry of resource types (CloudFormation CLI user guide, "Resource type schema", `handlers`), as cfn-lint
has it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from cfnlint.data import schemas
from tests.unit.aws.fakes import ACCOUNT, REGION
from tests.unit.infra.rendered import transformed

NAMES = {
    "AWS::CloudWatch::Alarm": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:awsit-left-behind",
    "AWS::CloudWatch::Dashboard": f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/awsit-{REGION}",
    "AWS::DynamoDB::Table": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/awsit-RunsTable-1ABC",
    "AWS::Events::Rule": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/awsit-SweepRuns-1ABC",
    "AWS::IAM::ManagedPolicy": f"arn:aws:iam::{ACCOUNT}:policy/awsit-CliPolicy-1ABC",
    "AWS::IAM::Policy": f"arn:aws:iam::{ACCOUNT}:role/awsit-InvokerRole-1ABC",
    "AWS::IAM::Role": f"arn:aws:iam::{ACCOUNT}:role/awsit-ActionsRole-1ABC",
    "AWS::Lambda::Function": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:awsit-AtomicLambdaInvoker",
    "AWS::Lambda::Alias": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:awsit-AtomicLambdaInvoker:live",
    "AWS::Lambda::Version": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:awsit-AtomicLambdaInvoker:1",
    "AWS::Lambda::Permission": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:awsit-AtomicLambdaInvoker",
    "AWS::Lambda::Url": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:awsit-Mocks",
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
    *("lambda:AssociateRuntimeAlias", "lambda:PutFunctionScalingConfig", "codedeploy:"),
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


def named(resource_type: str, action: str) -> str:
    """The ARN of the resource on which an action is needed for resources of a type."""
    return NAMES["AWS::IAM::Role" if action.endswith(("Role", "RolePolicy")) else resource_type]


def needs() -> Iterator[tuple[str, str]]:
    """The type of each resource of the template, with each action that it needs."""
    for resource_type in sorted({each["Type"] for each in transformed()["Resources"].values()}):
        yield from (
            (resource_type, action) for action in sorted(handlers()[resource_type]) if is_needed(action, resource_type)
        )
