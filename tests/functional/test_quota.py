"""A run beyond a quota is refused before anything is started."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from awsit.cli.main import cli


def polling(actions: int) -> str:
    until = {"assert": [{"path": "$.body", "equals": 1}], "timeout_seconds": 250, "interval_seconds": 1}
    polls = [
        {"name": f"A{number}", "type": "http_call", "params": {"url": "http://api.test/"}, "until": until}
        for number in range(actions)
    ]
    return json.dumps({"name": "polls", "timeout_seconds": 86_000, "actions": polls})


def test_a_run_beyond_the_quota_of_events_names_it_and_never_starts() -> None:
    Path("polls.json").write_text(polling(20), encoding="utf-8")

    done = CliRunner().invoke(cli, ["run", "polls.json", "--stack", "awsit", "--region", "eu-west-1"])

    assert done.exit_code == 3
    assert "25,000" in done.stderr
    assert "polls is too large for Step Functions" in done.stderr
    assert "polls.json:1:" in done.stderr
