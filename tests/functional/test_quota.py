"""A run beyond a quota is refused before anything is started."""

from __future__ import annotations

import json
from pathlib import Path

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
