import io

import pytest

from awsit.model.result import RunStatus
from awsit.model.run import HistoryEntry, SuiteProgress, SuiteSnapshot
from awsit.reporting.terminal.suite import show_suite
from awsit.reporting.terminal.terminal import Console

AT = "2030-01-01T00:00:00Z"


def entry(number, status=RunStatus.PASSED, left=0):
    return HistoryEntry(f"run-{number}", f"s{number}", status, "stepfunctions", AT, 1.0, "", left)


def shown(*ended, status="RUNNING", total=20, running=()):
    progress = SuiteProgress("suite-1", "arn:1", status, AT, "", 0, running)
    console = Console({"COLUMNS": "100"}, file=io.StringIO())
    show_suite(SuiteSnapshot(progress, total, ended), console, "https://console")
    return console.file.getvalue()


@pytest.mark.parametrize(
    ("status", "running", "words"),
    [
        ("RUNNING", ("s5", "s6"), "20: 2 passed, 1 failed, 1 left something behind, 2 under way, 15 waiting"),
        ("ABORTED", (), "20: 2 passed, 1 failed, 1 left something behind, 17 without a report"),
    ],
)
def test_the_runs_are_counted_by_what_came_of_them(status, running, words):
    text = shown(entry(1), entry(2, RunStatus.FAILED), entry(3, left=2), status=status, running=running)

    assert words in text
    assert "run-2" in text
    assert "passed, 2 left behind" in text
    assert "run-1 " not in text


def test_few_of_those_under_way_are_named():
    names = tuple(f"n{number}" for number in range(12))

    assert "n0, n1, n2, n3, n4, n5, n6, n7, n8, n9 and 2 more" in shown(running=names)


def test_a_suite_of_which_all_passed_has_no_list():
    text = shown(entry(1), status="SUCCEEDED", total=1)

    assert "suite-1  succeeded" in text
    assert "1: 1 passed\n" in text
    assert "scenario" not in text
