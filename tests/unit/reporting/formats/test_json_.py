"""The report document."""

from tests.unit.reporting.results import FAILED, PASSED

from awsit.model import json
from awsit.model.codec import decode
from awsit.model.result import RunResult
from awsit.reporting.formats import json_


def test_a_report_is_read_back_as_the_same_result():
    assert json_.report(decode(RunResult, json.loads(json_.report(FAILED)))) == json_.report(FAILED)


def test_one_report_is_an_object_and_several_are_a_list():
    assert json.loads("".join(json_.reports([PASSED])))["status"] == "passed"
    assert [each["status"] for each in json.loads("".join(json_.reports([PASSED, FAILED])))] == ["passed", "failed"]


def test_a_report_is_saved_under_the_runs_id(tmp_path):
    path = json_.save(PASSED, tmp_path / "reports")
    assert path.name == f"{PASSED.run_id}.json"
    assert json.loads(path.read_text())["version"] == "awsit.report/1"
