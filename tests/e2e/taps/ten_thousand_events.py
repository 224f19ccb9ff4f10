"""Twenty runs that listen on one bus at once, beside ten thousand events of others: each hears its own, all of them.

`make nightly` runs it.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.deployed import Deployed
from tests.e2e.suites.test_in_account import AWSIT

RUNS, OWN, OTHERS, AT_ONCE = 20, 3, 10_000, 10
BUS = "shop"


def scenario() -> Any:
    """A run that puts three events and hears these alone; the first run of all hears some of those of others, too."""
    pattern = {"source": ["orders"], "detail": {"run": ["{{ run.id }}"]}}
    event = {"source": "orders", "detail_type": "placed", "detail": {"run": "{{ run.id }}", "n": "{{ context.n }}"}}
    heard = {"path": "$.heard", "equals": OWN}
    numbers = {"path": "$.messages[*].detail.n", "all": {"path": "$", "one_of": [*range(OWN)]}}
    return {
        "name": "hears_its_own",
        "matrix": [{"number": number} for number in range(RUNS)],
        "timeout_seconds": 300,
        "actions": [
            {"name": "Own", "type": "listen", "params": {"event_bus": BUS, "pattern": pattern}},
            {
                "name": "Others",
                "type": "listen",
                "when": "{{ vars.number == 0 }}",
                "params": {"event_bus": BUS, "pattern": {"source": ["others"]}},
            },
            {
                "name": "Put",
                "type": "eventbridge",
                "for_each": {"item": [*range(OWN)], "as": "n"},
                "params": {"bus": BUS, "events": [event]},
            },
            {
                "name": "Heard",
                "type": "receive",
                "params": {"from": "Own", "count": OWN, "within_seconds": 120},
                "assert": [heard, numbers],
            },
            {"name": "NoMore", "type": "receive", "params": {"from": "Own", "count": 0}},
        ],
    }


@pytest.fixture
def bus(deployed: Deployed) -> Iterator[Any]:
    """A client of EventBridge, on whose bus events of others come without end until there were ten thousand."""
    events = deployed.aws.client("events")
    events.create_event_bus(Name=BUS)
    entry = {"Source": "others", "DetailType": "seen", "EventBusName": BUS}

    def put(first: int) -> int:
        entries = [{**entry, "Detail": json.dumps({"n": first + each})} for each in range(AT_ONCE)]
        return int(events.put_events(Entries=entries)["FailedEntryCount"])

    with ThreadPoolExecutor(1) as pool:
        putting = [pool.submit(put, first) for first in range(0, OTHERS, AT_ONCE)]
        yield events
        assert sum(each.result() for each in putting) == 0
    events.delete_event_bus(Name=BUS)


@pytest.mark.parametrize("engine", ["local", "stepfunctions"])
def test_each_run_hears_its_own_events_and_leaves_nothing(
    engine: str,
    bus: Any,
    deployed: Deployed,
    tmp_path: Path,
) -> None:
    (tmp_path / "taps.json").write_text(json.dumps(scenario()), encoding="utf-8")

    command = [str(AWSIT), "run", "taps.json", "--engine", engine, "--jobs", str(RUNS), "--json", "report.json"]
    ended = subprocess.run(
        command, cwd=tmp_path, env=deployed.environment(), capture_output=True, encoding="utf-8", check=False
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    results = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert [(each["status"], each["cleanup"]["verdict"]) for each in results] == [("passed", "clean")] * RUNS
    assert bus.list_rules(EventBusName=BUS)["Rules"] == []
    queues = deployed.aws.client("sqs").list_queues(QueueNamePrefix="awsit-run-").get("QueueUrls", [])
    assert queues == []
