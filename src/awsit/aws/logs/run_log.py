"""A run's log: the execution's history and the function's lines, merged by time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge
from operator import attrgetter
from typing import Any

from awsit.aws.client import errors
from awsit.aws.installation import Installation
from awsit.aws.logs import function_log
from awsit.aws.logs.execution_log import history, history_after
from awsit.aws.logs.line import LogLine
from awsit.model.ports import Aws, Clock

__all__ = ["LogLine", "execution_log", "follow_log"]

POLL_SECONDS = 2.0
_LATE_MS = 60_000
"""How much later than the execution's end a line may carry its time: clocks differ, and the function ends after it."""

_INGESTION_MS = 30_000
"""How far back each look goes: CloudWatch shows lines some seconds after they were written, not in order."""

_LAST_LOOKS = 3
"""Looks after the execution's end, for lines that are still on their way."""


def execution_log(aws: Aws, execution_arn: str, installation: Installation, run_id: str) -> Iterator[LogLine]:
    """All that is there now, by time, read as it is consumed. Raises EnvironmentFailure for an unknown execution."""
    state = _describe(aws, execution_arn)
    stopped = state.get("stopDate")
    function = function_log.records(
        aws,
        installation.function_log_group,
        run_id,
        _milliseconds(state["startDate"]) - _LATE_MS,
        _milliseconds(stopped) + _LATE_MS if stopped else None,
    )
    yield from merge(history(aws, execution_arn), map(function_log.line, function), key=attrgetter("at"))


def follow_log(
    aws: Aws, clock: Clock, execution_arn: str, installation: Installation, run_id: str
) -> Iterator[LogLine]:
    """The same, and what comes until the execution has ended. Lines of one look are in order of time."""
    state = _describe(aws, execution_arn)
    tail = _Tail(aws, execution_arn, installation.function_log_group, run_id, _milliseconds(state["startDate"]))
    looks_left = _LAST_LOOKS
    while looks_left:
        if state["status"] != "RUNNING":
            looks_left -= 1
        yield from tail.news()
        if looks_left:
            clock.sleep(POLL_SECONDS)
            state = _describe(aws, execution_arn) if looks_left == _LAST_LOOKS else state


@dataclass(slots=True)
class _Tail:
    """Where the last look ended."""

    aws: Aws
    execution_arn: str
    log_group: str
    run_id: str
    since_ms: int
    last_id: int = 0
    seen: set[str] = field(default_factory=set)

    def news(self) -> list[LogLine]:
        lines, self.last_id = history_after(self.aws, self.execution_arn, self.last_id)
        lines.extend(self._function_news())
        return sorted(lines, key=attrgetter("at"))

    def _function_news(self) -> Iterator[LogLine]:
        since = self.since_ms - _INGESTION_MS
        for event in function_log.records(self.aws, self.log_group, self.run_id, since, None):
            identity = function_log.identity(event)
            if identity not in self.seen:
                self.seen.add(identity)
                self.since_ms = max(self.since_ms, event["timestamp"])
                yield function_log.line(event)


def _describe(aws: Aws, execution_arn: str) -> dict[str, Any]:
    with errors.reported(f"find the execution {execution_arn}"):
        found: dict[str, Any] = aws.client("stepfunctions").describe_execution(executionArn=execution_arn)
    return found


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
