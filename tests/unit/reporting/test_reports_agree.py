"""The reports of one run agree with each other: names, counts and verdicts."""

import re
from collections import Counter
from xml.etree import ElementTree as ET

import pytest
from tests.unit.reporting.results import plain_console, text_of
from tests.unit.reporting.runs import EVERY, HOSTILE, SUITE, many

from awsit.model import json
from awsit.reporting import json_report
from awsit.reporting.console import ConsoleReporter
from awsit.reporting.ctrf import ctrf
from awsit.reporting.html import html
from awsit.reporting.junit import junit
from awsit.reporting.markdown import markdown
from awsit.reporting.transcript import events_of

READABLE = tuple(result for result in EVERY if result is not HOSTILE)  # its name is tried in each report's own tests


def of_json(results):
    for report in json.loads(json_report.reports(results)):
        left = report["status"] == "passed" and report["cleanup"]["verdict"] == "left_behind"
        again = " ({number} of {of})".format(**report["repetition"]) if report["repetition"] else ""
        yield (report["scenario"] or report["run_id"]) + again, "left_behind" if left else report["status"]


def of_junit(results):
    for suite in ET.fromstring(junit(results)):
        verdicts = [each.get("value") for each in suite.iter("property") if each.get("name") == "verdict"]
        yield suite.find("testcase").get("name"), verdicts[0]


def of_ctrf(results):
    for test in json.loads(ctrf(results))["results"]["tests"]:
        yield test["name"], test["rawStatus"]


def of_html(results):
    text = re.search(r'id="index">(.*?)</script>', html(results), re.DOTALL)[1]
    for run in json.loads(text)["runs"]:
        yield run["name"], run["verdict"]


def of_markdown(results):
    for name, verdict in re.findall(r"^\| \S+ \| (.*?) \| ([a-z ]+) \|", markdown(results), re.MULTILINE):
        yield name.replace("\\", ""), verdict.replace(" ", "_")


def of_terminal(results):
    console = plain_console(200)
    with ConsoleReporter(console) as reporter:
        for result in results:
            for event in events_of(result):
                reporter.handle(event)
    found = re.findall(
        r"^([A-Z][A-Z ]+?)  (\S*(?: \(\d+ of \d+\))?)  \S.*\n  run +(\S+)", text_of(console), re.MULTILINE
    )
    for verdict, name, run_id in found:
        yield name or run_id, verdict.lower().replace(" ", "_")


@pytest.mark.parametrize("read", [of_junit, of_ctrf, of_html, of_markdown, of_terminal])
@pytest.mark.parametrize("results", [READABLE, SUITE, tuple(many(200))], ids=["every ending", "suite", "200"])
def test_names_counts_and_verdicts_are_the_same(read, results):
    expected = Counter(of_json(results))
    assert sum(expected.values()) == len(results)
    assert Counter(read(results)) == expected


@pytest.mark.parametrize("results", [READABLE, SUITE], ids=["every ending", "suite"])
def test_the_reason_is_the_same_everywhere(results):
    reasons = [test["message"] for test in json.loads(ctrf(results))["results"]["tests"] if "message" in test]
    outcomes = [each for each in ET.fromstring(junit(results)).iter() if each.tag in {"failure", "error", "skipped"}]
    assert [each.get("message") for each in outcomes] == reasons
    page = re.search(r'id="index">(.*?)</script>', html(results), re.DOTALL)[1]
    assert [run["reason"] for run in json.loads(page)["runs"] if run["reason"]] == reasons
