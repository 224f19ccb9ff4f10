"""What a gate reads."""

import pytest
from tests.unit.reporting.runs import EVERY, FAILED, LEFT, PASSED

from awsit.config_values import KINDS
from awsit.errors import AwsitError, CredentialsError, InvalidInputError, UsageError
from awsit.reporting.formats.outputs import of_error, outputs


def read(text):
    return dict(line.split("=", 1) for line in text.splitlines())


def test_verdict_counts_sentence_and_report():
    found = read(outputs([PASSED, FAILED], report="awsit/report.html"))
    assert found == {
        "AWSIT_VERDICT": "failed",
        "AWSIT_TOTAL": "2",
        "AWSIT_PASSED": "1",
        "AWSIT_FAILED": "1",
        "AWSIT_ERRORS": "0",
        "AWSIT_LEFT_BEHIND": "0",
        "AWSIT_SKIPPED": "0",
        "AWSIT_SUMMARY": "2 scenarios: 1 failed, 1 passed",
        "AWSIT_REPORT": "awsit/report.html",
    }


def test_no_output_is_a_setting_that_a_later_job_would_obey():
    settings = {f"AWSIT_{name.upper()}" for name in KINDS}
    found = read(outputs(EVERY, report="a.html"))
    assert "AWSIT_SCENARIOS" in settings
    assert not found.keys() & settings


def test_the_counts_add_up():
    found = read(outputs(EVERY))
    parts = ("PASSED", "FAILED", "ERRORS", "LEFT_BEHIND", "SKIPPED")
    assert sum(int(found[f"AWSIT_{name}"]) for name in parts) == int(found["AWSIT_TOTAL"]) == len(EVERY)


@pytest.mark.parametrize(("results", "verdict"), [([PASSED], "passed"), ([PASSED, LEFT], "left_behind"), ([], "none")])
def test_the_verdict_is_the_worst(results, verdict):
    assert read(outputs(results))["AWSIT_VERDICT"] == verdict


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (InvalidInputError("a\nb"), "invalid"),
        (UsageError("a\nb"), "invalid"),
        (CredentialsError("a\nb"), "environment"),
        (AwsitError("a\nb"), "bug"),
    ],
)
def test_a_gate_learns_that_nothing_ran(error, verdict):
    assert of_error(error) == f"AWSIT_VERDICT={verdict}\nAWSIT_SUMMARY=nothing ran: a b\n"


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\x85", "\u2028", "\x0b"])
def test_no_value_makes_a_line_of_its_own(line_break):
    hostile = f"a.html{line_break}AWSIT_VERDICT=passed"

    assert read(outputs([FAILED], report=hostile))["AWSIT_VERDICT"] == "failed"
    assert of_error(UsageError(hostile)).count("\n") == 2
