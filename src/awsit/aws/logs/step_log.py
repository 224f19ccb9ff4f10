"""The function's log lines of the steps that did not pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from awsit.aws.logs import function_log
from awsit.aws.logs.line import LogLine
from awsit.model.plan import Phase
from awsit.model.ports import Aws
from awsit.model.result import RunResult, Status, StepResult
from awsit.system.clock import parse_iso

MARGIN_SECONDS = 60.0
"""How far clocks may differ, and how long after a run a line may come."""

TOLD_ELSEWHERE = frozenset(
    {"action", "action_type", "phase", "status", "error", "error_code", "hint", "task", "index", "sequence", "item"}
    | {"delay_seconds"}
)
NOT_NEWS = "task done"


def step_log(aws: Aws, log_group: str, result: RunResult) -> dict[tuple[str, int], tuple[str, ...]]:
    """The lines of each bad step, by phase and index, oldest first; those that only say that a task is done left out.

    A line belongs to a step if it names it, or comes from an invocation of which a line does.
    """
    since = (parse_iso(result.started_at).timestamp() - MARGIN_SECONDS) * 1000
    until = (parse_iso(result.finished_at).timestamp() + MARGIN_SECONDS) * 1000
    lines = [
        function_log.line(each) for each in function_log.records(aws, log_group, result.run_id, int(since), int(until))
    ]
    bad = [step for step in (*result.steps, *result.cleanup.steps) if step.status in {Status.FAILED, Status.ERROR}]
    found: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for step in bad:
        calls = {_field(line, "request_id") for line in lines if _is_of(line.raw, step)} - {None}
        found[step.phase, step.index] = list(_texts(line for line in lines if _field(line, "request_id") in calls))
    return {key: tuple(texts) for key, texts in found.items() if texts}


def _field(line: LogLine, name: str) -> Any:
    return line.raw.get(name) if isinstance(line.raw, Mapping) else None


def _is_of(record: Any, step: StepResult) -> bool:
    if not isinstance(record, Mapping):
        return False
    if record.get("action") == step.name and record.get("phase") == step.phase:
        return True
    if step.phase == Phase.CLEANUP:
        return record.get("item") == {"kind": str(Phase.CLEANUP), "index": step.index}
    return record.get("task") == "execute" and record.get("index") == step.index


def _texts(lines: Iterable[LogLine]) -> Iterable[str]:
    for line in lines:
        if _field(line, "message") == NOT_NEWS:
            continue
        record = {key: value for key, value in line.raw.items() if key not in TOLD_ELSEWHERE}
        yield f"{line.at[11:23]} {function_log.text_of(record)}"
