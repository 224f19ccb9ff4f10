"""All that one command writes says the same of the runs that it made: names, counts, verdicts and reasons."""

import re
from collections import Counter
from xml.etree import ElementTree as ET

import pytest
from tests.functional.fakes import CREATED, FAILING, PASSING
from tests.unit.reporting import readers

from awsit.errors import ActionError, ErrorKind
from awsit.model import json
from awsit.model.http import HttpResponse
from awsit.reporting.registry import FORMATS

SLOW = """
name: order_is_paid
actions:
  - name: Paid
    type: http_call
    params: {url: "http://orders.test/paid"}
    until: {assert: [{path: $.body.status, equals: paid}], timeout_seconds: 3, interval_seconds: 1}
"""
SOFT = """
name: order_page
actions:
  - name: Title
    type: http_call
    params: {url: "http://orders.test/a", expected_status: 404}
    continue_on_failure: true
  - {name: Footer, type: http_call, params: {url: "http://orders.test/b"}}
assertions:
  - {name: at once, path: $.actions.Footer.attempts, equals: 2}
"""
ROWS = """
name: priced
matrix: [{product: book}, {product: "p|en"}]
actions:
  - {name: Price, type: http_call, params: {url: "http://orders.test/price"}}
"""
SCENARIOS = {
    "passed": PASSING,
    "failed": FAILING,
    "error": PASSING.replace("order_is_stored", "order_is_gone").replace("orders.test/orders", "down.test/orders"),
    "left": PASSING.replace("order_is_stored", "order_is_kept").replace("expected_status: 2xx", "expected_status: 418"),
    "slow": SLOW,
    "soft": SOFT,
    "rows": ROWS,
}
EXPECTED = {
    "order_is_stored": "passed",
    "order_is_shipped": "failed",
    "order_is_gone": "error",
    "order_is_kept": "left_behind",
    "order_is_paid": "failed",
    "order_page": "failed",
    "priced[book]": "passed",
    "priced[p|en]": "passed",
}
LINE = re.compile(r"^  \S (\S+) +([a-z ]+?) +[\d.]+ s  ", re.MULTILINE)
FILES = {each.name: f"report.{each.name}" for each in FORMATS if each.past_runs}


def answer(request):
    if "down.test" in request.url:
        raise ActionError("connection refused", kind=ErrorKind.CONNECTION)
    return HttpResponse(201, CREATED.headers, CREATED.body, "") if request.method == "POST" else ok(request)


def ok(request):
    return HttpResponse(200, CREATED.headers, CREATED.body, "")


@pytest.fixture
def written(awsit, wiring, scenario, tmp_path, monkeypatch):
    """What a run of all of them says, by kind of report."""
    monkeypatch.chdir(tmp_path)
    for name, text in SCENARIOS.items():
        scenario(text, f"{name}.yaml")
    wiring.http_fake._answers = (answer,)

    def run(*more):
        options = [word for kind, file in FILES.items() for word in (f"--{kind}", file)]
        done = awsit("run", "scenarios", *options, "--outputs", "env", "--annotations", "notes", *more)
        assert done.exit_code == 1, done.stderr
        texts = {kind: (tmp_path / file).read_text() for kind, file in FILES.items()}
        notes, env = (tmp_path / name for name in ("notes", "env"))
        return {**texts, "terminal": done.stdout, "annotations": notes.read_text(), "outputs": env.read_text()}

    return run


def test_every_report_has_the_names_and_verdicts_of_the_runs(written):
    texts = written()
    for kind in FILES:
        assert readers.read(kind, texts[kind]) == Counter(EXPECTED.items()), kind
    lines = LINE.findall(texts["terminal"])  # those that did not pass are in the summary again
    assert {(name, verdict.replace(" ", "_")) for name, verdict in lines} == set(EXPECTED.items())
    assert "8 scenarios: 3 failed, 1 error, 1 left behind, 3 passed" in texts["terminal"]


def test_counts_and_reasons_are_the_same(written):
    texts = written()
    counts = Counter(EXPECTED.values())
    root = ET.fromstring(texts["junit"])
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("8", str(counts["failed"]), "2")
    tests = json.loads(texts["ctrf"])["results"]["tests"]
    reasons = {test["name"]: test.get("message", "") for test in tests}
    outcomes = {
        case.get("name"): next((each.get("message") for each in case if each.tag in {"failure", "error"}), "")
        for case in root.iter("testcase")
    }
    assert outcomes == reasons == {run["name"]: run["reason"] for run in readers.index_of_html(texts["html"])}
    assert texts["markdown"].startswith("## ❌ awsit: 8 scenarios, 3 failed, 1 error, 1 left behind, 3 passed")
    assert "AWSIT_SUMMARY=8 scenarios: 3 failed, 1 error, 1 left behind, 3 passed" in texts["outputs"]
    assert Counter(line.split()[0] for line in texts["annotations"].splitlines()) == {"::error": 4, "::warning": 1}
    assert all(",file=scenarios/" in line for line in texts["annotations"].splitlines())


def test_repetitions_are_told_apart_everywhere(written):
    texts = written("--repeat", "2")
    expected = Counter((f"{name} ({n} of 2)", verdict) for name, verdict in EXPECTED.items() for n in (1, 2))
    for kind in FILES:
        assert readers.read(kind, texts[kind]) == expected, kind
    assert all(",file=scenarios/" in line for line in texts["annotations"].splitlines())
