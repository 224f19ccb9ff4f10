"""Executions of the state machine: what Step Functions itself knows of a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from awsit.aws.client import errors
from awsit.aws.stepfunctions.execution import Execution
from awsit.errors import UsageError
from awsit.model.ports import Aws
from awsit.model.result import RunStatus
from awsit.system.clock import iso

_HINT = "give a run ID (run-…) or an execution ARN (arn:aws:states:REGION:ACCOUNT:execution:…); `awsit run` prints both"
_ENDS = {"ABORTED": RunStatus.CANCELLED, "TIMED_OUT": RunStatus.TIMED_OUT, "FAILED": RunStatus.ERROR}


@dataclass(frozen=True, slots=True)
class ExecutionState:
    """An execution at one moment. `status` as Step Functions spells it; `cause` when it failed."""

    execution: Execution
    status: str
    started_at: str
    stopped_at: str
    cause: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen in it."""
        return self.status not in {"RUNNING", "PENDING_REDRIVE"}

    @property
    def verdict(self) -> RunStatus:
        """What the end of the execution says of the run, where the run's own record says nothing."""
        return _ENDS.get(self.status, RunStatus.RUNNING)


def arn_of(state_machine_arn: str, reference: str) -> str:
    """The execution ARN of a run ID, or the ARN that was given. Raises UsageError when it is neither."""
    if reference.startswith("run-"):
        return f"{state_machine_arn.replace(':stateMachine:', ':execution:')}:{reference}"
    parts = reference.split(":")
    if len(parts) < 8 or parts[0] != "arn" or parts[2] != "states" or parts[5] != "execution":  # noqa: PLR2004 - of an ARN
        raise UsageError(f"{reference!r} is neither a run ID nor an execution ARN", code="malformed_arn", hint=_HINT)
    return reference


def describe(aws: Aws, arn: str) -> ExecutionState:
    """The execution as it stands. Raises EnvironmentFailure when there is none."""
    with errors.reported(f"find the execution {arn.rsplit(':', 1)[-1]}"):
        told = aws.client("stepfunctions").describe_execution(executionArn=arn)
    started = iso(told["startDate"])
    event = {"execution": {"id": arn, "name": told["name"], "started_at": started}}
    return ExecutionState(Execution.of(event), told["status"], started, _iso(told.get("stopDate")), _cause(told))


def _iso(moment: datetime | None) -> str:
    return iso(moment) if moment else ""


def _cause(told: dict[str, Any]) -> str:
    return ": ".join(filter(None, (told.get("error"), told.get("cause"))))
