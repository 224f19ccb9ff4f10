"""Suites, their history and comparisons on the sandbox: everything is read from the stack, as a colleague would."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.deployed import ORDERS, Deployed

AWSIT = Path(sys.executable).with_name("awsit")
PRICED = """
name: order_is_priced
variables: {expected: 25}
actions:
  - name: CreateOrder
    type: http_call
    params:
      url: "{{ stack('orders').ApiUrl }}/orders"
      method: POST
      body: {product: book, quantity: 2}
      expected_status: 201
    pass_to_context: {order_id: $.body.order_id}
    assert:
      - {path: $.body.total, equals: "{{ vars.expected }}"}
    cleanup:
      - name: DeleteOrder
        type: dynamodb
        params:
          operation: delete_item
          table: "{{ stack('orders').Table }}"
          key: {order_id: "{{ context.order_id }}"}
"""
Awsit = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def environment(deployed: Deployed, tmp_path: Path) -> dict[str, str]:
    """An environment that knows nothing but where the sandbox is."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AWSIT_STATE_FOLDER": str(deployed.sandbox.state_folder),
        "AWSIT_REPORT_FOLDER": str(tmp_path / "reports"),
        "AWSIT_SANDBOX": "true",
        "COLUMNS": "80",
    }


@pytest.fixture
def awsit(environment: dict[str, str], tmp_path: Path) -> Awsit:
    """The command, on the sandbox; `reports` is its report folder: another one knows nothing of what ran."""

    def call(*arguments: object, reports: str = "reports") -> subprocess.CompletedProcess[str]:
        command = [str(AWSIT), *map(str, arguments)]
        mine = {**environment, "AWSIT_REPORT_FOLDER": str(tmp_path / reports)}
        return subprocess.run(command, env=mine, capture_output=True, text=True, timeout=90, check=False)

    return call


def document_of(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def test_the_stack_knows_the_runs_of_a_scenario_and_compares_them(awsit: Awsit) -> None:
    Path("priced.yaml").write_text(PRICED, encoding="utf-8")
    passed = document_of(awsit("run", "priced.yaml", "--repeat", "2", "--json"))
    failed = document_of(awsit("run", "priced.yaml", "--var", "expected=26", "--json"))

    (series,) = document_of(awsit("history", "order_is_priced", "--json", reports="elsewhere"))

    runs = [*(run["run_id"] for run in passed), failed["run_id"]]
    assert {entry["run_id"] for entry in series["entries"]} == set(runs)
    assert (series["passed"], series["failed"]) == (2, 1)
    assert series["flaky"] == [{"fingerprint": failed["fingerprint"], "passed": 2, "failed": 1, "changes": 1}]
    shown = awsit("history", "order_is_priced", reports="elsewhere")
    assert "order_is_priced  3 runs, 2 passed, 1 failed" in shown.stdout
    assert "order_is_priced" in awsit("history", reports="elsewhere").stdout

    by_id = awsit("compare", runs[0], runs[2], "--json", reports="elsewhere")
    by_arn = awsit("compare", passed[0]["execution_arn"], failed["execution_arn"], "--json", reports="elsewhere")
    assert document_of(by_id) == document_of(by_arn)
    (create, _) = document_of(by_id)["steps"]
    assert [(check["before"], check["after"]) for check in create["checks"]] == [(True, False)]
    assert create["differences"] == []
    assert document_of(awsit("compare", runs[0], runs[1], "--json", reports="elsewhere"))["is_different"] is False


def test_several_at_once_and_only_those_that_failed_again(awsit: Awsit) -> None:
    names = ["accepted_order", "invalid_order", "fails_on_purpose", "rejected_order"]
    done = awsit("run", *(ORDERS / "scenarios" / f"{name}.yaml" for name in names), "--jobs", "4", "--json")

    assert done.returncode == 1, done.stderr
    assert [run["scenario"] for run in document_of(done)] == names
    assert [run["status"] for run in document_of(done)] == ["passed", "passed", "failed", "passed"]
    again = document_of(awsit("run", "--rerun-failed", "--json"))
    assert again["scenario"] == "fails_on_purpose"


def test_a_scenario_that_never_ran_there_is_not_found(awsit: Awsit) -> None:
    done = awsit("history", "no_such_scenario")
    assert done.returncode == 3
    assert "no run of 'no_such_scenario' is known in the stack's records" in done.stderr


PAUSED = """
name: paused
actions:
  - name: Put
    type: aws_api
    params: {service: ssm, operation: put_parameter, params: {Name: "/paused/{{ run.id }}", Value: x, Type: String}}
    cleanup:
      - name: Delete
        type: aws_api
        params: {service: ssm, operation: delete_parameter, params: {Name: "/paused/{{ run.id }}"}}
  - {name: Pause, type: wait, params: {seconds: 600}}
"""


def test_ctrl_c_ends_every_local_run_that_goes_on_and_cleans_up_after_each(
    environment: dict[str, str],
    deployed: Deployed,
) -> None:
    def parameters() -> set[str]:
        found = deployed.aws.client("ssm").describe_parameters()["Parameters"]
        return {each["Name"] for each in found if each["Name"].startswith("/paused/")}

    Path("paused.yaml").write_text(PAUSED, encoding="utf-8")
    flags = ["--engine", "local", "--repeat", "5", "--jobs", "3", "--json"]
    with subprocess.Popen(
        [str(AWSIT), "run", "paused.yaml", *flags],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        until(lambda: len(parameters()) == 3)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=30)

    assert run.returncode == 130, err
    assert [each["status"] for each in json.loads(out)] == ["cancelled"] * 3 + ["skipped"] * 2
    assert parameters() == set()


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.2)
