"""An execution's history as log lines.

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

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def history(aws: Aws, execution_arn: str) -> Iterator[LogLine]:
    """The events from the first to the last, a page at a time, without the states' inputs and outputs."""
    for event in _events(aws, execution_arn, newest_first=False):
        yield _line(event)


def history_after(aws: Aws, execution_arn: str, last_id: int) -> tuple[list[LogLine], int]:
    """The events after number `last_id`, oldest first, and the number of the last one. Reads only those pages."""
    found: list[dict[str, Any]] = []
    for event in _events(aws, execution_arn, newest_first=True):
        if event["id"] <= last_id:
            break
        found.append(event)
    return [_line(event) for event in reversed(found)], found[0]["id"] if found else last_id


def describe(event: Mapping[str, Any]) -> str:
    """An event in words: `ExecuteAtomicAction: task state entered`, `execution failed: States.Timeout: …`."""
    details = _details(event)
    words = _WORD.sub(" ", str(event["type"])).lower()
    name, index = details.get("name", ""), details.get("index")
    place = f"{name}[{index}]" if index is not None else name
    text = f"{place}: {words}" if place else words
    why = ": ".join(str(details[key]) for key in ("error", "cause") if details.get(key))
    return f"{text}: {why}" if why else text


def _details(event: Mapping[str, Any]) -> Mapping[str, Any]:
    return next((value for key, value in event.items() if key.endswith("EventDetails") and value), {})


def _events(aws: Aws, execution_arn: str, *, newest_first: bool) -> Iterator[dict[str, Any]]:
    with errors.reported(f"read the history of {execution_arn.rsplit(':', 1)[-1]}"):
        pages = aws.client("stepfunctions").get_paginator("get_execution_history")
        for page in pages.paginate(
            executionArn=execution_arn,
            reverseOrder=newest_first,
            includeExecutionData=False,  # what the person put into `env` is in the input, and a log is often shared
        ):
            yield from page["events"]


def _line(event: Mapping[str, Any]) -> LogLine:
    return LogLine(at=iso(event["timestamp"]), source="history", text=describe(event), raw=_plain(event))


def _plain(event: Mapping[str, Any]) -> Json:
    return exact({key: iso(value) if isinstance(value, datetime) else value for key, value in event.items()})
