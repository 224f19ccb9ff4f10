"""The log of a run: the lines of its execution, of the function and of the CLI, merged by time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from heapq import merge
from itertools import repeat
from operator import attrgetter
from typing import Any

from msgspec import Struct, field

from awsit.aws.client import errors
from awsit.aws.installation import Installation
from awsit.aws.logs import function_log
from awsit.aws.logs.execution_log import execution_lines, execution_lines_after
from awsit.aws.logs.line import LogLine
from awsit.model.ports import Aws, Clock
from awsit.records import replace

POLL_SECONDS = 2.0
_MARGIN_MS = 60_000
"""How far from the execution's start and end a line may be: clocks differ, and the function may end after it."""

_INGESTION_MS = 30_000
"""How far each poll reaches back: CloudWatch shows lines some seconds late, and not in order."""

_LAST_POLLS = 3
"""Polls after the execution's end, for lines that CloudWatch shows late."""


def read_log(aws: Aws, execution_arn: str, installation: Installation, *run_ids: str) -> Iterator[LogLine]:
    """The lines that exist now, by time, read lazily. Raises EnvironmentFailure for an unknown execution.

    The execution is that of the run, or of a suite with all of the runs, each line of which begins with its ID.
    """
    state = _describe(aws, execution_arn)
    stopped = state.get("stopDate")
    since = _milliseconds(state["startDate"]) - _MARGIN_MS
    until = _milliseconds(stopped) + _MARGIN_MS if stopped else None
    written = [
        map(_line, function_log.records(aws, log_group, run_ids, since, until), repeat(source), repeat(len(run_ids)))
        for source, log_group in _log_groups(installation).items()
    ]
    yield from merge(execution_lines(aws, execution_arn), *written, key=attrgetter("at"))


def _log_groups(installation: Installation) -> dict[str, str]:
    """The log groups that hold lines of runs, by source. That of the CLI has some only where it was asked for them."""
    return {"function": installation.function_log_group, "cli": installation.cli_log_group}


def follow_log(
    aws: Aws, clock: Clock, execution_arn: str, installation: Installation, *run_ids: str
) -> Iterator[LogLine]:
    """The lines of `read_log`, and those written until the execution has ended. Those of one poll are by time."""
    state = _describe(aws, execution_arn)
    since = dict.fromkeys(_log_groups(installation), _milliseconds(state["startDate"]))
    tail = _Tail(aws, execution_arn, _log_groups(installation), run_ids, since)
    polls_left = _LAST_POLLS
    while polls_left:
        if state["status"] != "RUNNING":
            polls_left -= 1
        yield from tail.new_lines()
        if polls_left:
            clock.sleep(POLL_SECONDS)
            state = _describe(aws, execution_arn) if polls_left == _LAST_POLLS else state


class _Tail(Struct):
    """The end of the last poll: the newest event, the time of each source's newest line, and the lines yielded."""

    aws: Aws
    execution_arn: str
    log_groups: Mapping[str, str]
    run_ids: tuple[str, ...]
    since_ms: dict[str, int]
    last_id: int = 0
    seen: set[str] = field(default_factory=set)

    def new_lines(self) -> list[LogLine]:
        lines, self.last_id = execution_lines_after(self.aws, self.execution_arn, self.last_id)
        for source in self.log_groups:
            lines.extend(self._new_lines_of(source))
        return sorted(lines, key=attrgetter("at"))

    def _new_lines_of(self, source: str) -> Iterator[LogLine]:
        since = self.since_ms[source] - _INGESTION_MS
        for event in function_log.records(self.aws, self.log_groups[source], self.run_ids, since, None):
            identity = function_log.identity(event)
            if identity not in self.seen:
                self.seen.add(identity)
                self.since_ms[source] = max(self.since_ms[source], event["timestamp"])
                yield _line(event, source, len(self.run_ids))


def _line(event: Mapping[str, Any], source: str, runs: int) -> LogLine:
    """A log event as a line; where there are several runs, with the ID of its own."""
    line = function_log.line(event, source)
    run_id = line.raw.get("run_id") if isinstance(line.raw, Mapping) else None
    return replace(line, text=f"{run_id} {line.text}") if runs > 1 and run_id else line


def _describe(aws: Aws, execution_arn: str) -> dict[str, Any]:
    with errors.reported(f"find the execution {execution_arn}"):
        description: dict[str, Any] = aws.client("stepfunctions").describe_execution(executionArn=execution_arn)
    return description


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
