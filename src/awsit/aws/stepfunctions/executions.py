"""Executions of the state machine as Step Functions describes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from msgspec import Struct

from awsit.aws.client import errors
from awsit.aws.stepfunctions.execution import Execution
from awsit.engine.store.records import Closing
from awsit.errors import AwsitError, Effect, EnvironmentFailure, UsageError
from awsit.model.ports import Aws
from awsit.model.result import ErrorInfo, RunStatus
from awsit.system.clock import iso

_HINT = "give a run ID (run-…) or an execution ARN (arn:aws:states:REGION:ACCOUNT:execution:…); `awsit run` prints both"

LAST_EVENTS = 50
"""How many events of an execution, the newest, are read for the failure that kept it from its report."""

UNKNOWN = "unknown_execution"
"""The code of an execution that is not there."""

SHOWN_WITHIN_SECONDS = 30.0
"""How long after its start an execution may not be shown yet: no figure of AWS's, which gives none."""

FAILED = Closing(
    RunStatus.ERROR,
    ErrorInfo("platform", "The execution failed before it reported.", "`awsit logs` with this run's ID shows why."),
)
ENDS = {
    "ABORTED": Closing(RunStatus.CANCELLED, ErrorInfo("stopped", "The execution was stopped.")),
    "TIMED_OUT": Closing(
        RunStatus.TIMED_OUT, ErrorInfo("run_timeout", "The execution reached the time limit of the state machine.")
    ),
    "FAILED": FAILED,
}
"""How an execution that ended without a report ends its run, by its status."""


class ExecutionState(Struct, frozen=True):
    """An execution at one moment. `status` as Step Functions spells it; `cause` when it failed.

    `trace_id` is that of its X-Ray trace; empty when it was not traced.
    """

    execution: Execution
    status: str
    started_at: str
    stopped_at: str
    cause: str = ""
    trace_id: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen in it."""
        return self.status not in {"RUNNING", "PENDING_REDRIVE"}

    @property
    def verdict(self) -> RunStatus:
        """The verdict on a run whose own record has none: by how its execution ended."""
        return ENDS[self.status].verdict if self.status in ENDS else RunStatus.RUNNING


def arn_of(state_machine_arn: str, reference: str) -> str:
    """The execution ARN for a run ID, or the reference itself when it is one. Raises UsageError when it is neither."""
    if reference.startswith("run-"):
        return _arn(state_machine_arn, reference)
    match reference.split(":"):
        case ["arn", _, "states", _, _, "execution", _, _, *_]:
            return reference
    raise UsageError(f"{reference!r} is neither a run ID nor an execution ARN", code="malformed_arn", hint=_HINT)


def _arn(state_machine_arn: str, name: str) -> str:
    return f"{state_machine_arn.replace(':stateMachine:', ':execution:')}:{name}"


def begin(aws: Aws, state_machine_arn: str, name: str, started_with: str, doing: str) -> str:
    """Start an execution that nobody else starts under this name, and return its ARN; `doing` follows "could not".

    One whose answer was lost has begun all the same. Raises AwsitError when there is none, as far as is known.
    """
    client, arn = aws.client("stepfunctions"), _arn(state_machine_arn, name)
    exists = client.exceptions.ExecutionAlreadyExists  # the answer to the first call was lost
    try:
        with errors.reported(doing), suppress(exists):
            client.start_execution(stateMachineArn=state_machine_arn, name=name, input=started_with)
    except AwsitError as failure:
        _require_begun(aws, arn, failure)
    return arn


def _require_begun(aws: Aws, arn: str, failure: AwsitError) -> None:
    """Raise what kept an execution from its start, unless only the answers were lost, and it is there."""
    if not isinstance(failure.__cause__, Exception) or errors.effect_of(failure.__cause__) is Effect.NONE:
        raise failure
    try:
        describe(aws, arn)
    except AwsitError:
        unknown = f"{arn.rpartition(':')[2]} may have begun all the same: `awsit status` shows it"
        failure.hint = f"{failure.hint}; {unknown}" if failure.hint else unknown
        raise failure from failure.__cause__


def describe(aws: Aws, arn: str) -> ExecutionState:
    """The execution as it stands. Raises EnvironmentFailure when there is none."""
    with errors.reported(f"find the execution {arn.rsplit(':', 1)[-1]}"):
        answer = aws.client("stepfunctions").describe_execution(executionArn=arn)
    started = iso(answer["startDate"])
    event = {"execution": {"id": arn, "name": answer["name"], "started_at": started}}
    execution, stopped, trace_id = Execution.of(event), _iso(answer.get("stopDate")), _trace_id(answer)
    return ExecutionState(execution, answer["status"], started, stopped, _cause(answer), trace_id)


@contextmanager
def may_be_new(age_seconds: float) -> Iterator[None]:
    """A block whose look at an execution comes to nothing where that is not shown, so soon after its start.

    Source: Step Functions API Reference, "DescribeExecution": it is eventually consistent, and may not reflect very
    recent changes. ListMapRuns knows no execution before that either.
    """
    try:
        yield
    except EnvironmentFailure as failure:
        if failure.code != UNKNOWN or age_seconds > SHOWN_WITHIN_SECONDS:
            raise


def is_running(aws: Aws, arn: str) -> bool:
    """Whether an execution is not over; not where there is none, as of one that is not kept any more."""
    try:
        return not describe(aws, arn).is_over
    except EnvironmentFailure as failure:
        if failure.code != UNKNOWN:
            raise
        return False


def _trace_id(answer: Mapping[str, Any]) -> str:
    """The root of the trace header (AWS X-Ray developer guide, "Tracing header")."""
    fields = dict(part.split("=", 1) for part in answer.get("traceHeader", "").split(";") if "=" in part)
    return str(fields.get("Root", ""))


def no_report(aws: Aws, state: ExecutionState) -> ErrorInfo:
    """What is told of an execution that ended without a report: how, and the failure of its last task that failed."""
    cause = _last_failure(aws, state.execution.arn) or state.cause
    message = f"The execution ended as {state.status} without a report"
    message += f": {cause}" if cause else "."
    return ErrorInfo("no_report", message, "What is told of its clean-up is what the records say.")


def _last_failure(aws: Aws, arn: str) -> str:
    """Error and cause of the newest call of the function that failed; empty when none did, or nobody may know."""
    client = aws.client("stepfunctions")
    try:
        answer = client.get_execution_history(
            executionArn=arn, reverseOrder=True, maxResults=LAST_EVENTS, includeExecutionData=False
        )
    except client.exceptions.ClientError:
        return ""
    failures = (event.get("lambdaFunctionFailedEventDetails") for event in answer["events"])
    newest: dict[str, str] = next((each for each in failures if each), {})
    return ": ".join(filter(None, (newest.get("error"), newest.get("cause"))))


def _iso(moment: datetime | None) -> str:
    return iso(moment) if moment else ""


def _cause(answer: dict[str, Any]) -> str:
    return ": ".join(filter(None, (answer.get("error"), answer.get("cause"))))
