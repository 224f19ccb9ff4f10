"""Every example, on both engines: one report, times and IDs aside."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any

import pytest
from tests.deployed import ORDERS, Deployed, deployed  # noqa: F401 - a fixture is used by its name
from ulid import ULID

from awsit.aws.stepfunctions import StepFunctionsEngine
from awsit.engine.local import LocalEngine
from awsit.model.codec import encode
from awsit.model.events import RunFinished
from awsit.model.json import Json, dumps
from awsit.model.run import RunRequest
from awsit.scenario.load import load_file

SCENARIOS = sorted((ORDERS / "scenarios").glob("*.yaml"))
TIMES = {
    "started_at",
    "finished_at",
    "duration_seconds",
    "delay_seconds",
    "elapsed_ms",
    "date",
    "log_tail",
    "duration_ms",
}
ASIDE = {"run_id", "engine", "execution_arn", "apigw-requestid"}
UNIQUE = re.compile(
    r"run-[0-9A-Z]{26}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)"
)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_both_engines_give_the_same_report(path: Path, deployed: Deployed) -> None:  # noqa: F811
    document = load_file(path).document

    first = report(deployed.local(), document)
    assert first["error"] is None or "on_purpose" in path.stem, first["error"]
    local = normal(first)
    remote = normal(report(deployed.remote(), document))

    assert difference(local, remote) == ""


def difference(local: Json, remote: Json) -> str:
    """The lines in which two reports differ, empty for equal ones."""
    texts = [dumps(each, indent=1, sort_keys=True).splitlines() for each in (local, remote)]
    return "\n".join(difflib.unified_diff(*texts, "local", "remote", n=1, lineterm=""))


def report(engine: LocalEngine | StepFunctionsEngine, document: Json) -> Json:
    request = RunRequest(f"run-{ULID()}", document["name"], document)
    last = list(engine.run(request))[-1]
    assert isinstance(last, RunFinished)
    return encode(last.result)


def normal(value: Json, name: str = "") -> Any:
    """The report without what must differ: times, IDs, and how often a poll looked before it saw."""
    if name in TIMES | ASIDE:
        return f"<{name}>"
    if name == "attempts" and isinstance(value, list):
        return normal(value[-1:] and [{**value[-1], "number": "<number>"}])
    if isinstance(value, dict) and str(value.get("path", "")).endswith(".attempts"):
        value = {**value, "actual": "<attempts>"}
    if isinstance(value, dict):
        return {key: normal(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [normal(item) for item in value]
    return UNIQUE.sub("<id>", value) if isinstance(value, str) else value
