"""A load that the account starts, on the sandbox: when its starts come, and what is left after Ctrl-C.

`make nightly` runs it.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from signal import SIGINT
from threading import Thread
from time import time
from typing import Any

import pytest
from tests.deployed import Deployed, sandboxed
from tests.e2e.suites.test_in_account import AWSIT, until

from awsit.aws.deployment.deploy import deploy
from awsit.aws.deployment.model import DeployOptions
from awsit.sandbox.deployment.target import SandboxTarget
from awsit.system.clock import SystemClock

RATE = 2
MOST_TRIES = 4
"""The functions of the sandbox have to start first, which takes the seconds of whatever else this machine does."""


class Service:
    """Notes when each order was made and deleted."""

    def __init__(self) -> None:
        made, deleted = self.made, self.deleted = dict[str, float](), dict[str, float]()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self._note(made)

            def do_DELETE(self) -> None:
                self._note(deleted)

            def _note(self, orders: dict[str, float]) -> None:
                orders[self.path] = time()
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.order = f"http://127.0.0.1:{self.server.server_port}/{{{{ run.id }}}}"


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    Thread(target=service.server.serve_forever, daemon=True).start()
    yield service
    service.server.shutdown()
    service.server.server_close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """A sandbox whose functions reach this machine."""
    with sandboxed(tmp_path_factory.mktemp("load")) as with_awsit:
        cache, reach = with_awsit.sandbox.state_folder / "cache", {"AllowedHosts": "127.0.0.1"}
        options = DeployOptions(cache, "awsit", None, reach, dependencies=False, target=SandboxTarget())
        for _ in deploy(with_awsit.aws, SystemClock(), options):
            pass
        yield with_awsit


@pytest.fixture
def folder(tmp_path: Path, service: Service) -> Path:
    delete = {"name": "Delete", "type": "http_call", "params": {"url": service.order, "method": "DELETE"}}
    create = {"name": "Create", "type": "http_call", "params": {"url": service.order, "method": "POST"}}
    document = {"name": "order", "load": {"rate": RATE, "for": 6}, "actions": [{**create, "cleanup": [delete]}]}
    (tmp_path / "order.json").write_text(json.dumps(document), encoding="utf-8")
    return tmp_path


def load(made: Deployed, *options: str) -> subprocess.Popen[str]:
    command = [str(AWSIT), "load", "order.json", "--engine", "stepfunctions", "--json", "load.json", *options]
    return subprocess.Popen(command, env=made.environment(), stderr=subprocess.PIPE, text=True)


def written(folder: Path) -> Any:
    return json.loads((folder / "load.json").read_text(encoding="utf-8"))


def test_starts_come_at_their_moments(
    made: Deployed, folder: Path, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    for _ in range(MOST_TRIES):
        service.made.clear()
        service.deleted.clear()
        with load(made) as process:
            _, said = process.communicate(timeout=120)
        if process.returncode == 0:
            break
    found, moments = written(folder), sorted(service.made.values())

    assert process.returncode == 0, said
    assert found["iterations"]["passed"] == len(moments) == len(service.deleted) == 6 * RATE
    assert [at - moments[0] for at in moments] == pytest.approx([n / RATE for n in range(6 * RATE)], abs=1)
    assert moments[-1] - moments[0] == pytest.approx(6 - 1 / RATE, abs=0.5)


def test_ctrl_c_stops_the_load_and_leaves_nothing(
    made: Deployed, folder: Path, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    with load(made, "--for", "10m") as process:
        until(lambda: len(service.made) >= RATE)
        process.send_signal(SIGINT)
        stopped_at = time()
        _, said = process.communicate(timeout=120)
    found = written(folder)

    assert process.returncode == 130, said
    assert "Stopping the load" in said
    assert found["status"] == "cancelled"
    assert max(service.made.values()) < stopped_at + 5
    assert set(service.made) == set(service.deleted)
    assert found["iterations"]["started"] >= len(service.made)
