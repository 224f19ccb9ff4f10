"""Every file that is written, for every way a run can end; of many runs what the reports come to."""

import re
from collections import Counter
from xml.etree import ElementTree as ET

import pytest
from tests.unit.reporting.runs import CANCELLED, ERROR, FAILED, LEFT, OVERDUE, PASSED, SOFT, TIMED_OUT, many

from awsit import __version__
from awsit.model import json
from awsit.reporting.failure_context import nothing_known
from awsit.reporting.formats import json_
from awsit.reporting.formats.annotations import workflow_commands
from awsit.reporting.formats.ctrf import ctrf
from awsit.reporting.formats.junit import junit
from awsit.reporting.formats.markdown import markdown
from awsit.reporting.formats.outputs import outputs
from awsit.reporting.html import headline, html, title
from awsit.reporting.html.page_data import index_parts
from awsit.reporting.totals import Totals

ENDINGS = {
    "all passed": (PASSED,),
    "failed assertion": (FAILED,),
    "error": (ERROR,),
    "soft failures": (SOFT,),
    "timeout with attempts": (TIMED_OUT,),
    "out of time": (OVERDUE,),
    "left behind": (LEFT,),
    "cancelled": (CANCELLED,),
    "no scenarios": (),
}
MANY = tuple(many(200))


def of_junit(results):
    root = ET.fromstring("".join(junit(results)))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode")


def of_html(results):
    """What the page says before anything is opened; tests/e2e/html reads the rest in a browser."""
    page = "".join(html(results))
    assert headline(results) in re.search(r"<h1>(.*?)</h1>", page)[1]
    index = json.loads("".join(index_parts(results)))
    return f"{title(Totals.of(results))}\n{headline(results)}\n{json.dumps(index, indent=2)}"


def of_annotations(results):
    return workflow_commands(results, nothing_known)


WRITERS = {
    "json": json_.reports,
    "junit": of_junit,
    "html": of_html,
    "markdown": markdown,
    "ctrf": ctrf,
    "annotations": of_annotations,
    "outputs": outputs,
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("kind", WRITERS)
def test_what_is_written(kind, ending, snapshot):
    assert "".join(WRITERS[kind](ENDINGS[ending])).replace(__version__, "<version>") == snapshot


def junit_digest():
    root = ET.fromstring("".join(junit(MANY)))
    outcomes = Counter(each.tag for case in root.iter("testcase") for each in case)
    return {"root": root.attrib, "outcomes": dict(outcomes), "first": [suite.get("name") for suite in root][:3]}


def markdown_digest():
    page = "".join(markdown(MANY))
    lines = page.splitlines()
    return {"begins": lines[:10], "rows": page.count("\n| "), "folds": page.count("<details"), "ends": lines[-3:]}


def ctrf_digest():
    results = json.plain(json.loads("".join(ctrf(MANY))))["results"]
    return {"summary": results["summary"], "raw": dict(Counter(test["rawStatus"] for test in results["tests"]))}


def json_digest():
    reports = json.loads("".join(json_.reports(MANY)))
    return {
        "statuses": dict(Counter(each["status"] for each in reports)),
        "cleanup": dict(Counter(each["cleanup"]["verdict"] for each in reports)),
        "steps": sum(len(each["steps"]) for each in reports),
    }


def html_digest():
    runs = json.loads("".join(index_parts(MANY)))["runs"]
    return {
        "headline": headline(MANY),
        "title": title(Totals.of(MANY)),
        "verdicts": dict(Counter(run["verdict"] for run in runs)),
        "tags": sorted({tag for run in runs for tag in run["tags"]}),
    }


def github_digest():
    return dict(Counter(line.split()[0] for line in of_annotations(MANY)))


@pytest.mark.parametrize(
    "digest",
    [json_digest, junit_digest, html_digest, markdown_digest, ctrf_digest, github_digest, lambda: outputs(MANY)],
    ids=WRITERS,
)
def test_what_two_hundred_scenarios_come_to(digest, snapshot):
    assert digest() == snapshot
