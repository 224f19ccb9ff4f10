"""Where a deployed awsit lives: the names of what its stack made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from awsit.aws.client import errors
from awsit.errors import EnvironmentFailure, UsageError
from awsit.model.ports import Aws

DEFAULT_STACK = "awsit"
STATE_MACHINE_ARN = re.compile(r"arn:aws[\w-]*:states:[a-z0-9-]+:\d{12}:stateMachine:[^:\s]+(:[^:\s]+)?")

_OUTPUTS = {
    "state_machine_arn": "StateMachineArn",
    "bucket": "BucketName",
    "table": "TableName",
    "function_name": "FunctionName",
    "function_log_group": "FunctionLogGroup",
    "state_machine_log_group": "StateMachineLogGroup",
}
_TAGS = {
    "bucket": "awsit:bucket",
    "table": "awsit:table",
    "function_name": "awsit:function",
    "function_log_group": "awsit:function-log-group",
    "state_machine_log_group": "awsit:log-group",
}


@dataclass(frozen=True, slots=True)
class Installation:
    """The names that the CLI needs; ARNs and names as AWS spells them."""

    state_machine_arn: str
    bucket: str
    table: str
    function_name: str
    function_log_group: str
    state_machine_log_group: str


def from_stack(aws: Aws, stack_name: str = DEFAULT_STACK) -> Installation:
    """The installation that a stack's outputs name. Raises EnvironmentFailure when there is none."""
    with errors.reported(f"read the stack {stack_name}"):
        stacks = aws.client("cloudformation").describe_stacks(StackName=stack_name)["Stacks"]
    outputs = {item["OutputKey"]: item["OutputValue"] for item in stacks[0].get("Outputs", ())}
    return _installation(
        _OUTPUTS,
        outputs,
        f"the stack {stack_name} is not an awsit stack, or its deployment has not succeeded",
    )


def from_state_machine(aws: Aws, arn: str) -> Installation:
    """The installation that a state machine's tags name. Raises UsageError when `arn` is not one of a state machine."""
    if not STATE_MACHINE_ARN.fullmatch(arn):
        raise UsageError(
            f"{arn!r} is not the ARN of a state machine",
            code="malformed_arn",
            hint="it looks like arn:aws:states:REGION:ACCOUNT:stateMachine:NAME; `awsit deploy` prints it",
        )
    with errors.reported(f"read the state machine {arn}"):
        # an unknown one has no tags on some emulators; describing it says so everywhere
        aws.client("stepfunctions").describe_state_machine(stateMachineArn=arn)
        tags = aws.client("stepfunctions").list_tags_for_resource(resourceArn=arn)["tags"]
    values = {tag["key"]: tag["value"] for tag in tags}
    return _installation(
        _TAGS, values, f"the state machine {arn} was not deployed by this version of awsit", state_machine_arn=arn
    )


def _installation(names: Mapping[str, str], values: Mapping[str, str], problem: str, **known: str) -> Installation:
    missing = sorted(name for name in names.values() if name not in values)
    if missing:
        raise EnvironmentFailure(
            f"{problem}: {', '.join(missing)} not found",
            code="not_an_installation",
            hint="run `awsit deploy`, or name another stack",
        )
    return Installation(**known, **{field: values[name] for field, name in names.items()})
