"""The address of an execution in the AWS console."""

from __future__ import annotations

import re

EXECUTION_ARN = re.compile(
    r"arn:(?P<partition>aws[\w-]*):states:(?P<region>[a-z0-9-]+):(?P<account>\d{12})"
    r":execution:(?P<machine>[^:\s]+):(?P<name>[^:\s]+)"
)
CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
EMULATED_ACCOUNT = "000000000000"
"""The account ID of an emulated AWS, which has no console."""


def console_link(arn: str) -> str:
    """The address of the execution's page; empty for an ARN of a partition or an account that has no console."""
    match = EXECUTION_ARN.fullmatch(arn)
    host = CONSOLES.get(match["partition"]) if match else None
    if not match or not host or match["account"] == EMULATED_ACCOUNT:
        return ""
    region = match["region"]
    return f"https://{region}.{host}/states/home?region={region}#/v2/executions/details/{arn}"
