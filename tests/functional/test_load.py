"""`awsit load` against a service that keeps count."""

import json
import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import jsonschema
import pytest
from click.testing import Result
from tests.functional.fakes import FakeWiring

from awsit.cli.past_runs.interrupted import FOLDER
from awsit.http.transport import Urllib3Transport
from awsit.reporting.report_schema import load_schema
from awsit.system.clock import SteadyClock

AWSIT = str(Path(sys.executable).with_name("awsit"))
SCENARIO = """
name: order
variables: {path: orders}
load: {rate: 40/s, for: 1s, expect: EXPECT}
actions:
  - name: Create
    type: http_call
    params: {url: "URL/{{ vars.path }}", method: POST, expected_status: 200}
  - {name: Read, type: http_call, params: {url: "URL/orders/1"}, assert: [{path: $.body.ok, equals: true}]}
"""
CLEANUP = """    cleanup: [{name: Delete, type: http_call, params: {url: "URL/orders/1", method: DELETE}}]
  - {name: Read,"""


class Service:
    """Answers `{"ok": true}`, `/broken` with 500, and `/held` only after `goes_on`; notes all with their times."""

    def __init__(self) -> None:
        service, self.requests, self.goes_on, self.is_held = self, list[tuple[str, str, float]](), Event(), Event()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                service.requests.append((self.command, self.path, monotonic()))
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.path == "/held":
                    service.is_held.set()
                    service.goes_on.wait(60)
                self.send_response(500 if self.path == "/broken" else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "12")
                self.end_headers()
                self.wfile.write(b'{"ok": true}')

            def do_POST(self) -> None:
                self.do_GET()

            def do_DELETE(self) -> None:
                self.do_GET()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def count(self, method: str) -> int:
        return sum(each[0] == method for each in self.requests)


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


@pytest.fixture
def wiring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeWiring:
    wiring = FakeWiring(tmp_path)
    monkeypatch.setattr(wiring, "run_clock", SteadyClock)
    monkeypatch.setattr(wiring, "http", lambda *_: Urllib3Transport())
    return wiring


@pytest.fixture
def order(scenario: Callable[..., Path], service: Service) -> Callable[..., Path]:
    def write(expect: str = "{p95_ms: 5000}", change: Callable[[str], str] = str) -> Path:
        return scenario(change(SCENARIO).replace("URL", service.url).replace("EXPECT", expect), "order.yaml")

    return write


Awsit = Callable[..., Result]


def test_the_rate_is_held_and_nothing_comes_after_the_end(awsit: Awsit, order, service, tmp_path: Path) -> None:
    before = monotonic()
    result = awsit("load", str(order()), "--json")
    seen = len(service.requests)
    assert result.exit_code == 0, result.output
    load = json.loads(result.stdout)
    jsonschema.Draft202012Validator(load_schema()).validate(load)
    assert {key: load["iterations"][key] for key in ("scheduled", "started", "passed", "dropped")} == {
        "scheduled": 40,
        "started": 40,
        "passed": 40,
        "dropped": 0,
    }
    assert (service.count("POST"), service.count("GET")) == (40, 40)
    last = max(at for method, _, at in service.requests if method == "POST")
    assert last - before >= 39 / 40  # seconds: it starts no sooner than at its time
    assert load["achieved_rate"] == 40
    assert [(each["name"], each["times"]["count"]) for each in load["actions"]] == [("Create", 40), ("Read", 40)]
    assert "40 iterations of 40: 40 passed, 0 failed, 0 dropped; 40/s of 40/s" in result.stderr
    assert not (tmp_path / ".awsit" / FOLDER).exists()  # nothing had to be undone
    assert len(service.requests) == seen


def test_a_threshold_that_does_not_hold_fails_the_load(awsit: Awsit, order, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("load.html", "junit.xml", "load.md", "notes.txt")]
    options = [
        word
        for file, name in zip(files, ("html", "junit", "markdown", "annotations"), strict=True)
        for word in (f"--{name}", str(file))
    ]
    expect = "{p95_ms: 0.001, actions: {Read: {p99_ms: 5000}}}"
    scenario = order(expect)
    result = awsit("load", str(scenario), "--for", "0.2s", *options)
    line = next(at for at, text in enumerate(scenario.read_text().splitlines(), 1) if "0.001" in text)
    assert result.exit_code == 1
    assert f",file={scenario},line={line}," in files[3].read_text()
    assert "x p95_ms  at most 0.001, got" in result.stdout.replace("✗", "x")
    assert "Read p99_ms  at most 5000" in result.stdout
    (failure,) = ET.parse(files[1]).iter("failure")
    assert "p95_ms: expected at most 0.001" in failure.attrib["message"]
    assert "p95_ms" in files[2].read_text()
    page = files[0].read_text()
    assert "<svg" in page
    assert "<script" not in page


def test_failures_are_counted_by_their_reason_and_one_report_is_kept(awsit: Awsit, order) -> None:
    result = awsit("load", str(order("{error_rate: 0.5}")), "--for", "0.2s", "--var", "path=broken", "--json")
    assert result.exit_code == 1
    load = json.loads(result.stdout)
    (error,) = load["errors"]
    assert (error["action"], error["count"]) == ("Create", 8)
    assert "answered 500" in error["message"]
    assert load["error_rate"] == 1
    kept = awsit("report", error["run_id"], "--json", "-")
    assert json.loads(kept.stdout)["status"] == "failed"


def test_each_iteration_cleans_up_what_it_made(awsit: Awsit, order, service, tmp_path: Path) -> None:
    order(change=lambda text: text.replace("  - {name: Read,", CLEANUP))
    assert awsit("load", "order", "--for", "0.2s").exit_code == 0
    assert service.count("DELETE") == 8
    assert list((tmp_path / ".awsit" / FOLDER).iterdir()) == []


def test_what_cannot_be_started_is_told(awsit: Awsit, scenario) -> None:
    load = "{rate: 20/s, for: 0.2, max_concurrency: 1}"
    scenario(f"name: slow\nload: {load}\nactions: [{{name: Wait, type: wait, params: {{seconds: 0.3}}}}]", "slow.yaml")
    result = awsit("load", "slow")
    assert result.exit_code == 1
    assert "1 iteration of 4: 1 passed, 0 failed, 3 dropped; 5/s of 20/s" in result.stdout
    assert "dropped_rate  at most 0, got 0.75" in result.stdout


def test_a_scenario_within_a_suite_is_refused_since_nobody_makes_its_setup(
    awsit: Awsit, order, service, scenario
) -> None:
    order()
    scenario("setup: [{name: Begin, type: wait, params: {seconds: 0}}]", "suite.yaml")
    result = awsit("load", "order")
    assert result.exit_code == 2
    assert "load does not make the setup of scenarios/suite.yaml" in result.stderr
    assert service.requests == []


def test_as_a_test_it_runs_once(awsit: Awsit, order, service) -> None:
    assert awsit("run", str(order())).exit_code == 0
    assert service.count("POST") == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--stack", "awsit", "--for", "24h", "--rate", "1/s"], "a load in the account takes 23 hours at most"),
        (["--engine", "stepfunctions", "--for", "2h"], "the load has 288,000 starts, and one load in the account"),
        (["--seed", "two\nlines"], "a seed has at most 100 characters"),
        (["--rate", "fast"], "--rate must be more than 0"),
        (["--for", "soon"], "--for must be a time of more than 0"),
    ],
)
def test_what_is_no_load_is_refused(awsit: Awsit, order, service, options: list[str], message: str) -> None:
    result = awsit("load", str(order()), *options)
    assert result.exit_code == 2
    assert message in result.stderr
    assert service.requests == []


def test_more_than_a_person_would_do_needs_a_yes(awsit: Awsit, scenario, service) -> None:
    scenario(SCENARIO.replace("URL", "http://orders.test").replace("EXPECT", "{}"), "order.yaml")
    result = awsit("load", "order")
    assert result.exit_code == 2
    assert "asks before it starts 40 a second against orders.test" in result.stderr
    assert "--yes" in result.stderr


def test_a_seed_makes_the_same_data_again_and_one_iteration_by_itself(awsit: Awsit, order, service) -> None:
    def made_up(text: str) -> str:
        return text.replace("vars.path }}", "vars.path }}/{{ fake.ipv4() }}")

    file = str(order("{error_rate: 1}", lambda text: made_up(text).replace("equals: true", "equals: false")))

    def sent(*words: str) -> set[str]:
        before = len(service.requests)
        shown = awsit(*words, "--json", "out.json")
        assert shown.exit_code in {0, 1}, shown.output
        return {path for method, path, _ in service.requests[before:] if method == "POST"}

    first = sent("load", file, "--rate", "40", "--for", "0.25s")
    load = json.loads(Path("out.json").read_text(encoding="utf-8"))
    (error,) = load["errors"]
    assert len(first) == 10
    assert sent("load", file, "--rate", "40", "--for", "0.25s", "--seed", load["seed"]) == first
    assert sent("load", file, "--rate", "40", "--for", "0.25s", "--seed", "another").isdisjoint(first)
    assert sent("run", file, "--seed", error["seed"]) < first
    assert error["seed"].rpartition(":")[0] == load["seed"]


def test_a_scenario_without_load_needs_its_rate(awsit: Awsit, scenario) -> None:
    scenario()
    result = awsit("load", "order_is_stored")
    assert result.exit_code == 2
    assert "does not say how it is to be run as load" in result.stderr


def test_an_interruption_starts_no_more_and_cleans_up(order, service, tmp_path: Path) -> None:
    held = (
        SCENARIO.replace("/{{ vars.path }}", "/held")
        .replace("  - {name: Read,", CLEANUP)
        .replace("for: 1s", "for: 60s")
    )
    path = order(change=lambda _: held)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    command = [AWSIT, "load", str(path), "--json"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert service.is_held.wait(60)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    assert "Starting no more, then cleaning up" in process.stderr.readline()
    service.goes_on.set()
    output, _ = process.communicate(timeout=180)
    load = json.loads(output)
    assert process.returncode == 130
    assert load["status"] == "cancelled"
    assert load["iterations"]["cancelled"] == load["iterations"]["started"]
    assert service.count("DELETE") == service.count("POST")
    assert service.count("GET") == 0
    assert list((tmp_path / "scenarios").parent.rglob("*.jsonl")) == []
