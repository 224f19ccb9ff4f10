"""CTRF 1.0.0."""

from tests.unit.reporting.runs import EVERY, FAILED, PASSED, TIMED_OUT, many

from awsit.model import json
from awsit.reporting.ctrf import ctrf

STATUSES = {"passed", "failed", "skipped", "pending", "other"}
FIELDS = "name status rawStatus duration start stop suite type tags steps message trace extra"
"""Those of the specification that a report may have here."""


def document(*results):
    return json.loads(ctrf(results))


def test_it_has_the_fields_that_the_specification_requires():
    found = document(*EVERY)
    assert found["reportFormat"] == "CTRF"
    assert found["specVersion"] == "1.0.0"
    assert found["results"]["tool"]["name"] == "awsit"
    assert {"tests", "start", "stop"} | STATUSES <= found["results"]["summary"].keys()
    assert set(found) <= {"reportFormat", "specVersion", "reportId", "timestamp", "generatedBy", "extra", "results"}


def test_every_test_is_one_that_the_specification_allows():
    for test in document(*EVERY)["results"]["tests"]:
        assert set(test) <= set(FIELDS.split())
        assert test["status"] in STATUSES
        assert all(type(test[name]) is int for name in ("duration", "start", "stop"))
        assert all(set(step) <= {"name", "status", "extra"} and step["status"] in STATUSES for step in test["steps"])


def test_the_summary_counts_the_tests():
    results = document(*EVERY)["results"]
    assert results["summary"]["tests"] == len(results["tests"]) == len(EVERY)
    for status in STATUSES:
        assert results["summary"][status] == sum(test["status"] == status for test in results["tests"])


def test_a_failure_has_its_message_and_its_explanation():
    (test,) = document(FAILED)["results"]["tests"]
    assert test["message"] == "OrderIsStored: the order has its total: total: expected 29.90, got 24.90"
    assert "actual" in test["trace"]
    assert [step["status"] for step in test["steps"]] == ["passed", "passed", "failed", "skipped", "passed"]


def test_times_are_milliseconds():
    (test,) = document(PASSED)["results"]["tests"]
    assert (test["start"], test["stop"] - test["start"], test["duration"]) == (1893490200000, 4310, 4310)


def test_attempts_of_a_step_are_counted():
    steps = document(TIMED_OUT)["results"]["tests"][0]["steps"]
    assert [step["extra"]["attempts"] for step in steps] == [1, 12, 1]


def test_no_run_and_many_runs():
    assert document()["results"]["summary"]["tests"] == 0
    assert document(*many(200))["results"]["summary"]["tests"] == 200
