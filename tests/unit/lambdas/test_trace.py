"""What the X-Ray daemon is sent."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from tests.unit.engine.world import RUN_ID, World, answer

from awsit.aws.stepfunctions.execution import Execution
from awsit.lambdas import atomic_invoker
from awsit.lambdas.host import Host
from awsit.lambdas.trace import Trace

ROOT, PARENT = "1-5759e988-bd862e3fe1be46a994272793", "53995c3f42cd8ad8"
HEADER = f"Root={ROOT};Parent={PARENT};Sampled=1;Lineage=a87bd80c:1"
NAMED = {"run_id": "run-1", "scenario": "orders", "action": "Get", "message": "no annotation"}


@pytest.fixture
def daemon() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(10)
        yield receiver


def environment(daemon: socket.socket, header: str = HEADER) -> dict[str, str]:
    return {"_X_AMZN_TRACE_ID": header, "AWS_XRAY_DAEMON_ADDRESS": f"127.0.0.1:{daemon.getsockname()[1]}"}


def received(daemon: socket.socket) -> Any:
    preamble, document = daemon.recv(65_536).decode().split("\n")
    assert json.loads(preamble) == {"format": "json", "version": 1}
    return json.loads(document)


def test_a_task_is_a_subsegment_with_annotations(daemon: socket.socket) -> None:
    Trace.of(environment(daemon)).send("execute", 1_700_000_000.25, 0.5, NAMED)

    sent = received(daemon)
    assert len(sent.pop("id")) == 16
    assert sent == {
        "type": "subsegment",
        "trace_id": ROOT,
        "parent_id": PARENT,
        "name": "awsit execute",
        "start_time": 1_700_000_000.25,
        "end_time": 1_700_000_000.75,
        "annotations": {"run_id": "run-1", "scenario": "orders", "action": "Get"},
    }


def test_a_task_that_failed_is_a_fault_and_what_has_no_name_no_annotation(daemon: socket.socket) -> None:
    Trace.of(environment(daemon)).send("prepare", 0.0, 0.5, {"run_id": "run-1", "scenario": ""}, fault=True)

    sent = received(daemon)
    assert (sent["fault"], sent["annotations"]) == (True, {"run_id": "run-1"})


@pytest.mark.parametrize("header", ["", f"Root={ROOT};Parent={PARENT};Sampled=0", f"Root={ROOT}"])
def test_nothing_is_sent_of_what_is_not_sampled(daemon: socket.socket, header: str) -> None:
    trace = Trace.of(environment(daemon, header))
    trace.send("execute", 0.0, 0.5, NAMED)

    assert trace.id == (ROOT if header else "")
    daemon.setblocking(False)
    with pytest.raises(BlockingIOError):
        daemon.recv(1)


@pytest.mark.parametrize("address", ["", "localhost", "127.0.0.1:tcp", "127.0.0.1:70000", "no.such.host.invalid:2000"])
def test_a_task_is_done_also_where_the_daemon_cannot_be_reached(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", HEADER)
    monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", address)
    world = World(answer())
    world.run("name: traced\nactions: [{name: Get, type: http_call, params: {url: 'http://api.test/'}}]")
    store: Any = world.store
    host = Host(world.services, world.services.aws, store, "bucket", "table")

    done = atomic_invoker._carry_out(host, Execution("", RUN_ID), {"task": "report"})

    assert done == {"run_id": RUN_ID, "status": "passed", "cleanup": "clean"}
