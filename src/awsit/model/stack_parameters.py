"""The parameters of awsit's stack that allow its function something, and what to put into them."""

from __future__ import annotations

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
    "AllowedTopicArns": frozenset({"sns:Publish"}),
    "AllowedBusArns": frozenset({"events:PutEvents"}),
    "AllowedBucketArns": frozenset(
        {"s3:ListBucket", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:DeleteObject"}
    ),
    "AllowedStreamArns": frozenset(
        {"kinesis:PutRecords", "kinesis:ListShards", "kinesis:GetShardIterator", "kinesis:GetRecords"}
    ),
    "AllowedStateMachineArns": frozenset(
        {
            "states:StartExecution",
            "states:StartSyncExecution",
            "states:DescribeExecution",
            "states:GetExecutionHistory",
            "states:StopExecution",
        }
    ),
    "AllowedLogGroupArns": frozenset({"logs:FilterLogEvents"}),
    "AllowedSecretArns": frozenset({"secretsmanager:GetSecretValue"}),
    "AllowedParameterArns": frozenset({"ssm:GetParameter"}),
    "AllowedKeyArns": frozenset({"kms:Decrypt"}),
    "AllowedRoleArns": frozenset({"sts:AssumeRole"}),
    "AllowedStackArns": frozenset({"cloudformation:DescribeStacks", "cloudformation:ListStackResources"}),
}
"""The IAM actions that a list of ARNs allows, by parameter, as in `infra/template.yaml`."""

_NAMED_PARTS = 7
"""How many parts the ARN of a function or a state machine has without its version or alias."""


def parameter_for(permission: Permission) -> tuple[str, str]:
    """The parameter that allows it, and the ARN to list there; the ARN is empty when it takes policies."""
    names = (name for name, actions in ACTIONS.items() if permission.action in actions)
    name = next(names, POLICIES)
    if name == "AllowedTableArns":
        return name, permission.resource.partition("/index/")[0]
    if name == "AllowedBucketArns":
        return name, permission.resource.partition("/")[0]
    if name == "AllowedLogGroupArns":
        return name, permission.resource.removesuffix(":*")
    if name == "AllowedStateMachineArns":
        machine = permission.resource.replace(":execution:", ":stateMachine:")
        return name, ":".join(machine.split(":")[:_NAMED_PARTS])
    if name == "AllowedFunctionArns":
        return name, ":".join(permission.resource.split(":")[:_NAMED_PARTS])
    return name, "" if name == POLICIES else permission.resource
