"""Services that answer each file of JSONTestSuite: no answer ends more than its own scenario, and all is reported."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from xml.etree import ElementTree as ET

import pytest
from tests.authorities.json.test_json_bodies import CHOICES, FILES
from tests.unit.reporting.readers import of_ctrf, of_html, of_json, of_junit

AWSIT = (sys.executable, "-c", "from awsit.cli.main import main; main()")


class Files(BaseHTTPRequestHandler):
    """Answers with the content of a file."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = FILES[int(self.path.strip("/"))].read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def write_scenario(folder: Path, number: int, url: str, expected: object) -> None:
    """It captures the body and sends it on as text of a template, then compares it with what cannot be."""
    actions = [
        {
            "name": "Read",
            "type": "http_call",
            "params": {"url": f"{url}/{number}"},
            "pass_to_context": {"body": "$.body"},
        },
        {
            "name": "Compare",
            "type": "wait",
            "params": {"seconds": 0},
            "assert": [{"path": "$", "not_equals": "{{ context.body }}"}],
        },
    ]
    check = {"path": "$.context.body", "equals": expected}
    document = {"name": f"file-{number:03}", "actions": actions, "assertions": [check]}
    (folder / f"file-{number:03}.json").write_text(json.dumps(document))


def test_every_answer_has_a_result_and_every_report_is_written(url: str, tmp_path: Path) -> None:
    scenarios = tmp_path / "scenarios"
    scenarios.mkdir()
    for number in range(len(FILES)):
        write_scenario(scenarios, number, url, "{{ context.body }}" if number % 2 else "something else")
    formats = ("junit", "html", "markdown", "ctrf", "annotations", "outputs")
    options = [f"--{name}={tmp_path / name}" for name in formats]

    done = subprocess.run(
        [*AWSIT, "run", "scenarios", "--engine=local", "--jobs=4", "--json", "--events=events", *options],
        cwd=tmp_path,
        env={"PATH": "", "HOME": str(tmp_path)},
        capture_output=True,
        check=False,
    )

    assert done.returncode == 1, done.stderr.decode()
    results = list(of_json(done.stdout.decode()))
    assert [name for name, _ in results] == [f"file-{number:03}" for number in range(len(FILES))]
    assert {verdict for _, verdict in results[1::2]} == {"passed"}
    assert {verdict for _, verdict in results[::2]} == {"failed"}
    for name, reader in (("junit", of_junit), ("html", of_html), ("ctrf", of_ctrf)):
        assert list(reader((tmp_path / name).read_text(encoding="utf-8"))) == results, name
    for name in formats:
        (tmp_path / name).read_text(encoding="utf-8")
    events = [json.loads(line) for line in (tmp_path / "events").read_bytes().splitlines()]
    assert sum(event["event"] == "run_finished" for event in events) == len(FILES)
    assert ET.parse(tmp_path / "junit").getroot().get("tests") == str(len(FILES))


def test_what_is_left_open_comes_back_as_it_came(url: str, tmp_path: Path) -> None:
    """The report of a run holds the value that the suite of bodies has decided on."""
    scenarios = tmp_path / "scenarios"
    scenarios.mkdir()
    chosen = [number for number, file in enumerate(FILES) if CHOICES.get(file.stem, ("", None))[1] is not None]
    for number in chosen:
        write_scenario(scenarios, number, url, "{{ context.body }}")

    done = subprocess.run(
        [*AWSIT, "run", "scenarios", "--engine=local", "--json"], cwd=tmp_path, capture_output=True, check=False
    )

    assert done.returncode == 0, done.stderr.decode()
    reports = json.loads(done.stdout)
    shown = [report["context"]["body"] for report in reports]
    assert shown == [json.loads(json.dumps(CHOICES[FILES[number].stem][1], default=float)) for number in chosen]
