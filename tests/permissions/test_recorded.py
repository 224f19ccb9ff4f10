"""What awsit calls today is what is kept in `recorded.json`, from which the page of permissions is made."""

from __future__ import annotations

from pathlib import Path

from tests.deployed import Deployed
from tests.permissions import records, tours

AGAIN = "run `python -m tests.permissions.record`, and `make docs`"


def test_the_function_and_its_actions_call_what_is_kept() -> None:
    kept = {row for row in records.load() if row.caller in {"function", "actions", "mocks"}}

    assert tours.of_the_function() == kept, AGAIN


def test_the_commands_call_what_is_kept(deployed: Deployed, tmp_path: Path) -> None:
    kept = {row for row in records.load() if row.caller not in {"function", "actions", "mocks"}}

    assert tours.of_the_commands(deployed, tmp_path) == kept, AGAIN
