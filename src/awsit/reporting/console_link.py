"""Where an execution is shown in the AWS console."""

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
NO_ACCOUNT = "000000000000"
"""The account of an emulated AWS, which has no console."""


def console_link(arn: str) -> str:
    """The execution's page in the AWS console; empty when there is none."""
    found = EXECUTION_ARN.fullmatch(arn)
    host = CONSOLES.get(found["partition"]) if found else None
    if not found or not host or found["account"] == NO_ACCOUNT:
        return ""
    region = found["region"]
    return f"https://{region}.{host}/states/home?region={region}#/v2/executions/details/{arn}"
