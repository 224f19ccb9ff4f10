"""ARNs of the resources that operations work on, from the members of their input that name them.

Source: Service Authorization Reference, the tables of resource types
(https://docs.aws.amazon.com/service-authorization/latest/reference/). Whatever is not listed is `*`.
"""

from __future__ import annotations

from collections.abc import Mapping

from awsit.actions.arns import arn_pattern, unqualified_machine
from awsit.model.json import Json
from awsit.model.permissions import ANY, AwsLocation

MEMBERS: Mapping[str, Mapping[str, str]] = {
    "cloudformation": {"StackName": "stack/{}/*"},
    "cognito-idp": {"UserPoolId": "userpool/{}"},
    "dynamodb": {"TableName": "table/{}"},
    "ecr": {"repositoryName": "repository/{}"},
    "firehose": {"DeliveryStreamName": "deliverystream/{}"},
    "kinesis": {"StreamARN": "stream/{}", "StreamName": "stream/{}"},
    "kms": {"KeyId": "key/{}"},
    "lambda": {"FunctionName": "function:{}"},
    "logs": {"logGroupName": "log-group:{}:*"},
    "secretsmanager": {"SecretId": "secret:{}-??????"},
    "sns": {"TopicArn": "{}", "TargetArn": "{}"},
    "sqs": {"QueueUrl": "{}", "QueueName": "{}"},
    "ssm": {"Name": "parameter/{}"},
    "states": {
        "stateMachineArn": "stateMachine:{}",
        "executionArn": "execution:{}",
        "activityArn": "activity:{}",
    },
}
"""By IAM prefix: members of an operation's input that name its resource, and the last part of the ARN."""

ON_ANY_RESOURCE = frozenset(
    {
        "cloudformation:CreateGeneratedTemplate",
        "dynamodb:ListBackups",
        "dynamodb:ListContributorInsights",
        "kinesis:DisableEnhancedMonitoring",
        "kinesis:EnableEnhancedMonitoring",
        "kinesis:UpdateShardCount",
        "kinesis:UpdateStreamMode",
        "kms:ListAliases",
        "lambda:CreateEventSourceMapping",
        "lambda:ListEventSourceMappings",
        "lambda:UpdateEventSourceMapping",
        "logs:DescribeQueries",
    }
)
"""IAM actions whose operations have a member of `MEMBERS`, but which IAM knows on no resource, or on another one."""

ON_RULES = frozenset({"PutRule", "DeleteRule", "DescribeRule", "EnableRule", "DisableRule"})
"""IAM actions of EventBridge whose operations call a rule `Name`; others call it `Rule`."""

S3_OBJECTS = ("GetObject", "PutObject", "DeleteObject", "RestoreObject", "AbortMultipart", "ListMultipartUploadParts")
"""Beginnings of the IAM actions on objects; all others of S3 are on the bucket."""


def resource_of(prefix: str, action: str, api_params: Mapping[str, Json], location: AwsLocation) -> str:
    """The ARN of the resource on which an operation with these params needs `prefix:action`."""
    if prefix == "s3":
        return _of_s3(action, api_params, location)
    if prefix == "events":
        return _of_rule(api_params.get("Name" if action in ON_RULES else "Rule"), api_params, location)
    if f"{prefix}:{action}" in ON_ANY_RESOURCE or (prefix == "ssm" and "Parameter" not in action):
        return ANY
    for member, template in MEMBERS.get(prefix, {}).items():
        value = api_params.get(member)
        if isinstance(value, str):
            return _arn(prefix, template, arn_pattern(value), location)
    return ANY


def _arn(prefix: str, template: str, known: str, location: AwsLocation) -> str:
    if known.startswith("arn:"):
        return unqualified_machine(known)
    if prefix == "sqs":  # the URL ends with the account and the queue's name
        known = known.rsplit("/", 1)[-1]
    if prefix == "ssm":  # `parameter/orders/url` is the parameter `/orders/url`; names of log groups keep their slash
        known = known.lstrip("/")
    resource = template.format(known)
    return location.arn(prefix, resource.replace(f"{ANY}-??????", ANY).replace(f"{ANY}:{ANY}", ANY))


def _of_rule(name: Json, api_params: Mapping[str, Json], location: AwsLocation) -> str:
    """The ARN of a rule, which names its bus unless that is the default one; `*` for what works on no rule."""
    if not isinstance(name, str):
        return ANY
    bus = arn_pattern(str(api_params.get("EventBusName", "default"))).rpartition("/")[2]
    return location.arn(
        "events", f"rule/{arn_pattern(name)}" if bus == "default" else f"rule/{bus}/{arn_pattern(name)}"
    )


def _of_s3(action: str, api_params: Mapping[str, Json], location: AwsLocation) -> str:
    bucket = api_params.get("Bucket")
    if not isinstance(bucket, str):
        return ANY
    known = arn_pattern(bucket)
    known = known if known.startswith("arn:") else location.global_arn("s3", known)
    source = api_params.get("CopySource")
    if source is not None and action.startswith("GetObject"):
        named = source if isinstance(source, str) else f"{source.get('Bucket', ANY)}/{source.get('Key', ANY)}"
        return location.global_arn("s3", arn_pattern(named).lstrip("/").split("?")[0])
    if action.startswith(S3_OBJECTS):
        key = api_params.get("Key")
        return f"{known}/{arn_pattern(key) if isinstance(key, str) else ANY}"
    return known
