"""Commands without the argument that they are about: what they take in its place, or what they say is missing."""

import click
import pytest
from tests.functional.fakes import FAILING, PASSING
from tests.unit.reporting.runs import FAILED

from awsit.cli.main import cli
from awsit.records import replace
from awsit.reporting.formats import json_

FIRST, SECOND = (f"run-{number:026}" for number in (1, 2))


def commands(group: click.Group, words: tuple[str, ...] = ()) -> dict[tuple[str, ...], click.Command]:
    """Every command by its words, those of groups too."""
    found: dict[tuple[str, ...], click.Command] = {}
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if isinstance(command, click.Group):
            found |= commands(command, (*words, name))
        else:
            found[(*words, name)] = command
    return found


NEEDY = [
    words
    for words, command in commands(cli).items()
    if any(isinstance(each, click.Argument) and each.required for each in command.params)
]


@pytest.mark.parametrize("words", NEEDY, ids=" ".join)
def test_what_is_missing_is_named_with_an_example(awsit, words):
    done = awsit(*words)
    assert done.exit_code == 2
    said = " ".join(done.stderr.split())
    assert f"error: awsit {' '.join(words)} needs " in said
    assert f"hint: for example: awsit {' '.join(words)} " in said


def test_validate_checks_the_folders_of_the_project(awsit, scenario):
    scenario(PASSING)
    assert "✓ scenarios/order_is_stored.yaml" in awsit("validate").stdout
    scenario("name: x\nactions: {\n", "wrong.yaml")
    wrong = awsit("validate")
    assert wrong.exit_code == 3
    assert "2 files, 1 not valid" in wrong.stdout


def test_validate_without_any_scenario_is_an_error(awsit):
    done = awsit("validate")
    assert done.exit_code == 3
    assert "there is no scenario in scenarios, ." in done.stderr


@pytest.mark.parametrize("command", ["status", "report"])
def test_the_newest_run_is_shown(awsit, scenario, command):
    scenario(PASSING)
    scenario(FAILING, "other.yaml")
    awsit("run", "order_is_stored")
    awsit("run", "scenarios/other.yaml")
    done = awsit(command)
    assert done.exit_code == 0
    assert f"The last run, {SECOND}, of order_is_shipped:" in done.stderr
    assert SECOND in done.stdout
    assert FIRST not in done.stdout


@pytest.mark.parametrize("command", ["status", "report", "logs"])
def test_without_any_run_one_has_to_be_named(awsit, command):
    done = awsit(command)
    assert done.exit_code == 2
    assert "no run is named, and none is known here" in done.stderr


@pytest.mark.parametrize("command", ["status", "report", "logs"])
def test_an_empty_name_is_not_the_newest_run(awsit, scenario, command):
    scenario(PASSING)
    awsit("run", "order_is_stored")
    done = awsit(command, "")
    assert done.exit_code in {2, 3}
    assert not done.stdout


@pytest.mark.parametrize(
    ("account", "flags"),
    [
        ("123456789012", "--state-machine-arn arn:aws:states:eu-west-1:123456789012:stateMachine:awsit-test-flow"),
        ("000000000000", "--sandbox"),
    ],
)
def test_status_of_a_run_in_an_account_that_nothing_names_is_its_report(awsit, tmp_path, account, flags):
    arn = f"arn:aws:states:eu-west-1:{account}:execution:awsit-test-flow:{FAILED.run_id}"
    json_.save(replace(FAILED, execution_arn=arn), tmp_path / ".awsit" / "reports")
    done = awsit("status", FAILED.run_id)
    assert done.exit_code == 0
    assert "This is from its report." in done.stderr
    assert f"✗ {FAILED.scenario}  failed" in done.stdout
    assert arn in "".join(done.stdout.split())
    assert flags in " ".join(done.stdout.split())
