"""What a person names a run by: its ID, or its execution's ARN."""

from __future__ import annotations

import re
from typing import NamedTuple

from awsit.errors import UsageError
from awsit.reporting.console_link import EXECUTION_ARN

RUN_ID = re.compile(r"run-[0-9A-HJKMNP-TV-Z]{26}")


class Place(NamedTuple):
    """Where an execution is."""

    region: str
    state_machine_arn: str


def check(reference: str) -> str:
    """The reference, if it is of a known form. Raises UsageError."""
    if RUN_ID.fullmatch(reference) or EXECUTION_ARN.fullmatch(reference):
        return reference
    kind = "the ARN of an execution" if reference.startswith("arn:") else "a run ID or an execution ARN"
    raise UsageError(
        f"{reference!r} is not {kind}",
        code="malformed_arn",
        hint="a run ID looks like run-01J9ZK3M4N5P6Q7R8S9T0V1W2X, "
        "an ARN like arn:aws:states:REGION:ACCOUNT:execution:STATE_MACHINE:NAME; `awsit run` prints both",
    )


def region_of(arn: str) -> str:
    """The region that an ARN names; empty for anything else."""
    parts = arn.split(":")
    return parts[3] if len(parts) > 3 and parts[0] == "arn" else ""  # noqa: PLR2004 - arn:partition:service:region


def state_machine_of(reference: str) -> str:
    """The state machine's ARN, from an execution's; empty for a run ID."""
    found = EXECUTION_ARN.fullmatch(reference)
    if not found:
        return ""
    return f"arn:{found['partition']}:states:{found['region']}:{found['account']}:stateMachine:{found['machine']}"
