"""The templates of `awsit.toml` are deployed to the sandbox when it starts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from tests.functional.fakes import FakeWiring

from awsit.aws.deployment import events
from awsit.aws.deployment.events import StackState
from awsit.errors import EnvironmentFailure, InvalidInputError, UsageError

Awsit = Callable[..., Result]
TOML = """
[[sandbox.templates]]
path = "network.yaml"
stack = "network"

[[sandbox.templates]]
path = "orders.yaml"
stack = "orders"
parameters = {Stage = "test"}
allow_unsupported = true
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("network.yaml", "orders.yaml"):
        (tmp_path / name).write_text("Resources: {}\n", encoding="utf-8")
    (tmp_path / "awsit.toml").write_text(TOML, encoding="utf-8")


def test_a_start_deploys_them_in_their_order_and_tells_each(awsit: Awsit, wiring: FakeWiring, tmp_path: Path) -> None:
    result = awsit("sandbox", "start")
    assert result.exit_code == 0
    network, orders = wiring.deployed
    assert (network.stack_name, network.template) == ("network", tmp_path / "network.yaml")
    assert (orders.stack_name, orders.parameters, orders.keep_parameters) == ("orders", {"Stage": "test"}, False)
    told = [line for line in result.stderr.splitlines() if line.startswith(("network", "orders"))]
    assert told == ["network: updated (0.00 s)", "orders: updated (0.00 s)"]


@pytest.mark.parametrize("command", [("sandbox", "start"), ("sandbox", "reset")])
def test_the_command_that_runs_them_again_does_so_in_a_sandbox_that_runs(
    awsit: Awsit, wiring: FakeWiring, command: tuple[str, str]
) -> None:
    wiring.sandbox_fake.start()
    assert awsit(*command).exit_code == 0
    assert [each.stack_name for each in wiring.deployed] == ["network", "orders"]


def test_what_starts_the_sandbox_by_itself_deploys_them_first(awsit: Awsit, wiring: FakeWiring) -> None:
    for _ in range(2):
        assert awsit("deploy", "--sandbox").exit_code == 0
    assert [each.stack_name for each in wiring.deployed] == ["network", "orders", "awsit", "awsit"]


def test_a_run_deploys_those_that_a_sandbox_that_runs_has_not(
    awsit: Awsit, wiring: FakeWiring, scenario: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    states = {"network": StackState("id", "CREATE_COMPLETE"), "orders": StackState("id", "ROLLBACK_COMPLETE")}
    monkeypatch.setattr(events, "state_of", lambda _, stack: states[stack])
    wiring.sandbox_fake.start()
    assert awsit("run", str(scenario()), "--sandbox").exit_code == 0
    assert [each.stack_name for each in wiring.deployed] == ["orders"]


def test_a_template_that_is_not_there_is_told_before_anything_starts(
    awsit: Awsit, wiring: FakeWiring, tmp_path: Path
) -> None:
    (tmp_path / "orders.yaml").rename(tmp_path / "order.yaml")
    (tmp_path / "network.yaml").unlink()
    (tmp_path / "network.yaml").mkdir()
    result = awsit("sandbox", "start")
    assert result.exit_code == 3
    assert not wiring.sandbox_fake.running
    assert "orders.yaml does not exist; did you mean `order.yaml`?" in result.stderr
    assert "network.yaml is a folder" in result.stderr
    assert 'path = "orders.yaml"' in result.stderr


@pytest.mark.parametrize("command", [("sandbox", "start"), ("sandbox", "reset"), ("deploy", "--sandbox")])
def test_one_that_fails_ends_the_command_and_the_sandbox_goes_on(
    awsit: Awsit, wiring: FakeWiring, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    if command == ("sandbox", "reset"):
        wiring.sandbox_fake.start()
    fail = EnvironmentFailure("the stack network was rolled back", hint="mend what it says")
    monkeypatch.setattr(wiring, "deploy", _raising(fail))
    result = awsit(*command)
    assert result.exit_code == 4
    assert wiring.sandbox_fake.running
    assert "the stack network was rolled back" in result.stderr
    hint = " ".join(result.stderr.partition("hint: ")[2].split())
    assert hint.startswith(
        "mend what it says. The sandbox goes on running: when it is mended, run `awsit sandbox start`"
    )


def test_a_parameter_that_the_template_has_not_is_shown_in_awsit_toml(
    awsit: Awsit, wiring: FakeWiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "deploy", _raising(UsageError("the template has no parameter Stgae", hint="Stage?")))
    result = awsit("sandbox", "start")
    assert result.exit_code == 3
    assert "the template has no parameter Stgae" in result.stderr
    assert "awsit.toml:" in result.stderr


def test_a_parameter_that_is_missing_is_added_in_awsit_toml_and_not_by_a_flag(
    awsit: Awsit, wiring: FakeWiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = UsageError(
        "the template needs a value of Stage", code="missing_parameter", hint="add --parameter Stage=VALUE"
    )
    monkeypatch.setattr(wiring, "deploy", _raising(error))
    result = awsit("sandbox", "start")
    assert result.exit_code == 3
    assert "the template needs a value of Stage" in result.stderr
    assert "hint: add it to `parameters` below [[sandbox.templates]]" in result.stderr
    assert "--parameter" not in result.stderr


def test_what_the_sandbox_does_not_emulate_has_a_key_here_instead_of_a_flag(
    awsit: Awsit, wiring: FakeWiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = InvalidInputError("the sandbox does not do all", code="unsupported_in_sandbox", hint="--allow-unsupported")
    monkeypatch.setattr(wiring, "deploy", _raising(error))
    result = awsit("sandbox", "start")
    assert result.exit_code == 3
    assert "`allow_unsupported = true`" in result.stderr
    assert "--allow-unsupported" not in result.stderr


def _raising(error: Exception) -> Callable[..., None]:
    def deploy(*_: object) -> None:
        raise error

    return deploy
