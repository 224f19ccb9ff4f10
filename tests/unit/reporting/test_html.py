"""The HTML report as text; tests/e2e/html opens it in a browser."""

import base64
import hashlib
import re
from decimal import Decimal
from importlib.resources import files

import pytest
from tests.unit.reporting.runs import EVERY, FAILED, HOSTILE, LEFT, PASSED, TIMED_OUT, many

from awsit.model import json
from awsit.model.codec import encode
from awsit.model.evidence import EvidenceKind
from awsit.model.text.visible import has_control
from awsit.reporting.html import fill, html
from awsit.reporting.html.page_data import marked, run_data
from awsit.reporting.terminal.assertions import WORTH_READING

DATA = re.compile(r'<script type="application/json" id="([\w-]+)">(.*?)</script>', re.DOTALL)


def data(results):
    return {name: json.loads(text) for name, text in DATA.findall("".join(html(results)))}


def unmarked(value):
    if isinstance(value, str) and value.startswith("\ue000"):
        return Decimal(value[2:]) if value[1] == "n" else value[2:]
    if isinstance(value, dict):
        return {key: unmarked(item) for key, item in value.items()}
    return [unmarked(item) for item in value] if isinstance(value, list) else value


def test_the_page_holds_every_report_whole():
    found = data(EVERY)
    assert [unmarked(found[f"data-{number}"]) for number in range(len(EVERY))] == [encode(each) for each in EVERY]


def test_the_index_says_what_the_list_shows():
    runs = data(EVERY)["index"]["runs"]
    assert [run["verdict"] for run in runs][:7] == [
        "passed",
        "failed",
        "error",
        "failed",
        "failed",
        "left_behind",
        "cancelled",
    ]
    assert runs[1]["reason"] == "OrderIsStored: the order has its total: total: expected 29.90, got 24.90"
    assert runs[1]["steps"] == ["passed", "passed", "failed", "skipped"]


@pytest.mark.parametrize(
    ("results", "headline"),
    [
        ((), "No scenarios ran"),
        ((PASSED,), "order_is_stored passed"),
        ((FAILED,), "order_has_its_total failed"),
        ((LEFT,), "order_is_shipped passed, but left something behind"),
        ((PASSED, PASSED), "All 2 scenarios passed"),
        (EVERY, "9 of 10 scenarios did not pass"),
    ],
)
def test_the_headline_is_the_result(results, headline):
    assert f"<h1>{headline}</h1>" in "".join(html(results))


def test_only_the_pages_own_style_and_script_may_run():
    page = "".join(html([TIMED_OUT]))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1].replace("&#x27;", "'")
    for kind, pattern in (("script", r"<script>(.*?)</script>"), ("style", r"<style>(.*?)</style>")):
        (text,) = re.findall(pattern, page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy


def test_the_page_names_no_place_to_load_from():
    page = DATA.sub("", "".join(html(EVERY)))
    assert not re.search(r"""(src|href|url|import)\s*[=(]\s*["']?(https?:)?//""", page)
    assert set(re.findall(r"https?://[^\s\"']+", page)) == {"http://www.w3.org/2000/svg"}


def test_data_cannot_leave_its_element():
    page = "".join(html([HOSTILE]))
    assert page.count("</script>") == 4 == page.count("<script")
    assert "<img" not in page
    assert "<!--" not in page


def test_a_part_is_not_looked_at_again():
    assert "".join(fill("<!--a--> <!--b-->", {"a": ["<!--b-->"], "b": ["2"]})) == "<!--b--> 2"


def test_numbers_are_kept_digit_for_digit():
    response = run_data(HOSTILE)["steps"][0]["response"]
    assert response["exact"] == "\ue000n1.10"
    assert response["big"] == f"\ue000n{2**70}"
    assert marked(["\ue000n1", 7, True, None]) == ["\ue000s\ue000n1", 7, True, None]


def test_a_thousand_scenarios_are_one_file():
    assert sum(name.startswith("data-") for name in data(many(1000))) == 1000


def test_the_script_knows_which_evidence_explains_nothing():
    script = files("awsit.reporting.html").joinpath("evidence.js").read_text(encoding="utf-8")
    listed = set(re.findall(r'"(\w+)"', script.partition("SURROUNDINGS = [")[2].partition("]")[0]))

    assert listed == {kind.value for kind in EvidenceKind if not kind.explains} - {"not_read"}


def test_the_script_shows_as_codes_what_the_terminal_does():
    script = files("awsit.reporting.html").joinpath("dom.js").read_text(encoding="utf-8")
    control = re.compile(script.partition("const CONTROL = /")[2].partition("/g")[0])

    assert [code for code in range(0xD800) if bool(control.match(chr(code))) != has_control(chr(code))] == []


def test_the_page_and_the_terminal_show_the_same_messages_beside_values() -> None:
    script = (files("awsit.reporting.html") / "run.js").read_text(encoding="utf-8")
    listed = script.partition("const WORTH_READING = [")[2].partition("];")[0]
    shown = re.findall(r'"([^"]+)"', listed)
    assert shown
    assert [each for each in WORTH_READING if not any(part in each for part in shown)] == []
