"""The log lines of a run, the same on every engine: a step's start and end, what is tried again, how a run ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from awsit.model.json import Json
from awsit.model.plan import Step
from awsit.model.result import ErrorInfo, RunResult, RunStatus, Status, StepResult

STEP_STARTED, STEP_ENDED = "step started", "step ended"
ATTEMPT_FAILED = "attempt failed, another follows"
RUN_ENDED = "run ended"

INFO, WARNING, ERROR = "INFO", "WARNING", "ERROR"
_BAD = {Status.FAILED, Status.ERROR}
_ASSERTION = "assertion"
"""The cause of a failure that is no error: a check did not hold."""


class LogEntry(Struct, frozen=True):
    """A log line: `level` is a name of the module `logging`; `fields` hold no secrets."""

    level: str
    message: str
    fields: Mapping[str, Json]


def step_started(run_id: str, scenario: str, step: Step) -> LogEntry:
    """The line of a step whose first attempt is about to be made."""
    what = {"action": step.name, "action_type": step.type, "phase": str(step.phase), "attempt": 1}
    timing = {"duration_seconds": 0.0, "outcome": str(Status.RUNNING)}
    return LogEntry(INFO, STEP_STARTED, {"run_id": run_id, "scenario": scenario, **what, **timing})


def attempt_failed(run_id: str, scenario: str, result: StepResult) -> LogEntry:
    """The line of an attempt that another one follows; the duration is that of the attempt."""
    attempt = result.attempts[-1]
    fields = {
        **_of_step(run_id, scenario, result),
        "duration_seconds": attempt.duration_seconds,
        "outcome": str(attempt.status),
        **_failure(result.error, attempt.message),
        "delay_seconds": attempt.delay_seconds,
    }
    return LogEntry(WARNING, ATTEMPT_FAILED, fields)


def step_ended(run_id: str, scenario: str, result: StepResult) -> LogEntry:
    """The line of a step that has ended; the duration is that of all its attempts and of the waits between them."""
    fields = _of_step(run_id, scenario, result)
    fields |= {"duration_seconds": result.duration_seconds, "outcome": str(result.status)}
    if result.status in _BAD:
        fields |= _failure(result.error, result.attempts[-1].message if result.attempts else "")
    return LogEntry(ERROR if result.status in _BAD else INFO, STEP_ENDED, fields)


def run_ended(result: RunResult, **more: Json) -> LogEntry:
    """The summary of a run: verdict, counts, duration, what it left behind, and what else the engine knows of it."""
    counts = Counter(step.status for step in result.steps)
    steps = (*result.steps, *result.cleanup.steps)
    fields: dict[str, Json] = {
        "run_id": result.run_id,
        "scenario": result.scenario,
        "outcome": str(result.status),
        "duration_seconds": result.duration_seconds,
        "steps": len(result.steps),
        **{f"steps_{status}": counts[status] for status in Status if status is not Status.RUNNING},
        "attempts": sum(len(step.attempts) for step in steps),
        "retries": sum(attempt.failed for step in steps for attempt in step.attempts[:-1]),
        "cleanup": str(result.cleanup.verdict),
        "left_behind": len(result.cleanup.left_behind),
        **more,
    }
    if result.status is not RunStatus.PASSED:
        fields |= _failure_of_run(result)
    is_good = result.status is RunStatus.PASSED and not result.cleanup.left_behind
    return LogEntry(INFO if is_good else ERROR, RUN_ENDED, fields)


def _failure_of_run(result: RunResult) -> dict[str, Json]:
    """Why a run did not pass: its own error, else that of its first bad step, else the check that did not hold."""
    bad = next((step for step in result.steps if step.status in _BAD), None)
    if result.error is None and bad:
        failure = _failure(bad.error, bad.attempts[-1].message if bad.attempts else "")
        return {**failure, "error": f"{bad.name}: {failure['error']}"}
    check = next((each.message for each in result.assertions if not each.passed), "")
    return _failure(result.error, check) if result.error or check else {}


def _of_step(run_id: str, scenario: str, result: StepResult) -> dict[str, Json]:
    return {
        "run_id": run_id,
        "scenario": scenario,
        "action": result.name,
        "action_type": result.type,
        "phase": result.phase,
        "attempt": len(result.attempts),
    }


def _failure(error: ErrorInfo | None, message: str) -> dict[str, Json]:
    """Why, in words, and the `cause`, which is the error's stable code."""
    if error is None:
        return {"cause": _ASSERTION, "error": message}
    return {"cause": error.code, "error": error.message, "hint": error.hint}
