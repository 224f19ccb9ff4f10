"""A run beyond a quota is refused before anything is started."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.unit.forecast.plans import waiting

from awsit.cli.main import cli


def test_a_run_beyond_the_quota_of_events_names_it_and_never_starts() -> None:
    Path("waits.json").write_text(json.dumps(waiting(24)), encoding="utf-8")

    done = CliRunner().invoke(cli, ["run", "waits.json", "--stack", "awsit", "--region", "eu-west-1"])

    assert done.exit_code == 3
    assert "25,000" in done.stderr
    assert "it is too large for Step Functions" in done.stderr
    assert "waits.json:1:" in done.stderr


@pytest.mark.parametrize("command", [["run"], ["schedule", "deploy", "--rate", "1 hour"]])
def test_an_action_of_this_machine_alone_is_refused_in_the_account(command: list[str]) -> None:
    scenario = {"name": "s", "actions": [{"name": "Mock", "type": "mock", "params": {"routes": []}}]}
    Path("mock.json").write_text(json.dumps(scenario), encoding="utf-8")

    done = CliRunner().invoke(cli, [*command, "mock.json", "--stack", "awsit", "--region", "eu-west-1"])

    assert done.exit_code == 3
    assert "a run in the account has no such machine" in done.stderr
    assert "run it with `--engine local`" in done.stderr
    assert "mock.json:1:" in done.stderr
