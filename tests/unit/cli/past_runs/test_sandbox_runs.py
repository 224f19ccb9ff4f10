"""A run of the sandbox that is looked for in an account is named with the command that finds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from awsit import config
from awsit.cli.past_runs import report_folder
from awsit.cli.past_runs.sandbox_runs import sandbox_hint, sought_in_account
from awsit.errors import EnvironmentFailure, NotFoundError
from awsit.model.result import RunResult, RunStatus
from awsit.records import replace

AT = "2030-01-01T00:00:00.000Z"
RESULT = RunResult(f"run-{1:026d}", "order_is_stored", RunStatus.PASSED, "stepfunctions", AT, AT, 0.5)
EMULATED = f"arn:aws:states:us-east-1:000000000000:execution:awsit-test-flow:{RESULT.run_id}"
OF_ACCOUNT = EMULATED.replace("000000000000", "123456789012")
SUITE = f"arn:aws:states:us-east-1:000000000000:execution:awsit-suite-flow:suite-{1:026d}"
HINT = f"`awsit logs {RESULT.run_id} --sandbox`"


@pytest.fixture
def settings(tmp_path: Path) -> config.Settings:
    return config.load({}, {}, tmp_path)


@pytest.mark.parametrize(
    ("reported", "reference", "hint"),
    [
        (EMULATED, RESULT.run_id, HINT),
        (OF_ACCOUNT, RESULT.run_id, ""),
        ("", RESULT.run_id, ""),
        (None, RESULT.run_id, ""),
        (None, EMULATED, HINT),
        (None, OF_ACCOUNT, ""),
        (None, SUITE, f"`awsit logs suite-{1:026d} --sandbox`"),
        (None, f"suite-{1:026d}", ""),
    ],
)
def test_the_account_of_an_execution_tells_of_the_sandbox(
    settings: config.Settings, reported: str | None, reference: str, hint: str
) -> None:
    if reported is not None:
        report_folder.keep(settings, replace(RESULT, execution_arn=reported))
    assert sandbox_hint(settings, "logs", reference) == hint
    assert sandbox_hint(replace(settings, sandbox=True), "logs", reference) == ""


def test_a_failure_to_find_it_names_the_command(settings: config.Settings) -> None:
    with (
        pytest.raises(NotFoundError, match=r"ran in the sandbox, .*: no AWS region") as caught,
        sought_in_account(settings, "stop", EMULATED),
    ):
        raise EnvironmentFailure("no AWS region is configured", hint="give --region")
    assert caught.value.hint == f"`awsit stop {RESULT.run_id} --sandbox`"


def test_a_failure_to_find_another_run_is_left_as_it_is(settings: config.Settings) -> None:
    failure = EnvironmentFailure("no AWS region is configured", hint="give --region")
    with pytest.raises(EnvironmentFailure) as caught, sought_in_account(settings, "logs", OF_ACCOUNT):
        raise failure
    assert caught.value is failure


def test_an_id_that_nothing_here_knows_is_said_to_be_unknown(settings: config.Settings) -> None:
    def sought(settings: config.Settings, reference: str) -> str:
        with pytest.raises(EnvironmentFailure) as caught, sought_in_account(settings, "status", reference):
            raise EnvironmentFailure("no AWS region is configured", hint="give --region")
        return caught.value.message

    whole = f"{RESULT.run_id} is not known on this machine, and was not found in AWS: no AWS region is configured"
    assert sought(settings, RESULT.run_id) == whole
    in_account = replace(settings, engine="stepfunctions", stack="awsit")
    assert sought(in_account, RESULT.run_id) == "no AWS region is configured"
    report_folder.keep(settings, replace(RESULT, execution_arn=OF_ACCOUNT))
    assert sought(settings, RESULT.run_id) == "no AWS region is configured"


def test_an_error_that_is_about_the_run_itself_is_left_as_it_is(settings: config.Settings) -> None:
    message = f"the journal of {RESULT.run_id} has no mark of this machine"
    with pytest.raises(EnvironmentFailure) as caught, sought_in_account(settings, "cleanup", RESULT.run_id):
        raise EnvironmentFailure(message)
    assert caught.value.message == message


def test_that_the_account_has_no_such_execution_is_no_failure_of_the_account(settings: config.Settings) -> None:
    message = f"could not find the execution {RESULT.run_id}"
    with pytest.raises(NotFoundError, match=message) as caught, sought_in_account(settings, "stop", RESULT.run_id):
        raise EnvironmentFailure(message, code="unknown_execution", hint="check the run ID")
    assert (caught.value.code, caught.value.hint) == ("unknown_execution", "check the run ID")
