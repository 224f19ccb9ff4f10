"""The lines of a run's log."""

from __future__ import annotations

import pytest

from awsit.engine.log_entry import attempt_failed, run_ended, step_ended
from awsit.model.result import (
    NOT_YET,
    AssertionResult,
    Attempt,
    CleanupResult,
    CleanupVerdict,
    ErrorInfo,
    LeftBehind,
    RunResult,
    RunStatus,
    Status,
    StepResult,
)
from awsit.records import replace

AT = "2030-01-01T00:00:00.000Z"
STEP = StepResult(
    0,
    "actions",
    "Get",
    "http_call",
    Status.FAILED,
    AT,
    1.5,
    (Attempt(1, AT, 0.2, Status.ERROR, "no answer", 1.0), Attempt(2, AT, 0.3, Status.FAILED, "$.a should equal 1")),
)
RUN = RunResult("run-1", "s", RunStatus.FAILED, "local", AT, AT, 2.0, steps=(STEP, replace(STEP, status=Status.PASSED)))


def test_a_step_that_failed_says_after_which_attempt_and_why() -> None:
    entry = step_ended("run-1", "s", STEP)
    assert (entry.level, entry.message) == ("ERROR", "step ended")
    assert entry.fields == {
        "run_id": "run-1",
        "scenario": "s",
        "action": "Get",
        "action_type": "http_call",
        "phase": "actions",
        "attempt": 2,
        "duration_seconds": 1.5,
        "outcome": "failed",
        "cause": "assertion",
        "error": "$.a should equal 1",
    }


def test_an_attempt_that_another_follows_has_its_own_duration_and_the_cause() -> None:
    first = replace(
        STEP, attempts=STEP.attempts[:1], status=Status.RUNNING, error=ErrorInfo("503", "no answer", "wait")
    )
    entry = attempt_failed("run-1", "s", first)
    shown = {key: entry.fields[key] for key in ("attempt", "duration_seconds", "outcome", "cause", "delay_seconds")}
    assert shown == {"attempt": 1, "duration_seconds": 0.2, "outcome": "error", "cause": "503", "delay_seconds": 1.0}


@pytest.mark.parametrize(("status", "level"), [(RunStatus.PASSED, "INFO"), (RunStatus.CANCELLED, "ERROR")])
def test_only_a_run_that_passed_and_left_nothing_is_no_error(status: RunStatus, level: str) -> None:
    assert run_ended(replace(RUN, status=status)).level == level


def test_the_summary_counts_steps_retries_and_what_is_left_behind() -> None:
    left = CleanupResult(CleanupVerdict.LEFT_BEHIND, (), (LeftBehind("Undo", "http_call", None, "it failed"),))
    entry = run_ended(replace(RUN, cleanup=left), events_used=42)
    assert entry.level == "ERROR"
    assert entry.fields == {
        "run_id": "run-1",
        "scenario": "s",
        "outcome": "failed",
        "duration_seconds": 2.0,
        "steps": 2,
        "steps_passed": 1,
        "steps_failed": 1,
        "steps_error": 0,
        "steps_skipped": 0,
        "attempts": 4,
        "retries": 2,
        "cause": "assertion",
        "error": "Get: $.a should equal 1",
        "cleanup": "left_behind",
        "left_behind": 1,
        "events_used": 42,
    }


def test_a_poll_that_goes_on_is_no_retry() -> None:
    look = Attempt(1, AT, 0.1, Status.FAILED, "not yet", 1.0, code=NOT_YET)
    polled = replace(STEP, status=Status.PASSED, attempts=(look, replace(look, number=2)))
    fields = run_ended(replace(RUN, steps=(polled, STEP))).fields
    assert (fields["attempts"], fields["retries"]) == (4, 1)


def test_a_run_that_somebody_stopped_names_no_cause() -> None:
    assert not {"cause", "error"} & run_ended(replace(RUN, status=RunStatus.CANCELLED, steps=())).fields.keys()


@pytest.mark.parametrize(
    ("result", "cause", "error"),
    [
        (replace(RUN, error=ErrorInfo("quota_events", "too many")), "quota_events", "too many"),
        (replace(RUN, steps=(replace(STEP, error=ErrorInfo("503", "no answer")),)), "503", "Get: no answer"),
        (
            replace(RUN, steps=(), assertions=(AssertionResult(False, "equals", message="$.a is 2"),)),
            "assertion",
            "$.a is 2",
        ),
    ],
)
def test_the_summary_says_why_a_run_did_not_pass(result: RunResult, cause: str, error: str) -> None:
    fields = run_ended(result).fields
    assert (fields["cause"], fields["error"]) == (cause, error)
