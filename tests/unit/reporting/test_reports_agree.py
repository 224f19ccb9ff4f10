"""The reports of one run agree with each other: names, counts and verdicts."""

from collections import Counter
from xml.etree import ElementTree as ET

import pytest
from tests.unit.reporting import readers
from tests.unit.reporting.results import plain_console, text_of
from tests.unit.reporting.runs import EVERY, HOSTILE, SUITE, many

from awsit.model import json
from awsit.reporting.formats.ctrf import ctrf
from awsit.reporting.formats.junit import junit
from awsit.reporting.html import html
from awsit.reporting.registry import FORMATS, ReportContext
from awsit.reporting.terminal.console import ConsoleReporter
from awsit.reporting.terminal.transcript import events_of
from awsit.reporting.verdicts import name_of, verdict_of

READABLE = tuple(result for result in EVERY if result is not HOSTILE)  # its name is tried in each report's own tests


def terminal(results):
    console = plain_console(200)
    with ConsoleReporter(console) as reporter:
        for result in results:
            for event in events_of(result):
                reporter.handle(event)
    return text_of(console)


@pytest.mark.parametrize("each", [each for each in FORMATS if each.past_runs], ids=lambda each: each.name)
@pytest.mark.parametrize("results", [READABLE, SUITE, tuple(many(200))], ids=["every ending", "suite", "200"])
def test_names_counts_and_verdicts_are_the_same(each, results):
    assert readers.read(each.name, "".join(each.render(results, ReportContext()))) == expected(results)


@pytest.mark.parametrize("results", [READABLE, SUITE, tuple(many(200))], ids=["every ending", "suite", "200"])
def test_the_terminal_has_the_same_names_counts_and_verdicts(results):
    assert Counter(readers.of_terminal(terminal(results))) == expected(results)


def expected(results):
    return Counter((name_of(result), verdict_of(result)) for result in results)


@pytest.mark.parametrize("results", [READABLE, SUITE], ids=["every ending", "suite"])
def test_the_reason_is_the_same_everywhere(results):
    reasons = [test["message"] for test in json.loads("".join(ctrf(results)))["results"]["tests"] if "message" in test]
    outcomes = [
        each for each in ET.fromstring("".join(junit(results))).iter() if each.tag in {"failure", "error", "skipped"}
    ]
    assert [each.get("message") for each in outcomes] == reasons
    assert [run["reason"] for run in readers.index_of_html("".join(html(results))) if run["reason"]] == reasons
