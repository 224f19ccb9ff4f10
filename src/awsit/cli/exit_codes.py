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
BUG = "bug"
"""The code of a run that a bug of awsit kept from its end; the command went on, so that its exit code is not 70."""
INVALID = frozenset({"invalid_input", "expression", "not_found"})
"""Codes of errors that keep a run from beginning and are mistakes in the scenario, not in its environment."""


def of_results(results: Sequence[RunResult]) -> ExitCode:
    """The exit code of a command that made several runs: the worst of theirs."""
    codes = {of_result(result) for result in results}
    return next((code for code in WORST_FIRST if code in codes), ExitCode.PASSED)


def of_result(result: RunResult) -> ExitCode:
    """The exit code of one run.

    0 for passed, 5 for passed with something left behind, 130 for interrupted, 3 or 4 for a run that never began, 1 for
    anything else.
    """
    if result.status is RunStatus.SKIPPED:
        return ExitCode.PASSED  # the run, or the error, that kept it from beginning has its own code
    if result.status is RunStatus.PASSED:
        clean = result.cleanup.verdict is CleanupVerdict.CLEAN
        return ExitCode.PASSED if clean else ExitCode.LEFT_BEHIND
    if result.error and result.error.code == "interrupted":
        return ExitCode.INTERRUPTED
    never_began = result.status is RunStatus.ERROR and result.error and not result.steps
    if never_began and result.error and result.error.code != BUG:
        return ExitCode.INVALID if result.error.code in INVALID else ExitCode.ENVIRONMENT
    return ExitCode.FAILED
