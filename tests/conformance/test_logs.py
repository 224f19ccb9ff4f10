"""The logs of a run are complete: each step's start and end once, on every engine, and one summary of the run."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import boto3
import pytest
from tests.conformance.interpreter import BUCKET, Interpreter
from tests.conformance.service.echo import Service, serving
from tests.unit.engine.world import events_of

from awsit.aws.client.clients import AwsClients
from awsit.aws.logs.queries import QUERIES
from awsit.aws.secrets import AwsSecrets
from awsit.aws.stacks import CloudFormationStacks
from awsit.engine.log_entry import LogEntry
from awsit.engine.services import Services
from awsit.engine.store.memory import MemoryRunStore
from awsit.http.transport import Urllib3Transport
from awsit.lambdas import run_log
from awsit.model.run import RunRequest
from awsit.system.clock import SystemClock
from awsit.system.files import DiskFiles
from awsit.system.randomness import SystemRandomness

RUN_ID = "run-01J00000000000000000000000"
QUICK = {"max_attempts": 3, "interval_seconds": 0.01, "jitter": False}
OF_A_RUN = {"run_id", "scenario", "level", "message", "duration_seconds", "outcome"}
OF_AN_ACTION = {*OF_A_RUN, "action", "attempt"}

Line = dict[str, Any]


def call(name: str, path: str, **more: Any) -> Line:
    return {"name": name, "type": "http_call", "params": {"url": path, "expected_status": 200}, **more}


def scenario(service: str, where: str, *, fails: bool) -> Line:
    """Retries, parallel branches one of which waits while the other fails, a `when`, and clean-up steps."""
    undo = call("Undo", f"{service}/flaky/{where}-undo/1/503", retry=QUICK)
    waits = {"max_attempts": 2, "interval_seconds": 2, "jitter": False}
    slow = call("Waits", f"{service}/status/503", retry=waits)
    branches = [
        {"name": "One", "actions": [slow if fails else call("Quick", f"{service}/status/200")]},
        {"name": "Two", "actions": [{"name": "Little", "type": "wait", "params": {"seconds": 0.3}},
                                    call("Bad", f"{service}/status/{404 if fails else 200}")]},
    ]  # fmt: skip
    return {
        "name": "logged",
        "actions": [
            call("Retried", f"{service}/flaky/{where}/2/503", retry=QUICK, cleanup=[undo]),
            {**call("NotNeeded", f"{service}/status/200"), "when": "{{ 1 > 2 }}"},
            {"name": "SideBySide", "type": "parallel", "params": {"branches": branches}},
        ],
    }


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with serving() as served:
        yield served


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the function writes to its log."""
    stream = io.StringIO()
    monkeypatch.setattr(run_log.logger.registered_handler, "stream", stream)
    return stream


def lines_of(written: io.StringIO) -> list[Line]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def local_lines(document: Line) -> list[Line]:
    entries: list[LogEntry] = []
    aws = AwsClients()
    services = Services(
        engine="local",
        store=MemoryRunStore(),
        http=Urllib3Transport(),
        aws=aws,
        clock=SystemClock(),
        randomness=SystemRandomness(),
        secrets=AwsSecrets(aws),
        stacks=CloudFormationStacks(aws),
        files=DiskFiles(),
        log=entries.append,
    )
    events_of(RunRequest(RUN_ID, "logged", document), services)
    return [{"level": each.level, "message": each.message, **each.fields} for each in entries]


def told(lines: Iterable[Line]) -> Counter[tuple[str, ...]]:
    """The lines of steps, as both engines must have them."""
    keys = ("message", "action", "phase", "attempt", "outcome", "cause")
    return Counter(
        tuple(str(line.get(key)) for key in keys) for line in lines if line["message"].startswith(("step ", "attempt "))
    )


_TEXT, _NAME, _ALIAS = r'"[^"]*"', r"(?<![@\w.])[a-z_][a-z_0-9]*\b(?!\()", r"\bas (\w+)"
_WORDS = {"fields", "filter", "stats", "sort", "limit", "by", "as", "asc", "desc", "and", "or", "in", "not", "like"}


def assert_queries_find_their_fields(lines: list[Line]) -> None:
    """Every field that a query names is one that the lines have which it looks at."""
    for query in QUERIES:
        message = re.search(r'message = "([^"]*)"', query.text)
        looked_at = [line for line in lines if message is None or line["message"] == message[1]]
        bare = re.sub(_TEXT, "", query.text)
        named = set(re.findall(_NAME, bare)) - _WORDS - set(re.findall(_ALIAS, bare))
        assert named <= {key for line in looked_at for key in line}, query.name
        assert named, query.name


@pytest.mark.parametrize(("fails", "compact"), [(False, False), (False, True), (True, False)])
def test_each_step_starts_and_ends_once_on_both_engines_and_the_run_has_one_summary(
    fails: bool, compact: bool, service: Service, machine: Interpreter, written: io.StringIO
) -> None:
    machine.run(scenario(service.url, f"remote-{fails}-{compact}", fails=fails), RUN_ID, compact=compact)
    remote, local = lines_of(written), local_lines(scenario(service.url, f"local-{fails}-{compact}", fails=fails))

    branches = ["Waits", "Little", "Bad"] if fails else ["Quick", "Little", "Bad"]
    steps = sorted(["Retried", "NotNeeded", *branches, "Undo"])
    for lines in (remote, local):
        for message in ("step started", "step ended"):
            assert sorted(line["action"] for line in lines if line["message"] == message) == steps
        assert [line for line in lines if "action" in line and not line.keys() >= OF_AN_ACTION] == []
    assert told(remote) == told(local)
    assert all(line.keys() >= OF_A_RUN for line in remote)
    assert {(line["run_id"], line["scenario"]) for line in remote} == {(RUN_ID, "logged")}
    (summary,) = [line for line in remote if line["message"] == "run ended"]
    shown = {key: summary[key] for key in ("outcome", "steps", "retries", "steps_failed", "cleanup", "left_behind")}
    assert shown == {
        "outcome": "failed" if fails else "passed",
        "steps": 5,
        "retries": 3,
        "steps_failed": int(fails),
        "cleanup": "clean",
        "left_behind": 0,
    }
    assert 20 < summary["events_used"] < 200
    if fails:
        assert_queries_find_their_fields([*remote, *local])
    assert summary["level"] == ("ERROR" if fails else "INFO")


def test_a_run_whose_execution_was_cut_off_has_one_summary(
    service: Service, machine: Interpreter, written: io.StringIO
) -> None:
    document = {"name": "logged", "actions": scenario(service.url, "cut-off", fails=False)["actions"][:1]}
    boto3.client("s3").put_object(Bucket=BUCKET, Key="scenarios/it.json", Body=json.dumps(document))
    execution = {"id": machine.execution_arn(RUN_ID), "name": RUN_ID, "started_at": "2026-01-01T00:00:00Z"}

    def invoke(task: str, **more: Any) -> Any:
        return machine.invoke({"task": task, "execution": execution, **more})

    invoke("prepare", input={"scenario": "it"})
    for sequence in (1, 2, 3):
        invoke("execute", index=0, sequence=sequence)
    assert [invoke("recover", status="ABORTED")["recovered"] for _ in range(2)] == [True, False]

    lines = lines_of(written)
    (summary,) = [line for line in lines if line["message"] == "run ended"]
    assert (summary["outcome"], summary["run_id"], summary["scenario"]) == ("cancelled", RUN_ID, "logged")
    assert [line["message"] for line in lines if line.get("action") == "Undo" and "step" in line["message"]] == [
        "step started",
        "step ended",
    ]
