"""The command line on the sandbox, as a person uses it: real processes, the real stack, the example service."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.deployed import ORDERS, Deployed
from tests.pseudo_terminal import CTRL_C, terminal

AWSIT = Path(sys.executable).with_name("awsit")
SLOW = """
name: slow
actions:
  - name: Put
    type: aws_api
    params: {service: ssm, operation: put_parameter, params: {Name: "/slow/{{ run.id }}", Value: x, Type: String}}
    cleanup:
      - name: Delete
        type: aws_api
        params: {service: ssm, operation: delete_parameter, params: {Name: "/slow/{{ run.id }}"}}
  - {name: Pause, type: wait, params: {seconds: 3}}
  - {name: Never, type: wait, params: {seconds: 60}}
"""

Awsit = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def environment(deployed: Deployed) -> dict[str, str]:
    """An environment that knows nothing but where the sandbox is."""
    return {**deployed.environment(), "COLUMNS": "100"}


@pytest.fixture
def awsit(environment: dict[str, str]) -> Awsit:
    def call(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [str(AWSIT), *map(str, arguments)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)

    return call


def report_of(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def test_a_file_runs_in_the_account_and_is_cleaned_up(awsit: Awsit) -> None:
    done = awsit("run", ORDERS / "scenarios" / "accepted_order.yaml")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ CreateOrder" in done.stdout
    assert "clean-up" in done.stdout
    assert "PASSED  accepted_order" in done.stdout
    assert "arn:aws:states:us-east-1:000000000000:execution:" in done.stdout


def test_a_failure_says_what_was_expected_and_ends_with_1(awsit: Awsit) -> None:
    done = awsit("run", ORDERS / "scenarios" / "fails_on_purpose.yaml")

    assert done.returncode == 1
    assert "$.body.total: expected 22.50, got 25" in done.stdout
    assert "not run: NeverReached" in done.stdout


def test_pushed_scenarios_are_listed_and_run_by_name_and_status_and_logs_tell_of_the_run(awsit: Awsit) -> None:
    assert awsit("push", ORDERS / "scenarios").returncode == 0
    listed = report_of(awsit("list-scenarios", "--json"))
    assert "accepted_order" in {each["name"] for each in listed}

    run = report_of(awsit("run", "accepted_order", "--json"))

    assert (run["status"], run["version"]) == ("passed", "awsit.report/1")
    by_id, by_arn = awsit("status", run["run_id"]), awsit("status", run["execution_arn"])
    assert by_id.returncode == by_arn.returncode == 0
    assert "✓ accepted_order  passed" in by_id.stdout
    assert by_id.stdout == by_arn.stdout
    told = awsit("logs", run["run_id"]).stdout
    assert "VerifyFinalAssertions" in told
    assert "task=execute" in told


def test_a_run_that_is_not_waited_for_can_be_stopped_and_cleans_up(awsit: Awsit, deployed: Deployed) -> None:
    Path("slow.yaml").write_text(SLOW, encoding="utf-8")
    run_id = report_of(awsit("run", "slow.yaml", "--no-wait", "--json"))["run_id"]

    assert awsit("stop", run_id).returncode == 0

    assert ended(lambda: report_of(awsit("status", run_id, "--json")))["status"] == "cancelled"
    names = deployed.aws.client("ssm").describe_parameters()["Parameters"]
    assert [each["Name"] for each in names if run_id in each["Name"]] == []


def test_ctrl_c_twice_says_that_the_run_goes_on_and_how_to_stop_it(awsit: Awsit, environment: dict[str, str]) -> None:
    Path("slow.yaml").write_text(SLOW, encoding="utf-8")
    with terminal([str(AWSIT), "run", "slow.yaml"], {**environment, "NO_COLOR": "1"}) as screen:
        screen.until("✓ Put")
        screen.press(CTRL_C + CTRL_C)
        assert screen.end() == 130

    assert "The run goes on in Step Functions" in screen.shown
    stop = next(line for line in screen.shown.splitlines() if "awsit stop" in line).split("awsit ")[1].split()
    assert awsit(*stop).returncode == 0


def ended(look: Callable[[], Any]) -> Any:
    """The run once it is over."""
    deadline = time.monotonic() + 60
    while (seen := look())["status"] == "running":
        assert time.monotonic() < deadline, "the run did not end"
        time.sleep(0.2)
    return seen


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_local_run_that_is_interrupted_stops_waiting_and_cleans_up(
    sent: signal.Signals,
    environment: dict[str, str],
    deployed: Deployed,
) -> None:
    Path("slow.yaml").write_text(
        SLOW.replace("seconds: 3}", "seconds: 300}").replace("/slow/", "/local/"), encoding="utf-8"
    )
    command = [str(AWSIT), "run", "-v", "slow.yaml", "--engine", "local"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert any("» Pause" in line for line in run.stdout)
        run.send_signal(sent)
        told, _ = run.communicate(timeout=180)

    assert run.returncode == 130
    assert "✓ Delete" in told
    assert "CANCELLED" in told
    assert "Pause: cut off in its wait, for the run was stopped." in told
    assert "not run: Never" in told
    names = deployed.aws.client("ssm").describe_parameters()["Parameters"]
    assert [each["Name"] for each in names if each["Name"].startswith("/local/")] == []
