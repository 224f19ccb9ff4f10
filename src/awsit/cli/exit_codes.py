"""From results to the process's exit code."""

from __future__ import annotations

from collections.abc import Sequence

from awsit.errors import ExitCode
from awsit.model.result import CleanupVerdict, RunResult, RunStatus

WORST_FIRST = (
    ExitCode.BUG,
    ExitCode.INTERRUPTED,
    ExitCode.ENVIRONMENT,
    ExitCode.INVALID,
    ExitCode.FAILED,
    ExitCode.LEFT_BEHIND,
    ExitCode.PASSED,
)
NEVER_RAN = {
    "invalid_input": ExitCode.INVALID,
    "expression": ExitCode.INVALID,
    "not_found": ExitCode.INVALID,
    "credentials": ExitCode.ENVIRONMENT,
    "access_denied": ExitCode.ENVIRONMENT,
    "environment": ExitCode.ENVIRONMENT,
    "stack_not_deployed": ExitCode.ENVIRONMENT,
    "no_report": ExitCode.ENVIRONMENT,
}
"""What a run that ended before its first action says, by the code of its error."""


def of_results(results: Sequence[RunResult]) -> ExitCode:
    """The worst one."""
    codes = {of_result(result) for result in results}
    return next((code for code in WORST_FIRST if code in codes), ExitCode.PASSED)


def of_result(result: RunResult) -> ExitCode:
    """0 passed, 5 passed and left something behind, 130 interrupted, 3 or 4 never began, 1 anything else."""
    if result.status is RunStatus.PASSED:
        clean = result.cleanup.verdict is CleanupVerdict.CLEAN
        return ExitCode.PASSED if clean else ExitCode.LEFT_BEHIND
    if result.error and result.error.code == "interrupted":
        return ExitCode.INTERRUPTED
    if result.error and not result.steps:
        return NEVER_RAN.get(result.error.code, ExitCode.FAILED)
    return ExitCode.FAILED
