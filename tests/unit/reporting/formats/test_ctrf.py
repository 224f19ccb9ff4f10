"""CTRF 1.0.0."""

from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from tests.unit.reporting.runs import EVERY, FAILED, PASSED, SUITE, TIMED_OUT, many

from awsit.model import json
from awsit.reporting.formats.ctrf import ctrf

SCHEMA = Draft7Validator(
    json.loads((Path(__file__).parent / "data" / "ctrf.schema.json").read_text()),
    format_checker=Draft7Validator.FORMAT_CHECKER,
)
STATUSES = {"passed", "failed", "skipped", "pending", "other"}


def document(*results):
    return json.loads("".join(ctrf(results)))


@pytest.mark.parametrize(
    "results", [EVERY, SUITE, (), (PASSED,), tuple(many(200))], ids=["every", "suite", "none", "one", "many"]
)
def test_it_is_valid(results):
    assert [error.message for error in SCHEMA.iter_errors(document(*results))] == []


def test_the_schema_finds_what_is_wrong():
    assert not SCHEMA.is_valid({**document(), "verdict": "passed"})


def test_the_summary_counts_the_tests():
    results = document(*EVERY)["results"]
    assert results["summary"]["tests"] == len(results["tests"]) == len(EVERY)
    for status in STATUSES:
        assert results["summary"][status] == sum(test["status"] == status for test in results["tests"])


def test_a_failure_has_its_message_and_its_explanation():
    (test,) = document(FAILED)["results"]["tests"]
    assert test["message"] == "OrderIsStored: the order has its total: total: expected 29.90, got 24.90"
    assert '-  "total": 29.90' in test["trace"]
    assert '+  "total": 24.90' in test["trace"]
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
