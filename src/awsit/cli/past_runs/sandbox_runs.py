"""Runs of the sandbox that a command looks for in an account, since nothing said where they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from awsit.cli.past_runs import report_folder
from awsit.cli.past_runs.account import none_is_not_found
from awsit.cli.references import RUN_ID, suite_of
from awsit.config import Settings
from awsit.errors import AwsitError, EnvironmentFailure, NotFoundError
from awsit.reporting.console_link import EMULATED_ACCOUNT, EXECUTION_ARN


@contextmanager
def sought_in_account(settings: Settings, command: str, reference: str) -> Iterator[None]:
    """What fails within, for a run of the sandbox, is raised as a NotFoundError that names the right command.

    So is that an account has no such execution: what is named is not there, and AWS did its part. Of an ID that this
    machine does not know, where nothing said in which account it is, the error says so.
    """
    try:
        yield
    except AwsitError as error:
        if hint := sandbox_hint(settings, command, reference):
            name = _name_of(reference)
            message = f"{name} ran in the sandbox, and was not looked for there: {error.message}"
            raise NotFoundError(message, code="run_not_found", hint=hint) from error
        is_of_it = reference in error.message
        if isinstance(error, EnvironmentFailure) and not is_of_it and _is_unknown(settings, reference):
            error.message = f"{reference} is not known on this machine, and was not found in AWS: {error.message}"
        with none_is_not_found():
            raise


def sandbox_hint(settings: Settings, command: str, reference: str) -> str:
    """The command for a run of the sandbox; empty for other runs, and where the settings name the sandbox.

    An execution's ARN tells of it, by its account: that of the reference, or of the run's report.
    """
    if settings.sandbox:
        return ""
    is_known = EXECUTION_ARN.fullmatch(reference) or suite_of(reference)
    report = None if is_known else report_folder.snapshot(settings, reference, of_account=True)
    execution = EXECUTION_ARN.fullmatch(report.execution_arn if report else reference)
    if not execution or execution["account"] != EMULATED_ACCOUNT:
        return ""
    return f"`awsit {command} {_name_of(reference)} --sandbox`"


def _is_unknown(settings: Settings, reference: str) -> bool:
    """Whether neither the ID, nor a setting, nor a report of this machine says where the run is."""
    return bool(RUN_ID.fullmatch(reference)) and not (
        settings.uses_step_functions or report_folder.has(settings, reference)
    )


def _name_of(reference: str) -> str:
    """The ID of the run or suite, which is shorter than the ARN of its execution, and ends that."""
    return reference.rpartition(":")[2]
