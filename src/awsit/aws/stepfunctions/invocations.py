"""Whether an invocation that the state machine retries may have run.

Lambda refuses an invocation with 429, `TooManyRequestsException`, before the function runs (AWS Lambda API Reference,
"Invoke", section "Errors"); Step Functions names it `Lambda.TooManyRequestsException` in the execution's history. Of
every other error, a function that was cut off included, it is not known how far the function came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import takewhile
from typing import Any

from awsit.aws.stepfunctions.execution import Execution
from awsit.model.ports import Aws

CLEANUP_STATE = "CleanUpItem"
"""The state of `test_flow.asl.json` that calls a clean-up step; one of its kind runs at a time."""

THROTTLED = "Lambda.TooManyRequestsException"
MOST_EVENTS = 200
"""The events that are read: a retry adds three, and the state is retried 28 times at most."""


def may_have_run(aws: Aws, execution: Execution, retries: int) -> bool:
    """Whether one of so many earlier invocations of the clean-up state may have run; read only where there are any.

    They may, unless the history tells of each that it was throttled: it is eventually consistent (AWS Step Functions
    API Reference, "GetExecutionHistory"), so that the newest events may be missing.
    """
    if not retries:
        return False
    with suppress(Exception):  # what cannot be read proves nothing
        newest = aws.client("stepfunctions").get_execution_history(
            executionArn=execution.arn, reverseOrder=True, maxResults=MOST_EVENTS, includeExecutionData=False
        )["events"]
        return _errors_since_entered(newest) != [THROTTLED] * retries
    return True


def _errors_since_entered(newest_first: Iterable[Mapping[str, Any]]) -> list[str]:
    """The error of each event that has one, since the state was entered."""
    since = takewhile(lambda event: not _is_entry(event), newest_first)
    details = (value for event in since for name, value in event.items() if name.endswith("EventDetails"))
    return [str(each["error"]) for each in details if "error" in each]


def _is_entry(event: Mapping[str, Any]) -> bool:
    return bool(event.get("stateEnteredEventDetails", {}).get("name") == CLEANUP_STATE)
