"""Addresses in the AWS console: of an execution, a dashboard and a trace."""

from __future__ import annotations

from awsit.patterns import lazy_pattern

EXECUTION_ARN = lazy_pattern(
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
    return _page(arn, "states", f"/v2/executions/details/{arn}") if EXECUTION_ARN.fullmatch(arn) else ""


def dashboard_link(state_machine_arn: str, stack: str) -> str:
    """The address of the stack's dashboard, whose name has the region; empty where there is no console."""
    region = state_machine_arn.split(":")[3]
    return _page(state_machine_arn, "cloudwatch", f"dashboards/dashboard/{stack}-{region}")


def trace_link(arn: str, trace_id: str) -> str:
    """The address of a trace in the account of an ARN; empty where there is no console."""
    return _page(arn, "cloudwatch", f"xray:traces/{trace_id}")


def _page(arn: str, service: str, fragment: str) -> str:
    """The address of a page of a service, in the account and region of the ARN; empty where there is no console."""
    _, partition, _, region, account, *_ = arn.split(":")
    host = CONSOLES.get(partition)
    if not host or account == EMULATED_ACCOUNT:
        return ""
    return f"https://{region}.{host}/{service}/home?region={region}#{fragment}"
