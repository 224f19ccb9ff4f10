"""JUnit XML, as the schema of Jenkins' xUnit plugin (`junit-10.xsd`) wants it."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from tests.unit.reporting.runs import CANCELLED, ERROR, EVERY, FAILED, HOSTILE, LEFT, PASSED, SUITE, TIMED_OUT, many

from awsit.records import replace
from awsit.reporting.formats.junit import junit

SCHEMA = xmlschema.XMLSchema(Path(__file__).parent / "data" / "junit-10.xsd")


def parsed(*results):
    return ET.fromstring("".join(junit(results)))


def case_of(result):
    return parsed(result).find("testsuite/testcase")


@pytest.mark.parametrize(
    "results", [EVERY, SUITE, (), (PASSED,), tuple(many(200))], ids=["every", "suite", "none", "one", "many"]
)
def test_it_is_valid(results):
    assert [str(error) for error in SCHEMA.iter_errors("".join(junit(results)))] == []


def test_the_schema_finds_what_is_wrong():
    assert not SCHEMA.is_valid("".join(junit([PASSED])).replace("<testcase ", '<testcase file="a.yaml" '))


@pytest.mark.parametrize(
    ("result", "tag", "kind"),
    [
        (FAILED, "failure", "failed"),
        (ERROR, "error", "error"),
        (TIMED_OUT, "failure", "failed"),
        (LEFT, "error", "left_behind"),
        (CANCELLED, "skipped", "cancelled"),
    ],
    ids=lambda value: getattr(value, "scenario", value),
)
def test_failure_error_and_skipped_are_kept_apart(result, tag, kind):
    (outcome,) = (each for each in case_of(result) if each.tag != "system-out")
    assert (outcome.tag, outcome.get("type")) == (tag, kind)


def test_a_passed_run_has_no_outcome_but_its_lines():
    assert [each.tag for each in case_of(PASSED)] == ["system-out"]
    assert "OrderIsStored" in case_of(PASSED).findtext("system-out")
    assert "PASSED  order_is_stored" in case_of(PASSED).findtext("system-out")


@pytest.mark.parametrize("result", [FAILED, ERROR, TIMED_OUT, LEFT], ids=lambda result: result.scenario)
def test_a_failure_is_explained_once(result):
    (outcome,) = (each for each in case_of(result) if each.tag != "system-out")
    lines = case_of(result).findtext("system-out").splitlines()
    assert {line for line in lines if line.startswith("  ")} & set(outcome.text.splitlines()) == set()


def test_a_failure_explains_itself():
    failure = case_of(FAILED).find("failure")
    assert failure.get("message") == "OrderIsStored: the order has its total: total: expected 29.90, got 24.90"
    assert '"total": 29.90' in failure.text
    assert "get_item" in failure.text


def test_the_counts_are_those_of_the_cases():
    root = parsed(*EVERY)
    assert root.get("tests") == str(len(root.findall(".//testcase"))) == str(len(EVERY))
    assert root.get("failures") == str(len(root.findall(".//failure"))) == "4"
    assert root.get("errors") == str(len(root.findall(".//error"))) == "4"
    assert len(root.findall(".//skipped")) == 1
    assert sum(int(suite.get("skipped")) for suite in root) == 1


def test_properties_tell_which_run_it_was():
    found = [(each.get("name"), each.get("value")) for each in parsed(PASSED).iter("property")]
    assert ("run_id", PASSED.run_id) in found
    assert ("execution_arn", PASSED.execution_arn) in found
    assert ("engine", "stepfunctions") in found
    assert [value for name, value in found if name == "tag"] == ["orders", "smoke"]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("", "awsit"),
        ("order.yaml", "awsit"),
        ("scenarios/orders/order.yaml", "awsit.scenarios.orders"),
        ("/elsewhere/order.yaml", "awsit"),
        ("../order.yaml", "awsit"),
    ],
)
def test_the_file_is_told_and_its_folder_groups_the_cases(file, name):
    root = parsed(replace(PASSED, file=file))
    assert root.find("testsuite").get("file", "") == file
    assert root.find("testsuite/testcase").get("classname") == name


def test_times_are_seconds():
    assert case_of(PASSED).get("time") == "4.31"
    assert parsed(PASSED).find("testsuite").get("timestamp") == "2030-01-01T09:30:00.000Z"


def test_two_runs_of_one_scenario_stay_two():
    again = replace(PASSED, run_id=FAILED.run_id)
    assert [suite.get("id") for suite in parsed(PASSED, again)] == [PASSED.run_id, again.run_id]


def test_characters_that_xml_does_not_know_are_replaced():
    text = "".join(junit([HOSTILE]))
    assert "\x00" not in text
    assert "\x1b" not in text
    assert ET.fromstring(text).find("testsuite").get("name").startswith("</script><img")


def test_a_huge_response_makes_no_huge_file():
    step = replace(FAILED.steps[2], response={"body": "€🚚\x08" * 300_000})
    text = "".join(junit([replace(FAILED, steps=(*FAILED.steps[:2], step))]))
    assert len(text) < 20_000
    assert SCHEMA.is_valid(text)
    assert "€🚚" in ET.fromstring(text).findtext("testsuite/testcase/failure")
