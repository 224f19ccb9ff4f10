"""The function's log lines of the steps that failed."""

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
"""How far from a run's start and end its lines may be: clocks differ."""

_SHOWN_ABOVE = frozenset(
    {"action", "action_type", "phase", "status", "error", "error_code", "hint", "task", "index", "sequence", "item"}
    | {"delay_seconds", "scenario", "cause", "outcome", "duration_seconds"}
)
"""Fields that a report already shows with the step."""

_NOT_SHOWN = frozenset({"task done", "step started"})


def step_log(aws: Aws, log_group: str, result: RunResult) -> dict[tuple[str, int], tuple[str, ...]]:
    """The lines of each step that failed or had an error, by phase and index, oldest first.

    A line belongs to a step if it names the step, or if another line of the same invocation does. Lines that say only
    that a step starts or that a task is done are left out.
    """
    since = (parse_iso(result.started_at).timestamp() - MARGIN_SECONDS) * 1000
    until = (parse_iso(result.finished_at).timestamp() + MARGIN_SECONDS) * 1000
    lines = [
        function_log.line(each)
        for each in function_log.records(aws, log_group, (result.run_id,), int(since), int(until))
    ]
    failed = [step for step in (*result.steps, *result.cleanup.steps) if step.status in {Status.FAILED, Status.ERROR}]
    texts_of: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for step in failed:
        requests = {_field(line, "request_id") for line in lines if _is_of(line.raw, step)} - {None}
        texts_of[step.phase, step.index] = list(
            _texts(line for line in lines if _field(line, "request_id") in requests)
        )
    return {key: tuple(texts) for key, texts in texts_of.items() if texts}


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
        if _field(line, "message") in _NOT_SHOWN:
            continue
        record = {key: value for key, value in line.raw.items() if key not in _SHOWN_ABOVE}
        yield f"{line.at[11:23]} {function_log.text_of(record)}"
