"""A run that is traced: its tasks have annotations, and its report names the trace."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from tests.conformance.interpreter import BUCKET, Interpreter

RUN_ID = "run-01J00000000000000000000000"
ROOT = "1-5759e988-bd862e3fe1be46a994272793"
DOCUMENT = {"name": "traced", "actions": [{"name": "Little", "type": "wait", "params": {"seconds": 0}}]}
TWO = {"name": "two", "actions": [{"name": name, "type": "wait", "params": {"seconds": 0}} for name in ("A", "B")]}


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """What takes the traces, of an invocation that is sampled."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))
        daemon.settimeout(10)
        monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", f"127.0.0.1:{daemon.getsockname()[1]}")
        monkeypatch.setenv("_X_AMZN_TRACE_ID", f"Root={ROOT};Parent=53995c3f42cd8ad8;Sampled=1")
        yield daemon


def received(daemon: socket.socket) -> tuple[str, Any]:
    """The name and the annotations of the next subsegment."""
    sent = json.loads(daemon.recv(65_536).decode().splitlines()[1])
    return sent["name"], sent["annotations"]


def test_each_action_of_a_compact_run_has_annotations(machine: Interpreter, daemon: socket.socket) -> None:
    machine.run(TWO, RUN_ID, compact=True)

    told = [received(daemon) for _ in range(3)]
    assert [(name, annotations.get("action")) for name, annotations in told] == [
        ("awsit prepare", None),
        ("awsit execute", "A"),
        ("awsit execute", "B"),
    ]


def test_tasks_have_annotations_and_the_report_names_the_trace(
    machine: Interpreter, daemon: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    boto3.client("s3").put_object(Bucket=BUCKET, Key="scenarios/it.json", Body=json.dumps(DOCUMENT))
    execution = {"id": machine.execution_arn(RUN_ID), "name": RUN_ID, "started_at": "2026-01-01T00:00:00Z"}

    def invoke(task: str, **more: Any) -> Any:
        machine.invoke({"task": task, "execution": execution, **more})
        return received(daemon)

    run = {"run_id": RUN_ID, "scenario": "traced"}
    assert invoke("prepare", input={"scenario": "it"}) == ("awsit prepare", run)
    assert invoke("execute", index=0, sequence=1) == ("awsit execute", {**run, "action": "Little"})
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-another;Parent=53995c3f42cd8ad8;Sampled=1")
    assert invoke("recover", status="ABORTED") == ("awsit recover", run)

    assert machine.report(RUN_ID).trace_id == ROOT
