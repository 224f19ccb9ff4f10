"""From results to the exit code that the shell sees."""

import pytest

from awsit.aws.suites.follower import NEVER_BEGAN
from awsit.cli.exit_codes import of_result, worst
from awsit.model.result import CleanupResult, CleanupVerdict, ErrorInfo, RunResult, RunStatus, Status, StepResult
from awsit.records import replace

PASSED = RunResult("run-1", "x", RunStatus.PASSED, "local", "", "", 1.0)
LEFT = replace(PASSED, cleanup=CleanupResult(CleanupVerdict.LEFT_BEHIND))
FAILED = replace(PASSED, status=RunStatus.FAILED)
STEP = StepResult(0, "actions", "A", "http_call", Status.ERROR)


def error(code: str, *steps: StepResult) -> RunResult:
    return replace(PASSED, status=RunStatus.ERROR, error=ErrorInfo(code, "message"), steps=steps)


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (PASSED, 0),
        (LEFT, 5),
        (FAILED, 1),
        (replace(FAILED, cleanup=LEFT.cleanup), 1),
        (replace(PASSED, status=RunStatus.TIMED_OUT), 1),
        (error("connection", STEP), 1),
        (error("assertion", replace(STEP, error=ErrorInfo("credentials", "expired"))), 4),
        (error("assertion", replace(STEP, phase="cleanup", error=ErrorInfo("credentials", "expired"))), 1),
        (error("invalid_input"), 3),
        (error("stack_not_deployed"), 4),
        (error("access_denied"), 4),
        (error("no_report"), 4),
        (error("journal", STEP), 4),
        (replace(error("not_run"), status=RunStatus.SKIPPED), 0),
        (replace(PASSED, status=RunStatus.SKIPPED, error=NEVER_BEGAN), 4),
        (replace(error("interrupted"), status=RunStatus.CANCELLED), 130),
        (replace(error("stopped", STEP), status=RunStatus.CANCELLED), 1),
    ],
)
def test_one_result(result, code):
    assert of_result(result) == code


def test_of_several_the_worst_one_counts():
    assert worst(set(map(of_result, [PASSED, LEFT]))) == 5
    assert worst(set(map(of_result, [LEFT, FAILED, PASSED]))) == 1
    assert worst(set(map(of_result, [FAILED, error("access_denied")]))) == 4
    assert worst(set()) == 0
