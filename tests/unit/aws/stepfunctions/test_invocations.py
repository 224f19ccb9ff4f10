"""Whether an invocation that is retried may have run, by histories in the shape of Step Functions' own."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.unit.aws.fakes import FakeAws, client_error

from awsit.aws.stepfunctions.execution import Execution
from awsit.aws.stepfunctions.invocations import THROTTLED, may_have_run

ARN = "arn:aws:states:eu-west-1:123456789012:execution:awsit-test-flow:run-01J00000000000000000000000"
EXECUTION = Execution(ARN, "run-01J00000000000000000000000")
CUT_OFF = "Sandbox.Timedout"


class StepFunctions:
    """An execution whose clean-up state was entered, and whose invocations ended with these errors."""

    def __init__(self, *errors: str, before: str = "", refused: ClientError | None = None) -> None:
        earlier = [failed(before)] if before else []
        entered = {"type": "TaskStateEntered", "stateEnteredEventDetails": {"name": "CleanUpItem"}}
        events = [*earlier, entered, *(event for error in errors for event in (STARTED, failed(error))), STARTED]
        self._events = [{"id": number, **event} for number, event in enumerate(events, start=1)]
        self._refused = refused
        self.reads = 0

    def get_execution_history(self, *, executionArn: str, maxResults: int, **arguments: Any) -> Any:  # noqa: N803
        self.reads += 1
        assert executionArn == ARN
        assert arguments == {"reverseOrder": True, "includeExecutionData": False}
        if self._refused:
            raise self._refused
        return {"events": self._events[::-1][:maxResults]}


STARTED = {"type": "LambdaFunctionStarted"}


def failed(error: str) -> dict[str, Any]:
    return {"type": "LambdaFunctionFailed", "lambdaFunctionFailedEventDetails": {"error": error, "cause": "Rate"}}


@pytest.mark.parametrize(
    ("client", "retries", "expected"),
    [
        (StepFunctions(THROTTLED), 1, False),
        (StepFunctions(*[THROTTLED] * 28), 28, False),
        (StepFunctions(THROTTLED, before=CUT_OFF), 1, False),
        (StepFunctions(CUT_OFF), 1, True),
        (StepFunctions(CUT_OFF, THROTTLED), 2, True),
        (StepFunctions(THROTTLED, "Lambda.ServiceException"), 2, True),
        (StepFunctions("Lambda.SdkClientException"), 1, True),
        (StepFunctions(THROTTLED), 2, True),
        (StepFunctions(), 1, True),
        (StepFunctions(refused=client_error("ThrottlingException")), 1, True),
    ],
)
def test_only_what_was_throttled_each_time_surely_did_not_run(
    client: StepFunctions, retries: int, expected: bool
) -> None:
    assert may_have_run(FakeAws(stepfunctions=client), EXECUTION, retries) is expected


def test_nothing_is_read_of_what_was_not_retried() -> None:
    client = StepFunctions()
    assert not may_have_run(FakeAws(stepfunctions=client), EXECUTION, 0)
    assert client.reads == 0
