"""The files that `awsit run` writes."""

from xml.etree import ElementTree as ET

import pytest
from tests.functional.fakes import FAILING, PASSING, report_of

from awsit.model import json


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch, scenario):
    monkeypatch.chdir(tmp_path)
    scenario(PASSING)
    scenario(FAILING, "order_is_shipped.yaml")
    return tmp_path


ALL = ("--html", "out/a.html", "--junit", "out/a.xml", "--markdown", "out/a.md", "--ctrf", "out/a.json")


def cases(project):
    return [case.get("name") for case in ET.parse(project / "out" / "a.xml").iter("testcase")]


def test_every_report_is_written_when_the_runs_are_over(awsit, project):
    done = awsit("run", "scenarios", *ALL)
    assert done.exit_code == 1
    assert sorted(cases(project)) == ["order_is_shipped", "order_is_stored"]
    assert "1 of 2 scenarios did not pass" in (project / "out" / "a.html").read_text()
    assert "1 failed, 1 passed" in (project / "out" / "a.md").read_text()
    assert json.loads((project / "out" / "a.json").read_text())["results"]["summary"]["failed"] == 1
    assert [f"wrote {file}" in done.stderr for file in ALL[1::2]] == [True] * 4


def test_events_are_lines_of_json(awsit, project):
    awsit("run", "order_is_stored", "--events", "out/events.ndjson")
    lines = [json.loads(line) for line in (project / "out" / "events.ndjson").read_text().splitlines()]
    assert [line["event"] for line in lines][:2] == ["run_started", "step_started"]
    assert lines[-1]["event"] == "run_finished"
    assert lines[-1]["result"]["status"] == "passed"


def test_a_report_on_standard_output_is_alone_there(awsit):
    done = awsit("run", "order_is_stored", "--junit", "-")
    assert ET.fromstring(done.stdout).get("tests") == "1"
    assert "PASSED  order_is_stored" in done.stderr


def test_json_and_files_go_together(awsit, project):
    assert report_of(awsit("run", "order_is_stored", "--json", *ALL))["status"] == "passed"
    assert cases(project) == ["order_is_stored"]


def test_ctrl_c_leaves_the_reports_behind(awsit, wiring, project):
    wiring.remote.interrupted = True
    done = awsit("run", "scenarios", "--stack", "awsit", *ALL, "--events", "out/events.ndjson")
    assert done.exit_code == 130
    going_on, never_begun = ET.parse(project / "out" / "a.xml").iter("skipped")
    assert going_on.get("type") == "running"
    assert never_begun.get("message") == "Not run: the command was interrupted."
    assert '"verdict":"running"' in (project / "out" / "a.html").read_text()
    assert (project / "out" / "events.ndjson").read_text().count("\n") == 2


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--junit", "scenarios"], 2, "--junit scenarios is a folder"),
        (["--events", "scenarios"], 2, "--events scenarios is a folder"),
        (["--events", "-"], 2, "--events needs a file"),
        (["--json", "--ctrf", "-"], 2, "--ctrf and --json cannot share the standard output"),
        (["--html", "scenarios/order_is_stored.yaml/a.html"], 4, "cannot be written"),
        (["--no-wait", "--stack", "awsit", "--html", "a.html"], 2, "reports need the end of the run"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_be_written_is_said_before_anything_runs(awsit, wiring, arguments, code, message):
    done = awsit("run", "order_is_stored", *arguments)
    assert done.exit_code == code
    assert message in " ".join(done.stderr.split())
    assert wiring.http_fake.requests == []
    assert wiring.remote.requests == []
