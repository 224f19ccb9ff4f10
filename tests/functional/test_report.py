"""`awsit report`: reports of runs that are over."""

import re
from xml.etree import ElementTree as ET

import click
import pytest
from tests.functional.fakes import RUN_ID, client_error
from tests.unit.reporting.runs import FAILED, LEFT, PASSED

from awsit.errors import NotFoundError
from awsit.model import json
from awsit.reporting.formats import json_


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for result in (PASSED, FAILED):
        json_.save(result, tmp_path / ".awsit" / "reports")
    return tmp_path


def test_every_kind_of_report_is_written(awsit, project):
    done = awsit(
        "report", PASSED.run_id, FAILED.run_id,
        "--html", "out/a.html", "--junit", "out/a.xml", "--markdown", "out/a.md", "--ctrf", "out/a.json",
    )  # fmt: skip
    assert done.exit_code == 0
    assert re.findall(r"wrote (\S+)", done.stderr) == ["out/a.html", "out/a.xml", "out/a.md", "out/a.json"]
    assert "1 of 2 scenarios did not pass" in (project / "out" / "a.html").read_text()
    assert ET.parse(project / "out" / "a.xml").getroot().get("failures") == "1"
    assert (project / "out" / "a.md").read_text().startswith("## ❌ awsit: 2 scenarios")
    assert json.loads((project / "out" / "a.json").read_text())["results"]["summary"]["tests"] == 2


def test_a_folder_stands_for_all_of_its_reports(awsit):
    assert awsit("report", ".awsit/reports", "--markdown", "-").stdout.startswith("## ❌ awsit: 2 scenarios")


def test_a_run_that_is_named_twice_is_reported_once(awsit):
    done = awsit("report", ".awsit/reports", PASSED.run_id, "--markdown", "-")
    assert done.stdout.startswith("## ❌ awsit: 2 scenarios")


def test_the_report_itself_is_written(awsit, project):
    assert awsit("report", PASSED.run_id, FAILED.run_id, "--json", "out/a.json").exit_code == 0
    assert [each["status"] for each in json.loads((project / "out" / "a.json").read_text())] == ["passed", "failed"]
    assert json.loads(awsit("report", PASSED.run_id, "--json", "-").stdout)["run_id"] == PASSED.run_id


def test_a_list_of_reports_in_one_file(awsit, project):
    (project / "report.json").write_text("".join(json_.reports([LEFT, PASSED])))
    assert awsit("report", "report.json", "--markdown", "-").stdout.startswith("## 🧹 awsit: 2 scenarios")


def test_a_list_without_reports_beside_one_with_some_adds_nothing(awsit, project):
    (project / "none.json").write_text("[]")
    done = awsit("report", "none.json", PASSED.run_id, "--markdown", "-")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "## ✅ awsit: 1 scenario, 1 passed")


def test_without_a_file_the_result_is_shown_again(awsit):
    done = awsit("report", FAILED.run_id)
    assert done.exit_code == 0
    assert "FAILED  order_has_its_total  2 passed, 1 failed, 1 skipped" in done.stdout


def test_the_page_goes_beside_the_report_and_into_the_browser(awsit, project, monkeypatch):
    opened = []
    monkeypatch.setattr(click, "launch", lambda address: opened.append(address) or 0)
    assert awsit("report", FAILED.run_id, "--html", "--open").exit_code == 0
    page = project / ".awsit" / "reports" / f"{FAILED.run_id}.html"
    assert opened == [page.as_uri()]
    assert "order_has_its_total failed" in page.read_text()


def test_without_a_browser_it_says_which_file_to_open(awsit, monkeypatch):
    monkeypatch.setattr(click, "launch", lambda address: 1)
    assert "open .awsit/reports/report.html yourself" in awsit("report", ".awsit/reports", "--open").stderr


def test_a_run_in_the_account_is_fetched_from_its_bucket(awsit, wiring):
    wiring.remote.result = lambda reference: PASSED if reference == RUN_ID else None
    assert "order_is_stored" in awsit("report", RUN_ID, "--stack", "awsit", "--junit", "-").stdout


def test_an_execution_that_ran_here_is_not_asked_for(awsit):
    assert "PASSED  order_is_stored" in awsit("report", PASSED.execution_arn).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nothing.json"], 3, "there is no report nothing.json"),
        (["run-1"], 2, "'run-1' is not a run ID"),
        (["scenarios"], 3, "there are no reports in scenarios"),
        (["none.json"], 3, "there are no reports in none.json"),
        (["none.json", "--html", "a.html"], 3, "there are no reports in none.json"),
        (["none.json", "none.json"], 3, "there are no reports in none.json, none.json"),
        (["broken.json"], 3, "broken.json is not JSON"),
        (["other.json"], 3, "other.json is not a report: it has no version"),
        (["newer.json"], 3, "its version is 'awsit.report/9', not 'awsit.report/1'"),
        (["partial.json"], 3, "partial.json is not a report: Object missing required field `run_id`"),
        ([PASSED.run_id, "--junit", "scenarios"], 2, "--junit scenarios is a folder"),
        ([PASSED.run_id, "--junit", "broken.json/a.xml"], 4, "cannot be written"),
        ([PASSED.run_id, "--junit", "-", "--ctrf", "-"], 2, "--junit and --ctrf cannot share the standard output"),
        ([PASSED.run_id, "--html", "-", "--open"], 2, "--open needs a file to show"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_be_done_is_said_in_one_message(awsit, project, arguments, code, message):
    (project / "scenarios").mkdir()
    (project / "none.json").write_text("[]")
    (project / "broken.json").write_text("{")
    (project / "other.json").write_text("[{}]")
    (project / "newer.json").write_text('{"version": "awsit.report/9"}')
    (project / "partial.json").write_text('{"version": "awsit.report/1"}')
    done = awsit("report", *arguments)
    assert done.exit_code == code
    assert message in " ".join(done.stderr.split())
    assert "hint:" in done.stderr


def test_a_run_that_is_nowhere_says_where_it_was_looked_for(awsit, wiring):
    def missing(_):
        raise NotFoundError("there is no report of it yet")

    wiring.remote.result = missing
    done = awsit("report", RUN_ID)
    assert done.exit_code == 3
    assert "reports, and none in AWS: there is no report of it yet" in " ".join(done.stderr.split())
    assert "--stack" in done.stderr


def test_a_refusal_of_aws_is_shown_as_it_is(awsit, wiring):
    wiring.aws_error = client_error("AccessDeniedException", "not authorized", "DescribeStacks")
    assert awsit("report", RUN_ID, "--stack", "awsit").exit_code == 4
