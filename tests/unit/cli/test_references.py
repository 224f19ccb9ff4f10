"""What a run is named by."""

import pytest

from awsit import config
from awsit.cli import references
from awsit.errors import UsageError
from awsit.reporting.console_link import console_link

RUN_ID = "run-01J9ZK3M4N5P6Q7R8S9T0V1W2X"
EXECUTION = f"arn:aws-us-gov:states:us-gov-west-1:123456789012:execution:awsit-test-flow:{RUN_ID}"


@pytest.mark.parametrize("reference", [RUN_ID, EXECUTION, EXECUTION.replace(RUN_ID, "nightly")])
def test_run_ids_and_execution_arns_pass(reference):
    assert references.check(reference) == reference


@pytest.mark.parametrize(
    "reference", ["", "run-", f"{RUN_ID}X", RUN_ID.lower(), EXECUTION.replace("1234", ""), f" {RUN_ID}"]
)
def test_anything_else_is_refused(reference):
    with pytest.raises(UsageError) as caught:
        references.check(reference)
    assert caught.value.code == "malformed_arn"
    assert "arn:aws:states:REGION:ACCOUNT:execution" in caught.value.hint


def test_a_suite_is_no_run_and_the_hint_says_what_cleans_up_after_its_runs():
    with pytest.raises(UsageError, match="is a suite") as caught:
        references.check(RUN_ID.replace("run-", "suite-"))
    assert "awsit cleanup --all" in caught.value.hint


def test_an_execution_tells_its_region_state_machine_and_page():
    assert references.region_of(EXECUTION) == "us-gov-west-1"
    assert references.state_machine_of(EXECUTION) == (
        "arn:aws-us-gov:states:us-gov-west-1:123456789012:stateMachine:awsit-test-flow"
    )
    assert console_link(EXECUTION).startswith("https://us-gov-west-1.console.amazonaws-us-gov.com/")


def test_a_run_id_tells_none_of_it():
    assert references.region_of(RUN_ID) == references.state_machine_of(RUN_ID) == console_link(RUN_ID) == ""


def test_an_emulated_account_has_no_console():
    assert console_link(EXECUTION.replace("123456789012", "000000000000")) == ""


@pytest.mark.parametrize(
    ("flags", "hint", "said"),
    [
        ({}, "look again: `awsit status X`", "look again: `awsit status X`"),
        ({"sandbox": True}, "look again: `awsit status X`", "look again: `awsit status X --sandbox`"),
        ({"sandbox": True}, "`awsit logs X`; `awsit stop X`", "`awsit logs X --sandbox`; `awsit stop X --sandbox`"),
        ({"sandbox": True}, "`awsit status X --sandbox`", "`awsit status X --sandbox`"),
        ({"sandbox": True}, "run `awsit sandbox start` or `awsit init`", "run `awsit sandbox start` or `awsit init`"),
        (
            {"stack": "shop", "region": "eu-west-1"},
            "`awsit deploy`, or name another",
            "`awsit deploy --stack shop --region eu-west-1`, or name another",
        ),
        (
            {"state_machine_arn": "foo", "region": "x"},
            "`awsit deploy`, `awsit destroy`, `awsit runs`",
            "`awsit deploy --region x`, `awsit destroy --region x`, `awsit runs --state-machine-arn foo --region x`",
        ),
    ],
)
def test_a_hint_names_the_same_installation(tmp_path, flags, hint, said):
    assert references.qualified(hint, config.load(flags, {}, tmp_path)) == said
