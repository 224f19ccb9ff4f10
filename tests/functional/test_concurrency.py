"""Runs that share a `concurrency` key: real processes, and a service that counts how many are inside."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread, Timer
from typing import IO

import pytest
from tests.functional.fakes import PASSING

from awsit.system.slots import Slots

AWSIT = str(Path(sys.executable).with_name("awsit"))
SCENARIO = """
name: NAME
variables: {queue: orders}
matrix: {n: [1, 2]}
concurrency: {key: "{{ vars.queue }}_queue", limit: LIMIT}
actions:
  - name: Enter
    type: http_call
    params: {url: "URL/enter", method: POST}
    cleanup: [{type: http_call, params: {url: "URL/leave", method: POST}}]
  - {name: Work, type: http_call, params: {url: "URL/work", method: POST}}
"""


class Service:
    """Counts who is inside. `holds` keeps those who work inside until it is cleared; `works` says that one does."""

    def __init__(self) -> None:
        self.inside = self.most = self.entered = 0
        self.lock, self.works, self.goes_on = Lock(), Event(), Event()
        self.goes_on.set()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                service.count(self.path)
                if self.path == "/work":
                    service.works.set()
                    service.goes_on.wait(60)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def count(self, path: str) -> None:
        with self.lock:
            self.inside += {"/enter": 1, "/leave": -1}.get(path, 0)
            self.entered += path == "/enter"
            self.most = max(self.most, self.inside)


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    thread = Thread(target=service.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield service
    service.goes_on.set()
    service.server.shutdown()
    service.server.server_close()
    thread.join()


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(service: Service, tmp_path: Path) -> Iterator[Start]:
    """`awsit run` in a process of its own, with scenarios for the service."""
    started: list[subprocess.Popen[str]] = []
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    for name, limit in (("alone", 1), ("pair", 2)):
        text = SCENARIO.replace("URL", service.url).replace("NAME", name).replace("LIMIT", str(limit))
        (tmp_path / f"{name}.yaml").write_text(text)

    def starting(*arguments: str) -> "subprocess.Popen[str]":
        command = [AWSIT, "run", *arguments]
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started.append(process)
        return process

    yield starting
    for process in started:
        process.kill()
        process.communicate()


def line_with(text: str, output: IO[str] | None) -> str:
    """The next line of the output that holds the text."""
    assert output is not None
    return next(line for line in output if text in line)


@pytest.mark.parametrize(("name", "most"), [("alone", {1}), ("pair", {1, 2})])
def test_no_more_are_inside_than_the_limit_says(start: Start, service: Service, name: str, most: set[int]) -> None:
    processes = [start(name, "-j", "2"), start(name, "-j", "2")]
    outputs = [process.communicate(timeout=180)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], outputs
    assert (service.entered, service.inside) == (4, 0)
    assert service.most in most


def test_a_run_waits_for_one_of_another_process_and_a_killed_one_lets_it_in(start: Start, service: Service) -> None:
    service.goes_on.clear()
    holder = start("alone[1]")
    assert service.works.wait(60)
    waiter = start("alone[2]")
    assert "alone[2] waits for `orders_queue`, held by alone[1] (run-" in line_with("waits", waiter.stdout)
    assert service.entered == 1
    holder.kill()
    service.goes_on.set()
    assert waiter.wait(60) == 0
    assert service.entered == 2


def test_a_wait_ends_at_once_when_it_is_interrupted(start: Start, service: Service) -> None:
    service.goes_on.clear()
    start("alone[1]")
    assert service.works.wait(60)
    waiter = start("alone[2]", "pair", "-j", "4")
    line_with("waits", waiter.stdout)
    waiter.send_signal(signal.SIGINT)
    assert waiter.wait(30) == 130
    assert service.entered == 1


def test_pytest_tells_of_a_wait_while_it_waits(service: Service, start: Start, tmp_path: Path) -> None:
    slots = Slots(tmp_path / ".local" / "state" / "awsit" / "concurrency")
    assert slots.take("orders_queue", 1, "somebody else") is None
    command = [sys.executable, "-m", "pytest", "--awsit", "alone.yaml", "-p", "no:cacheprovider"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        patience = Timer(60, process.kill)
        patience.start()
        assert "alone[1] waits for `orders_queue`, held by somebody else" in line_with("waits", process.stdout)
        slots.give_back("somebody else")
        assert process.wait() == 0
        patience.cancel()
    assert service.entered == 2


def test_a_wait_is_no_part_of_the_duration(awsit, scenario, wiring):
    """With the fakes no time passes: both rows run, one after the other, in one command."""
    scenario(PASSING.replace("actions:", "matrix: {quantity: [1, 2]}\nconcurrency: {key: q}\nactions:", 1))
    result = awsit("run", "scenarios", "-j", "2", "--json")
    assert result.exit_code == 0
    assert "order_is_stored[2] waits for `q`, held by order_is_stored[1] (run-" in result.stderr
    sent = [request.method for request in wiring.http_fake.requests]
    assert sent == ["POST", "GET", "DELETE"] * 2


@pytest.mark.parametrize("engine", [[], ["--stack", "awsit"]], ids=["local", "stepfunctions"])
def test_both_engines_keep_runs_apart(awsit, scenario, engine):
    scenario(PASSING.replace("actions:", "concurrency: {key: q}\nactions:", 1))
    result = awsit("run", "scenarios", "--repeat", "3", "-j", "3", *engine)
    assert result.exit_code == 0
    assert result.stdout.count("waits for `q`, held by order_is_stored (run-") == 2


def test_no_wait_cannot_keep_runs_apart(awsit, scenario, wiring):
    scenario(PASSING.replace("actions:", "concurrency: {key: q}\nactions:", 1))
    result = awsit("run", "scenarios", "--stack", "awsit", "--no-wait")
    assert result.exit_code == 2
    assert "--no-wait cannot hold `q` for order_is_stored" in result.stderr
    assert wiring.remote.requests == []


def test_a_folder_that_cannot_hold_locks_is_an_error_of_the_environment(awsit, scenario, tmp_path):
    scenario(PASSING.replace("actions:", "concurrency: {key: q}\nactions:", 1))
    (tmp_path / "file").touch()
    result = awsit("run", "scenarios", env={"XDG_STATE_HOME": str(tmp_path / "file")})
    assert result.exit_code == 4
    assert "`concurrency` keeps its locks in" in result.stderr


def test_a_report_that_cannot_be_written_is_told_beside_the_run_that_could_not_begin(awsit, scenario, tmp_path):
    scenario(PASSING.replace("actions:", "concurrency: {key: q}\nactions:", 1))
    (tmp_path / "file").touch()
    result = awsit("run", "scenarios", "--junit", "/dev/full", env={"XDG_STATE_HOME": str(tmp_path / "file")})
    assert result.exit_code == 4
    assert "--junit: /dev/full cannot be written: No space left on device" in result.stderr
    assert "`concurrency` keeps its locks in" in result.stderr


@pytest.mark.parametrize(
    ("file", "variables", "waits"),
    [("jobs = 2", {}, 1), ("", {"AWSIT_JOBS": "2"}, 1), ("jobs = 1", {"AWSIT_JOBS": "2"}, 1), ("", {}, 0)],
)
def test_how_many_go_on_at_once_is_said_once_for_a_project(awsit, scenario, file, variables, waits):
    """A run that begins while another goes on waits for the key that both have, and says so."""
    Path("awsit.toml").write_text(file)
    scenario(PASSING.replace("actions:", "matrix: {quantity: [1, 2]}\nconcurrency: {key: q}\nactions:", 1))
    result = awsit("run", "scenarios", env=variables)
    assert result.exit_code == 0
    assert result.stdout.count("waits for `q`") == waits
    assert "waits for" not in awsit("run", "scenarios", "-j", "1", env=variables).stdout


def test_jobs_that_are_no_number_are_shown_at_their_place(awsit, scenario):
    Path("awsit.toml").write_text('jobs = "all"\n')
    scenario(PASSING)
    result = awsit("run", "scenarios")
    assert result.exit_code == 3
    assert "jobs: 'all' is not a whole number from 1 to 100, or auto" in result.stderr
    assert "awsit.toml:1:8" in result.stderr
