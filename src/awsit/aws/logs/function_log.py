"""The log lines of runs that the function and the CLI wrote, from CloudWatch Logs.

Each line is a JSON record with the field `run_id`. The filter is the quoted run ID, which matches anywhere in a line.
Where there are several runs, all lines are read and those of others left out: a filter has 1,024 characters at most.
Source: Amazon CloudWatch Logs user guide, "Filter pattern syntax for metric filters, ... and FilterLogEvents".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from awsit.aws.client import errors
from awsit.aws.logs.line import LogLine
from awsit.model import json
from awsit.model.json import Json
from awsit.model.ports import Aws
from awsit.system.clock import iso_of

_RUN_ID = re.compile(r"run-[0-9A-HJKMNP-TV-Z]{26}")
_ERROR_LEVELS = ("ERROR", "CRITICAL")
_COMMON_FIELDS = frozenset(
    {"level", "message", "timestamp", "service", "location", "run_id", "cold_start", "xray_trace_id", "sampling_rate",
     "function_name", "function_memory_size", "function_arn", "function_request_id"}
)  # fmt: skip


def records(
    aws: Aws, log_group: str, run_ids: Collection[str], since_ms: int, until_ms: int | None
) -> Iterator[dict[str, Any]]:
    """The log events that contain one of the run IDs, oldest first, read a page at a time. None without the log group.

    `since_ms` and `until_ms` are milliseconds since the epoch.
    """
    until = {} if until_ms is None else {"endTime": until_ms}
    pattern = {"filterPattern": f'"{next(iter(run_ids))}"'} if len(run_ids) == 1 else {}
    wanted = frozenset(run_ids)
    pages = aws.client("logs").get_paginator("filter_log_events")
    with errors.reported(f"read the log group {log_group}"):
        try:
            for page in pages.paginate(logGroupName=log_group, startTime=max(0, since_ms), **pattern, **until):
                yield from (each for each in page["events"] if pattern or _is_of(each["message"], wanted))
        except aws.client("logs").exceptions.ResourceNotFoundException:
            return


def _is_of(message: str, run_ids: frozenset[str]) -> bool:
    return not run_ids.isdisjoint(_RUN_ID.findall(message))


def identity(event: Mapping[str, Any]) -> str:
    """A unique ID of an event. Some emulators return no `eventId`."""
    return str(event.get("eventId") or f"{event.get('logStreamName')} {event['timestamp']} {event['message']}")


def line(event: Mapping[str, Any], source: str = "function") -> LogLine:
    """A log event as a line."""
    record = _parsed(str(event["message"]).strip())
    is_error = isinstance(record, Mapping) and record.get("level") in _ERROR_LEVELS
    return LogLine(iso_of(event["timestamp"] / 1000), source, text_of(record), record, is_error)


def _parsed(message: str) -> Json:
    try:
        return json.loads(message)
    except ValueError:
        return message


def text_of(record: Json) -> str:
    """The text of a record: level, message, then the fields that not every record has."""
    if not isinstance(record, Mapping):
        return str(record)
    if "_aws" in record:  # metrics in the embedded metric format
        return "metrics " + " ".join(f"{key}={_short(value)}" for key, value in record.items() if key != "_aws")
    if "message" not in record:
        return json.dumps(dict(record))
    message = record["message"] if isinstance(record["message"], str) else json.dumps(record["message"])
    other_fields = [f"{key}={_short(value)}" for key, value in record.items() if key not in _COMMON_FIELDS]
    return " ".join([str(record.get("level", "")), message, *other_fields]).strip()


def _short(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)
