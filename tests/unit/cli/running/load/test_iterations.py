"""Why iterations fail."""

from __future__ import annotations

import pytest

from awsit.cli.running.load.iterations import why
from awsit.model.result import AssertionResult, ErrorInfo, RunResult, RunStatus, Status, StepResult

CHECK = AssertionResult(False, "equals", "$.status", expected=200, actual=500)


def step(phase: str = "actions", name: str = "Create", error: ErrorInfo | None = None) -> StepResult:
    status = Status.ERROR if error else Status.FAILED
    return StepResult(0, phase, name, "http_call", status, assertions=() if error else (CHECK,), error=error)


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ((RunStatus.FAILED, (step(),), None), ("Create", "assertion", "$.status equals: expected 200, got 500")),
        (
            (RunStatus.ERROR, (step(error=ErrorInfo("timeout", "no answer in 1 s")),), None),
            ("Create", "timeout", "no answer in 1 s"),
        ),
        ((RunStatus.TIMED_OUT, (), ErrorInfo("timed_out", "took too long")), ("", "timed_out", "took too long")),
        ((RunStatus.FAILED, (step("cleanup", "Delete"), step(name="Read")), None), ("Read", "assertion", None)),
    ],
)
def test_the_first_action_that_did_not_pass_is_the_reason(
    result: tuple[RunStatus, tuple[StepResult, ...], ErrorInfo | None], reason: tuple[str, str, str | None]
) -> None:
    status, steps, error = result
    found = why(RunResult("run-1", "s", status, "local", "", "", 0, steps=steps, error=error))
    assert found[:2] == reason[:2]
    assert reason[2] in {None, found[2]}
