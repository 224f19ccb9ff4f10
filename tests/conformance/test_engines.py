"""Every example, on both engines: one report, times and IDs aside."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conformance.cases import load
from tests.conformance.comparing import comparable, difference, report
from tests.deployed import ORDERS, Deployed
from ulid import ULID

from awsit.aws.runs.store import DynamoRunStore
from awsit.model.run import RunRequest

SCENARIOS = sorted((ORDERS / "scenarios").glob("*.yaml"))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_both_engines_give_the_same_report(path: Path, deployed: Deployed) -> None:
    document = load(path).document

    first = report(deployed.local(), document)
    assert first["error"] is None or "on_purpose" in path.stem, first["error"]
    local = comparable(document, first)
    remote = comparable(document, report(deployed.remote(), document))

    assert difference(local, remote) == ""


def test_whether_a_run_is_compact_is_what_its_request_says(deployed: Deployed) -> None:
    document = {"name": "it", "actions": [{"name": "A", "type": "wait", "params": {"seconds": 0}}]}
    store = DynamoRunStore(deployed.aws, deployed.installation.table, deployed.installation.bucket)

    for compact in (True, False):
        request = RunRequest(f"run-{ULID()}", "it", document, compact=compact)
        report(deployed.remote(), document, request)
        assert store.plan(request.run_id).compact is compact


def test_values_may_come_to_more_than_an_item_of_dynamodb_holds(deployed: Deployed) -> None:
    value = "{{ vars.half ~ vars.half }}"
    actions = [
        {"name": f"A{number}", "type": "wait", "let": {f"v{number}": value}, "params": {"seconds": 0}}
        for number in range(28)
    ]
    checks = [{"path": f"$.context.{name}", "length": 16_000} for name in ("v0", "v27")]
    document = {"name": "much", "variables": {"half": "x" * 8000}, "actions": actions, "assertions": checks}

    for engine in (deployed.local(), deployed.remote()):
        told = report(engine, document)
        assert (told["status"], told["error"]) == ("passed", None)
