"""What a shell is told that asks for the rest of a line (click, "Shell Completion")."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from awsit.cli.main import cli

OF_FILES = re.compile(r"\b(FILE|FOLDER|PATH|SCENARIO)\b")
"""Words of a help text for something that may be a file."""


def completed(awsit, line: str) -> list[str]:
    words = line.split(" ")
    env = {"_AWSIT_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    result = awsit(env=env)
    assert result.exit_code == 0
    return result.stdout.split()


@pytest.mark.parametrize(
    "line",
    [
        "awsit run sc",
        "awsit run first.yaml sc",
        "awsit run sc --tag smoke sc",
        "awsit run first.yaml --junit sc",
        "awsit run first.yaml --json sc",
        "awsit run --events sc",
        "awsit report --html sc",
        "awsit schedule deploy sc",
        "awsit --config sc",
    ],
)
def test_a_file_is_completed_by_the_shell(awsit, line):
    assert completed(awsit, line) == ["file,sc"]


def test_a_folder_is_completed_where_there_can_be_no_file(awsit):
    assert completed(awsit, "awsit init sc") == ["dir,sc"]


def test_commands_and_options_are_completed_as_before(awsit):
    assert completed(awsit, "awsit sc") == ["plain,schema", "plain,schedule"]
    assert completed(awsit, "awsit run --jun") == ["plain,--junit"]
    assert completed(awsit, "awsit run --var sc") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_what_it_is_to_evaluate(awsit, shell):
    result = awsit(env={"_AWSIT_COMPLETE": f"{shell}_source"})
    assert result.exit_code == 0
    assert "awsit" in result.stdout


def parameters(command: click.Command, name: str) -> Iterator[tuple[str, click.Parameter]]:
    context = click.Context(command)
    yield from ((f"{name} {each.human_readable_name}", each) for each in command.params)
    for inner in command.list_commands(context) if isinstance(command, click.Group) else ():
        found = command.get_command(context, inner)
        assert found is not None
        yield from parameters(found, f"{name} {inner}")


def test_every_parameter_that_takes_a_file_completes_it():
    context = click.Context(cli)
    of_files = {name: each for name, each in parameters(cli, "awsit") if OF_FILES.search(each.metavar or "")}
    assert len(of_files) > 20
    lacking = [name for name, each in of_files.items() if not each.shell_complete(context, "sc")]
    assert lacking == []
