"""Calls that AWS itself makes with a role or policy of awsit, and requests that no SDK sends: no recording sees them.

Each names the page of AWS's documentation that says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.permissions.policies import HERE, PARAMETERS
from tests.permissions.records import Row
from tests.unit.aws.deployment import handlers
from tests.unit.infra.rendered import ARNS, STATE_MACHINE

from awsit.aws.deployment import package

FUNCTION_LOG = ARNS["FunctionLogGroup"].replace(":*", ":log-stream:one")
MOCKS_LOG = ARNS["MocksLogGroup"].replace(":*", ":log-stream:one")
FUNCTION = ARNS["AtomicLambdaInvoker"]
RUN = HERE.arn("states", "execution:awsit-test-flow:RUN")
SUITE_FLOW = HERE.arn("states", "stateMachine:awsit-suite-flow")
SUITE_EXECUTION = HERE.arn("states", "execution:awsit-suite-flow")
MANAGED_RULE = "StepFunctionsGetEventsForStepFunctionsExecutionRule"
STACK = HERE.arn("cloudformation", "stack/awsit/1f")

_LAMBDA, _STATES = "Lambda", "Step Functions"
_LOG_DELIVERY = ("Create", "Get", "Update", "Delete")
_LOG = (
    *(f"logs:{verb}LogDelivery" for verb in _LOG_DELIVERY),
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
)
_TRACES = ("xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets")

_ROWS = {
    # Lambda developer guide, "Defining Lambda function permissions with an execution role"
    ("function", f"{_LAMBDA}: log", FUNCTION_LOG): ("logs:CreateLogStream", "logs:PutLogEvents"),
    ("mocks", f"{_LAMBDA}: log", MOCKS_LOG): ("logs:CreateLogStream", "logs:PutLogEvents"),
    # Lambda developer guide, "Visualize Lambda function invocations using AWS X-Ray"
    ("function", f"{_LAMBDA}: traces", "*"): ("xray:PutTraceSegments", "xray:PutTelemetryRecords"),
    # Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC"
    ("function", f"{_LAMBDA}: network of a VPC", "*"): (
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses",
    ),
    # API Gateway developer guide, "Control access for invoking an API"
    ("actions", "signed http_call", PARAMETERS["AllowedApiArns"]): ("execute-api:Invoke",),
    # Lambda developer guide, "Control access to Lambda function URLs"
    ("actions", "signed http_call", PARAMETERS["AllowedFunctionArns"]): ("lambda:InvokeFunctionUrl",),
    ("actions", "signed http_call", f"{PARAMETERS['AllowedFunctionArns']}:live"): ("lambda:InvokeFunctionUrl",),
    ("actions", "lambda.Invoke", f"{PARAMETERS['AllowedFunctionArns']}:live"): ("lambda:InvokeFunction",),
    # Secrets Manager user guide, "Secret encryption and decryption in AWS Secrets Manager", section "Permissions"
    ("actions", "Secrets Manager, Parameter Store, DynamoDB: decrypt", PARAMETERS["AllowedKeyArns"]): ("kms:Decrypt",),
    # Amazon SQS developer guide, "Key management"; Amazon SNS developer guide, "Managing Amazon SNS encryption keys and
    # costs"; Amazon Kinesis developer guide, "Permissions to use user-generated KMS keys"; Amazon S3 user guide, "Using
    # server-side encryption with AWS KMS keys"
    ("actions", "SQS, SNS, Kinesis, S3: write encrypted", PARAMETERS["AllowedKeyArns"]): (
        "kms:Decrypt",
        "kms:GenerateDataKey",
    ),
    # which botocore assumes by itself, for the `at` of an action
    ("actions", "at: assume a role", PARAMETERS["AllowedRoleArns"]): ("sts:AssumeRole",),
    # Step Functions developer guide, "Using CloudWatch Logs to log execution history in Step Functions"
    ("state machine", f"{_STATES}: log", "*"): _LOG,
    ("suite flow", f"{_STATES}: log", "*"): _LOG,
    # Step Functions developer guide, "Trace Step Functions request data in AWS X-Ray"
    ("state machine", f"{_STATES}: traces", "*"): _TRACES,
    ("suite flow", f"{_STATES}: traces", "*"): _TRACES,
    # Step Functions developer guide, "IAM policies for using Distributed Map states"
    ("suite flow", f"{_STATES}: child executions", SUITE_FLOW): ("states:StartExecution",),
    ("suite flow", f"{_STATES}: child executions", f"{SUITE_EXECUTION}/MAP:1f"): (
        "states:DescribeExecution",
        "states:StopExecution",
    ),
    ("suite flow", f"{_STATES}: manifest and results", f"{ARNS['Bucket']}/suites/SUITE/manifest.json"): (
        "s3:GetObject",
    ),
    ("suite flow", f"{_STATES}: manifest and results", f"{ARNS['Bucket']}/suites/SUITE/results/1f/manifest.json"): (
        "s3:PutObject",
        "s3:ListMultipartUploadParts",
        "s3:AbortMultipartUpload",
    ),
    # Step Functions developer guide, "IAM policies for calling Step Functions workflows", section "Synchronous"
    ("suite flow", f"{_STATES}: runs", RUN): ("states:DescribeExecution", "states:StopExecution"),
    ("suite flow", f"{_STATES}: runs", HERE.arn("events", f"rule/{MANAGED_RULE}")): (
        "events:PutTargets",
        "events:PutRule",
        "events:DescribeRule",
    ),
    # EventBridge Scheduler user guide, "Set up the execution role"
    ("scheduler", "EventBridge Scheduler: start", STATE_MACHINE): ("states:StartExecution",),
    # a log group that only some versions of the CLI read
    ("run", "logs.FilterLogEvents", ARNS["StateMachineLogGroup"]): ("logs:FilterLogEvents",),
    ("look", "logs.FilterLogEvents", ARNS["StateMachineLogGroup"]): ("logs:FilterLogEvents",),
    # CloudFormation user guide, "View CloudFormation stack events": asked when a deployment fails
    ("deploy", "cloudformation.DescribeEvents", STACK): ("cloudformation:DescribeEvents",),
    ("deploy", "cloudformation.DeleteChangeSet", STACK): ("cloudformation:DeleteChangeSet",),
    # CloudFormation user guide, "Control access with IAM", section "Template macros"
    ("deploy", "CloudFormation: AWS::Serverless", HERE.arn("cloudformation", "transform/Serverless-2016-10-31")): (
        "cloudformation:CreateChangeSet",
    ),
}
"""IAM actions by caller, call and resource."""

_PASSED_TO = {
    "AWS::Lambda::Function": "lambda.amazonaws.com",
    "AWS::StepFunctions::StateMachine": "states.amazonaws.com",
}
NAMELESS = frozenset({"logs:DescribeLogGroups"})
"""Actions of CloudFormation that are allowed on all resources or on none (`ec2:` too)."""

DRAWN = {
    (
        "state machine",
        "lambda:GetFunctionConfiguration",
    ): "the architecture has it: Lambda Read of the role of Step Functions",
    **{
        ("actions", f"dynamodb:{name}"): "the ARN of a table's stream ends with when it was made: never twice the same"
        for name in ("DescribeStream", "GetShardIterator", "GetRecords")
    },
    ("actions", "logs:StopQuery"): "stops a query that has run for a minute; those of moto end at once",
}
"""Allowed actions without a call, each with its reason."""


def rows() -> Iterator[Row]:
    """All of them, those of the state machine's definition included."""
    for (caller, call, resource), actions in _ROWS.items():
        yield from (Row(caller, call, action, _in_aws(action, resource)) for action in actions)
    for resource_type, action in handlers.needs():
        if action == "iam:PassRole" and resource_type not in _PASSED_TO:
            continue  # of what the template's resources do not have: replication, targets with a role
        passed = (("iam:PassedToService", (_PASSED_TO[resource_type],)),) if action == "iam:PassRole" else ()
        resource = "*" if action in NAMELESS or action.startswith("ec2:") else handlers.named(resource_type, action)
        yield Row("deploy", f"CloudFormation: {resource_type}", action, resource, passed)
    for caller, name in (("state machine", "test_flow"), ("suite flow", "suite_flow")):
        definition = json.loads((package.infra_folder() / f"{name}.asl.json").read_text("utf-8"))
        yield from _of_the_definition(definition, caller)


def _in_aws(action: str, resource: str) -> str:
    """A transform belongs to the account `aws`."""
    return resource.replace(f":{HERE.account}:transform", ":aws:transform") if "cloudformation" in action else resource


def _of_the_definition(states: Any, caller: str) -> Iterator[Row]:
    """What the tasks of a state machine call, by their `Resource`. Objects in S3 are those of a distributed map."""
    for name, value in states.items() if isinstance(states, dict) else ():
        if name == "Resource" and value == "${FunctionArn}":
            yield from (Row(caller, "Task", "lambda:InvokeFunction", arn) for arn in (FUNCTION, f"{FUNCTION}:live"))
        elif name == "Resource" and ":::states:startExecution" in value:
            yield Row(caller, f"Task: {value.rpartition(':::')[2]}", "states:StartExecution", STATE_MACHINE)
        yield from _of_the_definition(value, caller)
