"""Runs of this machine that are stopped before their end: by Ctrl-C in their terminal, and from another process."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace

import pytest
from tests.pseudo_terminal import CTRL_C, terminal

AWSIT = str(Path(sys.executable).with_name("awsit"))
SCENARIO = """
name: slow
actions:
  - name: Make
    type: http_call
    params: {url: "URL/things", method: POST}
    cleanup: [{name: Drop, type: http_call, params: {url: "URL/things/1", method: DELETE}}]
  - {name: Hang, type: http_call, params: {url: "URL/hang"}}
  - {name: Never, type: http_call, params: {url: "URL/never"}}
"""


class Service:
    """A service that answers `/hang` only when it is let go. `calls` are the method and path of each request."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.hangs, self.let_go = Event(), Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.calls.append(f"{self.command} {self.path}")
                if self.path == "/hang":
                    service.hangs.set()
                    service.let_go.wait(60)
                with suppress(BrokenPipeError):  # who asked has been killed meanwhile
                    self.send_response(200)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def do_POST(self) -> None:
                self.do_GET()

            def do_DELETE(self) -> None:
                self.do_GET()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service()
    thread = Thread(target=service.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    (tmp_path / "slow.yaml").write_text(SCENARIO.replace("URL", service.url))
    yield service
    service.let_go.set()
    service.server.shutdown()
    service.server.server_close()
    thread.join()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TERM": "xterm-256color", "LANG": "C.UTF-8"}


def awsit(environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [AWSIT, *arguments], env=environment, capture_output=True, text=True, timeout=180, check=False
    )


def run_id() -> str:
    (journal,) = Path(".awsit/journal").glob("run-*.jsonl")
    return journal.stem


def test_after_a_second_ctrl_c_the_command_that_cleans_up_is_told(service, environment):
    with terminal([AWSIT, "run", "slow.yaml"], environment) as screen:
        assert service.hangs.wait(60)
        screen.press(CTRL_C)
        screen.until("Ctrl-C again leaves at once")
        screen.press(CTRL_C)
        assert screen.end() == 130
    (command,) = [line.strip() for line in screen.shown.splitlines() if line.startswith("  awsit cleanup")]
    assert command == f"awsit cleanup {run_id()}"
    assert awsit(environment, *command.split()[1:]).returncode == 0
    assert service.calls[-1] == "DELETE /things/1"


def test_a_run_is_stopped_from_another_process_and_cleans_up(service, environment):
    with terminal([AWSIT, "run", "slow.yaml"], environment) as screen:
        assert service.hangs.wait(60)
        assert "running" in awsit(environment, "status", run_id()).stdout
        stopped = awsit(environment, "stop", run_id())
        assert (stopped.returncode, "its process cleans up now" in stopped.stderr) == (0, True)
        service.let_go.set()
        assert screen.end() == 1
    assert "Stopped by `awsit stop`." in screen.shown
    assert service.calls == ["POST /things", "GET /hang", "DELETE /things/1"]


@pytest.mark.parametrize("command", ["stop", "logs"])
def test_of_a_local_run_that_is_over_the_command_that_helps_is_told(service, environment, command):
    service.let_go.set()
    awsit(environment, "run", "slow.yaml")
    (report,) = Path(".awsit/reports").glob("run-*.json")
    refused = awsit(environment, command, report.stem)
    assert refused.returncode == 2
    assert f"awsit status {report.stem}" in refused.stderr


def test_abort_is_for_a_suite_in_the_account_too(awsit, wiring):
    aborted = []
    suites = SimpleNamespace(stop=lambda _, *, abort: aborted.append(abort) or 2)
    wiring.suites = lambda *_: suites
    suite_id = f"suite-{1:026d}"
    assert "2 runs went on" in awsit("stop", suite_id, "--abort", "--stack", "awsit").stderr
    awsit("stop", suite_id, "--stack", "awsit")
    assert aborted == [True, False]
