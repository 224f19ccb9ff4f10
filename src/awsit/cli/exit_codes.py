"""From results to the process's exit code."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from awsit.errors import CredentialsError, ExitCode, MissingStackError
from awsit.model.plan import Phase
from awsit.model.result import CleanupVerdict, RunResult, RunStatus


class Meaning(Struct, frozen=True):
    """What an exit code says, for people: in a few words, when it comes, and what to do then. Markdown."""

    summary: str
    cases: str
    next_step: str = ""


MEANINGS = {
    ExitCode.PASSED: Meaning("passed", "every check held, and nothing was left behind"),
    ExitCode.FAILED: Meaning(
        "failed",
        "a check did not hold; an action could not be carried out, also when the service under test cannot be reached; "
        "the run did not end in its time",
        "the report: expected, actual and the difference; of an error its hint",
    ),
    ExitCode.USAGE: Meaning(
        "wrong usage",
        "the command line is wrong: a command, an option, a reference to a run; a report's path is a folder, a "
        "scenario or that of another report",
        "`awsit COMMAND --help`",
    ),
    ExitCode.INVALID: Meaning(
        "a scenario or the configuration is not valid",
        "the scenario, a file that it names or `awsit.toml` is not valid or does not exist; an environment variable "
        "that it reads is not set; it needs more than a quota allows; a run, a suite or a report that is named is not "
        "there",
        "the marked line, or the hint",
    ),
    ExitCode.ENVIRONMENT: Meaning(
        "AWS or the environment did not do its part",
        "no region, an unknown profile, no credentials or expired ones; a stack, or an output of it, that does not "
        "exist; a call that awsit itself needs is refused or gets no answer; a suite in the account ends before all "
        "of its runs have begun; the emulator does not start or has died; a report or another file, or the standard "
        "output, cannot be written",
        "the hint; then `--debug`",
    ),
    ExitCode.LEFT_BEHIND: Meaning(
        "passed, but something was left behind",
        "every check held, and something that the run made could not be undone, or `--keep` keeps it",
        'the list under "left behind"; `awsit cleanup RUN_ID`',
    ),
    ExitCode.BUG: Meaning(
        "a fault in awsit",
        "a fault in awsit ended the command, or left a report unwritten",
        "`--debug`, and please report it",
    ),
    ExitCode.INTERRUPTED: Meaning("interrupted", "Ctrl-C or SIGTERM", "whether the run goes on: it says so"),
}
"""The one table of exit codes, from which `make docs` writes those of README.md, troubleshooting and the reference."""

WORST_FIRST = (
    ExitCode.BUG,
    ExitCode.INTERRUPTED,
    ExitCode.ENVIRONMENT,
    ExitCode.INVALID,
    ExitCode.FAILED,
    ExitCode.LEFT_BEHIND,
    ExitCode.PASSED,
)
SUITE_ENDED = "suite_ended"
"""The code of a run that never began, since its suite in the account had ended: nothing else tells of that."""
BUG = "bug"
"""The code of a run that a bug of awsit kept from its end; the command went on, so that its exit code is not 70."""
MISSING_IN_AWS = frozenset({CredentialsError.code, "no_region", MissingStackError.code})
"""Codes of errors of steps that lack what AWS, or the access to it, must have before a run."""
JOURNAL = "journal"
"""The code of a run whose next step could not be written down, so that it was not made."""
INVALID = frozenset({"invalid_input", "expression", "not_found"})
"""Codes of errors that keep a run from beginning and are mistakes in the scenario, not in its environment."""


def worst(codes: Collection[ExitCode]) -> ExitCode:
    """The worst of the codes; that of success without any."""
    return next((code for code in WORST_FIRST if code in codes), ExitCode.PASSED)


def of_result(result: RunResult) -> ExitCode:
    """The exit code of one run.

    0 for passed, 5 for passed with something left behind, 130 for interrupted, 3 or 4 for a run that never began, 4 for
    one that had no region, no valid credentials or no stack that it read, whose journal could not be written, or whose
    suite had ended before, 1 for anything else.
    """
    if result.status is RunStatus.SKIPPED:
        is_cut_off = result.error and result.error.code == SUITE_ENDED
        return ExitCode.ENVIRONMENT if is_cut_off else ExitCode.PASSED  # else what kept it back has its own code
    if result.status is RunStatus.PASSED:
        clean = result.cleanup.verdict is CleanupVerdict.CLEAN
        return ExitCode.PASSED if clean else ExitCode.LEFT_BEHIND
    if result.error and result.error.code == "interrupted":
        return ExitCode.INTERRUPTED
    never_began = result.status is RunStatus.ERROR and result.error and not result.steps
    if never_began and result.error and result.error.code != BUG:
        return ExitCode.INVALID if result.error.code in INVALID else ExitCode.ENVIRONMENT
    is_of_environment = (result.error and result.error.code == JOURNAL) or _lacks_something_in_aws(result)
    return ExitCode.ENVIRONMENT if is_of_environment else ExitCode.FAILED


def _lacks_something_in_aws(result: RunResult) -> bool:
    errors = (step.error for step in result.steps if not Phase(step.phase).is_follow_up)
    return result.status is RunStatus.ERROR and any(error and error.code in MISSING_IN_AWS for error in errors)
