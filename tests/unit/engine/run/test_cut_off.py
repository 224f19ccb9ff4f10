"""What is said of steps that were waiting when their run was ended."""

import pytest

from awsit.engine.run.cut_off import settled
from awsit.engine.step.policy import RUN_TIMEOUT
from awsit.engine.store.records import RunRecord
from awsit.model.plan import Plan, Step
from awsit.model.result import ErrorInfo, RunStatus, Status, StepResult
from awsit.records import replace
from awsit.system.clock import parse_iso

BEGIN = "2030-01-01T09:30:00.000Z"
PLAN = Plan("run-1", "shop", steps=(Step(0, "Bad", "http_call"), Step(1, "Pause", "wait")))
BAD = StepResult(0, "actions", "Bad", "http_call", Status.FAILED, BEGIN, 3.2)
WAITING = StepResult(1, "actions", "Pause", "wait", Status.RUNNING, BEGIN)
RUN = RunRecord("run-1", "shop", "local", BEGIN, parse_iso(BEGIN).timestamp() + 60)


def ended(verdict, code="assertion", message="Bad: $.total is missing"):
    return replace(RUN, verdict=verdict, error=ErrorInfo(code, message))


@pytest.mark.parametrize(
    ("run", "message", "seconds"),
    [
        (ended(RunStatus.FAILED), "Cut off in its wait after 3.2 s, for Bad failed.", 3.2),
        (
            ended(RunStatus.TIMED_OUT, RUN_TIMEOUT, "The run did not end within 60 s."),
            "Cut off in its wait after 60.0 s, for the run's time was over.",
            60,
        ),
        (
            ended(RunStatus.CANCELLED, "stopped", "Stopped by `awsit stop`."),
            "Cut off in its wait, for the run was stopped.",
            0,
        ),
    ],
    ids=["another failed", "out of time", "stopped"],
)
def test_it_says_why_and_for_how_long_it_had_waited(run, message, seconds):
    result = settled(PLAN, run, {0: BAD, 1: WAITING})[1]
    assert (result.status, result.duration_seconds) == (Status.SKIPPED, seconds)
    assert result.error == ErrorInfo("interrupted", message)
    assert result.was_cut_off


def test_in_a_run_that_goes_on_it_waits():
    assert settled(PLAN, RUN, {0: BAD, 1: WAITING})[1] is WAITING


def test_it_says_that_another_run_was_waited_for():
    plan = replace(PLAN, steps=(PLAN.steps[0], Step(1, "Login", "http_call", cache_seconds=60)))
    result = settled(plan, ended(RunStatus.TIMED_OUT, RUN_TIMEOUT, "The run did not end."), {1: WAITING})[1]
    waited = "wait for the result that another run had begun to compute"
    assert result.error == ErrorInfo(
        "interrupted", f"Cut off in its {waited} after 60.0 s, for the run's time was over."
    )
