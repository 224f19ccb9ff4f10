"""A load that the account starts, on the sandbox."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from tests.deployed import Deployed
from tests.e2e.suites.test_in_account import items, scenario

from awsit.aws.runs.history import RunHistory
from awsit.cli.main import cli
from awsit.reporting.report_schema import load_schema

SLOW = {"p95_ms": 60_000, "dropped_rate": 0.75}
"""Some functions of the sandbox have to start first, on a machine that does much else."""


def test_the_account_starts_a_load_and_tells_of_it_later(
    deployed: Deployed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = {**scenario("loaded"), "load": {"rate": 4, "for": 1, "expect": SLOW}}
    (tmp_path / "loaded.json").write_text(json.dumps(document), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def awsit(*arguments: str) -> None:
        result = CliRunner().invoke(cli, arguments, env=deployed.environment(), prog_name="awsit")
        assert result.exit_code == 0, result.output

    def load(named: str) -> Any:
        awsit("load", named, "--engine", "stepfunctions", "--json", "load.json")
        return json.loads(Path("load.json").read_text(encoding="utf-8"))

    awsit("run", "loaded.json", "--stack", "awsit")  # what has to start first may be too late
    found = load("loaded.json")
    jsonschema.validate(found, load_schema())
    each = found["iterations"]
    assert (found["engine"], each["scheduled"]) == ("stepfunctions", 4)
    assert each["passed"] + each["dropped"] == 4
    assert found["times"]["count"] == found["start_delays"]["count"] == each["passed"] >= 1
    assert items(deployed) == []
    assert RunHistory(deployed.aws, deployed.installation.table).of("loaded")[1:] == []  # which is of tests
    assert load(found["load_id"]) == found
