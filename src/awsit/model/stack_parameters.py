"""The parameters of awsit's stack that allow its function something, and what to put into them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from awsit.model.permissions import Permission

POLICIES = "ActionPolicyArns"
"""Managed policies: for everything that no other parameter allows."""

ACTIONS: Mapping[str, frozenset[str]] = {
    "AllowedTableArns": frozenset(
        {
            "dynamodb:GetItem",
            "dynamodb:BatchGetItem",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:DescribeTable",
        }
    ),
    "AllowedFunctionArns": frozenset({"lambda:InvokeFunction", "lambda:InvokeFunctionUrl"}),
    "AllowedApiArns": frozenset({"execute-api:Invoke"}),
    "AllowedQueueArns": frozenset(
        {
            "sqs:SendMessage",
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:PurgeQueue",
            "sqs:GetQueueAttributes",
            "sqs:GetQueueUrl",
        }
    ),
    "AllowedTopicArns": frozenset({"sns:Publish", "sns:Subscribe", "sns:ListSubscriptionsByTopic"}),
    "AllowedBusArns": frozenset(
        {
            "events:PutEvents",
            "events:PutRule",
            "events:TagResource",
            "events:PutTargets",
            "events:RemoveTargets",
            "events:DeleteRule",
        }
    ),
    "AllowedBucketArns": frozenset(
        {
            "s3:ListBucket",
            "s3:GetBucketNotification",
            "s3:GetObject",
            "s3:GetObjectVersion",
            "s3:GetObjectVersionTagging",
            "s3:PutObject",
            "s3:PutObjectTagging",
            "s3:DeleteObject",
        }
    ),
    "AllowedStreamArns": frozenset(
        {
            "kinesis:PutRecords",
            "kinesis:ListShards",
            "kinesis:GetShardIterator",
            "kinesis:GetRecords",
            "dynamodb:DescribeStream",
            "dynamodb:GetShardIterator",
            "dynamodb:GetRecords",
        }
    ),
    "AllowedStateMachineArns": frozenset(
        {
            "states:StartExecution",
            "states:StartSyncExecution",
            "states:ListExecutions",
            "states:DescribeStateMachine",
            "states:DescribeExecution",
            "states:GetExecutionHistory",
            "states:StopExecution",
        }
    ),
    "AllowedLogGroupArns": frozenset({"logs:FilterLogEvents", "logs:StartQuery"}),
    "AllowedSecretArns": frozenset({"secretsmanager:GetSecretValue"}),
    "AllowedParameterArns": frozenset({"ssm:GetParameter"}),
    "AllowedKeyArns": frozenset({"kms:Decrypt", "kms:GenerateDataKey"}),
    "AllowedRoleArns": frozenset({"sts:AssumeRole"}),
    "AllowedStackArns": frozenset({"cloudformation:DescribeStacks", "cloudformation:ListStackResources"}),
}
"""The IAM actions that a list of ARNs allows, by parameter, as in `infra/template.yaml`."""

SWITCHES: Mapping[str, str] = {"xray:BatchGetTraces": "AllowTraces"}
"""The parameters that are `true` or `false`, by the IAM action that they allow on all there is."""

TAP_SOURCES = ("AllowedBusArns", "AllowedTopicArns", "AllowedBucketArns", "AllowedQueueArns")
"""Any of these that lists something allows what is the taps' own, whatever they listen to."""

TAPS = "awsit-"
"""What the names of taps' queues and rules begin with."""

_ENDS = {"AllowedTableArns": "/index/", "AllowedBucketArns": "/", "AllowedLogGroupArns": ":*"}
"""What follows the ARN that is listed in that of a part of it: an index, an object, a stream."""

_WITH_ANOTHER = {
    "states:TestState": "AllowedStateMachineArns",
    "logs:GetQueryResults": "AllowedLogGroupArns",
    "logs:StopQuery": "AllowedLogGroupArns",
}
"""Have no resource: allowed with any of what the parameter lists, which another permission of the same action names."""

_NAMED_PARTS = 7
"""How many parts the ARN of a function or a state machine has without its version or alias."""


def is_own_of_taps(permission: Permission) -> bool:
    """Whether it is allowed with the source of a tap, whichever that is: of its queue, or to end its subscription."""
    service, _, name = permission.resource.partition(":sqs:")
    is_queue = bool(service) and name.rpartition(":")[2].startswith(TAPS)
    return is_queue or permission.action == "sns:Unsubscribe"


def comes_with_another(permission: Permission) -> bool:
    """Whether the parameter that allows it is named by another permission of the same action."""
    return is_own_of_taps(permission) or permission.action in _WITH_ANOTHER


def parameter_for(permission: Permission) -> tuple[str, str]:
    """The parameter that allows it, and the ARN to list there; empty when it takes policies, or no ARN is known.

    For a parameter of `SWITCHES`, it is `true` in place of the ARN.
    """
    if ":rule/" in permission.resource:
        return _of_rule(permission.resource)
    if permission.action in _WITH_ANOTHER:
        return _WITH_ANOTHER[permission.action], ""
    names = (name for name, actions in ACTIONS.items() if permission.action in actions)
    name = SWITCHES.get(permission.action) or next(names, POLICIES)
    if name in _ENDS:
        return name, permission.resource.partition(_ENDS[name])[0]
    if name == "AllowedStateMachineArns":
        machine = permission.resource.replace(":execution:", ":stateMachine:")
        return name, ":".join(machine.split(":")[:_NAMED_PARTS])
    if name == "AllowedFunctionArns":
        return name, ":".join(permission.resource.split(":")[:_NAMED_PARTS])
    without_arn = {POLICIES: "", **dict.fromkeys(SWITCHES.values(), "true")}
    return name, without_arn.get(name, permission.resource)


def _of_rule(arn: str) -> tuple[str, str]:
    """Of a tap's rule, its bus is what is listed. ARNs are `…:rule/BUS/NAME`, and `…:rule/NAME` of the default bus."""
    place, _, path = arn.partition(":rule/")
    bus, _, name = path.rpartition("/")
    return ("AllowedBusArns", f"{place}:event-bus/{bus or 'default'}") if name.startswith(TAPS) else (POLICIES, "")


def deployment_for(permission: Permission) -> str:
    """What to deploy so that the actions of awsit's own stack may do it."""
    if is_own_of_taps(permission):
        return f"`awsit deploy` with what `listen` hears in one of {', '.join(TAP_SOURCES)}"
    parameter, arn = parameter_for(permission)
    if parameter == POLICIES:
        return (
            f"`awsit deploy --parameter {parameter}=ARN` of a policy that allows it; `awsit plan --policy` writes one"
        )
    value = shlex.quote(f"{parameter}={arn or 'ARN'}")
    more = "" if permission.action in SWITCHES else ", after those that it lists already, with commas"
    return f"`awsit deploy --parameter {value}`{more}"
