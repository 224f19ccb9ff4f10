"""A run beyond a quota is refused before anything is started."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from tests.unit.forecast.plans import waiting

from awsit.aws.installation import Installation
from awsit.cli.main import cli
from awsit.cli.wiring.wiring import Wiring
from awsit.model.json import Json


def test_a_run_beyond_the_quota_of_events_names_it_and_never_starts() -> None:
    Path("waits.json").write_text(json.dumps(waiting(24)), encoding="utf-8")

    done = CliRunner().invoke(cli, ["run", "waits.json", "--stack", "awsit", "--region", "eu-west-1"])

    assert done.exit_code == 3
    assert "25,000" in done.stderr
    assert "it is too large for Step Functions" in done.stderr
    assert "waits.json:1:" in done.stderr


MOCK: Json = {"name": "Mock", "type": "mock", "params": {"routes": []}}


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have the stack say this of its mocks; one of an older version says nothing."""

    def say(mocks: str) -> None:
        installation = Installation("", "", "", "", "", "", mocks=mocks)
        monkeypatch.setattr(Wiring, "installed", lambda *_: (None, installation))

    return say


@pytest.mark.parametrize("mocks", ["", "false"])
@pytest.mark.parametrize("command", [["run"], ["schedule", "deploy", "--rate", "1 hour"]])
def test_a_mock_is_refused_where_the_stack_has_none(
    command: list[str], mocks: str, stack: Callable[[str], None]
) -> None:
    stack(mocks)
    Path("mock.json").write_text(json.dumps({"name": "s", "actions": [MOCK]}), encoding="utf-8")

    done = CliRunner().invoke(cli, [*command, "mock.json", "--stack", "awsit-dev", "--region", "eu-west-1"])

    assert done.exit_code == 3
    assert "the stack has no mocks" in done.stderr
    assert "awsit deploy --parameter Mocks=true --stack awsit-dev --region eu-west-1" in " ".join(done.stderr.split())
    assert "mock.json:1:" in done.stderr


SOCKET: Json = {"name": "Chat", "type": "listen", "params": {"websocket": "wss://abc.test"}}


@pytest.mark.parametrize("command", [["run"], ["schedule", "deploy", "--rate", "1 hour"], ["plan", "--offline"]])
def test_a_websocket_is_refused_in_the_account(command: list[str]) -> None:
    Path("chat.json").write_text(json.dumps({"name": "s", "actions": [SOCKET]}), encoding="utf-8")

    done = CliRunner().invoke(cli, [*command, "chat.json", "--stack", "awsit-dev", "--region", "eu-west-1"])

    assert done.exit_code == 3
    assert "s cannot run in the account" in done.stderr
    assert "a WebSocket cannot be listened to in the account" in done.stderr
    assert "--engine local" in done.stderr
    assert "chat.json:1:" in done.stderr


def test_where_no_account_is_asked_for_a_websocket_is_planned() -> None:
    Path("chat.json").write_text(json.dumps({"name": "s", "actions": [SOCKET]}), encoding="utf-8")

    done = CliRunner().invoke(cli, ["plan", "--offline", "chat.json"])

    assert (done.exit_code, "listen to websocket wss://abc.test" in done.output) == (0, True)


def test_what_is_pushed_and_cannot_run_in_the_account_is_said(
    stack: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    stack("false")
    monkeypatch.setattr(Wiring, "scenario_store", lambda *_: SimpleNamespace(push=lambda *_: None))
    actions = [{**MOCK, "when": "{{ vars.x == 1 }}"}, SOCKET]
    Path("both.json").write_text(json.dumps({"name": "both", "variables": {"x": 1}, "actions": actions}), "utf-8")

    done = CliRunner().invoke(cli, ["push", "both.json", "--stack", "awsit-dev", "--region", "eu-west-1"])

    assert done.exit_code == 0
    assert "warning: both cannot carry out Mock in the account: the stack has no mocks" in done.stderr
    assert "awsit deploy --parameter Mocks=true --stack awsit-dev" in done.stderr
    assert "warning: both cannot carry out Chat in the account: a WebSocket cannot be listened to" in done.stderr


def test_where_the_stack_has_mocks_the_quotas_are_looked_at(stack: Callable[[str], None]) -> None:
    stack("true")
    actions = [MOCK, *waiting(24)["actions"]]
    Path("waits.json").write_text(json.dumps({"name": "s", "actions": actions}), encoding="utf-8")

    done = CliRunner().invoke(cli, ["run", "waits.json", "--stack", "awsit", "--region", "eu-west-1"])

    assert done.exit_code == 3
    assert "25,000" in done.stderr


def test_a_mock_that_may_come_where_the_stack_has_none_is_said(stack: Callable[[str], None]) -> None:
    stack("false")
    wait = {"name": "First", "type": "wait", "params": {"seconds": 0}, "pass_to_context": {"first": "$"}}
    actions = [wait, {**MOCK, "when": "{{ context.first }}"}, *waiting(24)["actions"]]
    Path("waits.json").write_text(json.dumps({"name": "s", "actions": actions}), encoding="utf-8")

    done = CliRunner().invoke(cli, ["run", "waits.json", "--stack", "awsit", "--region", "eu-west-1"])

    assert done.stderr.count("warning: a run that comes to Mock fails: the stack has no mocks") == 1
    assert "25,000" in done.stderr


def test_a_mock_of_a_setup_is_refused_before_anything_starts(stack: Callable[[str], None]) -> None:
    stack("false")
    Path("s").mkdir()
    Path("s", "suite.yaml").write_text(json.dumps({"setup": [MOCK]}), encoding="utf-8")
    wait = {"name": "Wait", "type": "wait", "params": {"seconds": 0}}
    Path("s", "one.json").write_text(json.dumps({"name": "s", "actions": [wait]}), encoding="utf-8")

    done = CliRunner().invoke(cli, ["run", "s", "--stack", "awsit", "--region", "eu-west-1"])

    assert done.exit_code == 3
    assert "the stack has no mocks" in done.stderr
    assert "suite.yaml:1:" in done.stderr
