"""The event history of an execution, as log lines.

Source: AWS Step Functions API reference, `GetExecutionHistory` and `HistoryEvent`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from awsit.aws.client import errors
from awsit.aws.logs.line import LogLine
from awsit.model.json import Json, exact
from awsit.model.ports import Aws
from awsit.system.clock import iso

_BAD_ENDS = ("Failed", "TimedOut", "Aborted")
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def execution_lines(aws: Aws, execution_arn: str) -> Iterator[LogLine]:
    """A line for each event, oldest first, read a page at a time. The states' inputs and outputs are left out."""
    for event in _events(aws, execution_arn, newest_first=False):
        yield _line(event)


def execution_lines_after(aws: Aws, execution_arn: str, last_id: int) -> tuple[list[LogLine], int]:
    """The lines of the events after event `last_id`, oldest first, and the ID of the newest event.

    Reads from the newest event backwards, so that old pages are not read again.
    """
    new_events: list[dict[str, Any]] = []
    for event in _events(aws, execution_arn, newest_first=True):
        if event["id"] <= last_id:
            break
        new_events.append(event)
    return [_line(event) for event in reversed(new_events)], new_events[0]["id"] if new_events else last_id


def describe(event: Mapping[str, Any]) -> str:
    """The text of an event: `ExecuteAtomicAction: task state entered`, `execution failed: States.Timeout: …`."""
    details = _details(event)
    words = _WORD.sub(" ", str(event["type"])).lower()
    name, index = details.get("name", ""), details.get("index")
    state = f"{name}[{index}]" if index is not None else name
    text = f"{state}: {words}" if state else words
    reason = ": ".join(str(details[key]) for key in ("error", "cause") if details.get(key))
    return f"{text}: {reason}" if reason else text


def _details(event: Mapping[str, Any]) -> Mapping[str, Any]:
    return next((value for key, value in event.items() if key.endswith("EventDetails") and value), {})


def _events(aws: Aws, execution_arn: str, *, newest_first: bool) -> Iterator[dict[str, Any]]:
    with errors.reported(f"read the history of {execution_arn.rsplit(':', 1)[-1]}"):
        pages = aws.client("stepfunctions").get_paginator("get_execution_history")
        for page in pages.paginate(
            executionArn=execution_arn,
            reverseOrder=newest_first,
            includeExecutionData=False,  # the input contains the user's environment, and a log is often shared
        ):
            yield from page["events"]


def _line(event: Mapping[str, Any]) -> LogLine:
    is_error = str(event["type"]).endswith(_BAD_ENDS)
    return LogLine(iso(event["timestamp"]), "history", describe(event), _plain(event), is_error)


def _plain(event: Mapping[str, Any]) -> Json:
    return exact({key: iso(value) if isinstance(value, datetime) else value for key, value in event.items()})
