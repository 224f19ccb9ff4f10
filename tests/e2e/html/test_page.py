"""What a person sees of the report, and does with it."""

import re

import pytest
from tests.attack.commands import RAW
from tests.unit.reporting.runs import (
    CANCELLED,
    ERROR,
    EVERY,
    FAILED,
    HOSTILE,
    HOSTILE_TEXT,
    LEFT,
    NOT_ALLOWED,
    PASSED,
    SOFT,
    SUITE,
    TIMED_OUT,
    many,
)

from awsit.expressions.assertions import assertion
from awsit.model.evidence import Evidence, EvidenceKind
from awsit.model.result import RunStatus
from awsit.model.text.visible import visible
from awsit.records import replace
from awsit.reporting.failure_context import FailureContext
from awsit.reporting.totals import PagedResults
from awsit.reporting.verdicts import name_of, reason
from awsit.scenario.reading.load import load_text

SHOWN = (
    "[...document.querySelectorAll('.run')].filter(row => row.checkVisibility())"
    ".map(row => row.querySelector('b').textContent)"
)
FOCUSED = "document.activeElement.closest('.run')?.querySelector('b').textContent"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FAILED_STEP = "document.querySelector('.step.is-failed')"
OPEN_AT_FIRST = 5
LABELS = "[...document.querySelectorAll('#verdicts button')].map(chip => chip.textContent)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_every_ending_opens_without_a_word_on_the_console(show, tmp_path, scheme, width):
    page = show(EVERY, scheme=scheme, width=width)
    page.press("j")
    page.value("document.getElementById('fold').click(); document.getElementById('fold').click()")
    assert page.value("document.querySelectorAll('.run[open] .detail').length") == len(EVERY)
    assert page.value(TOO_WIDE) == 0
    assert page.said == []
    assert page.picture(tmp_path / "page.png").stat().st_size > 10_000


@pytest.mark.parametrize("result", [*(each for each in EVERY if each is not HOSTILE), SUITE[-1]], ids=name_of)
def test_what_a_person_reads(show, result, snapshot):
    page = show([result])
    page.value("for (const step of document.querySelectorAll('.step')) step.open = true")
    page.settle()
    assert re.sub(r"awsit \d\S*", "awsit <version>", page.value("document.body.innerText")) == snapshot


def test_an_execution_is_one_click_away(show):
    page = show([FAILED])
    assert page.value("document.querySelector('.facts a').href").startswith("https://eu-west-1.console.aws.amazon.com/")
    local = replace(FAILED, execution_arn=FAILED.execution_arn.replace("123456789012", "000000000000"))
    assert show([local]).value("document.querySelector('.facts a')") is None


def test_the_failed_step_and_its_assertion_are_in_sight(show):
    page = show([FAILED], height=900)
    assert page.value(f"{FAILED_STEP}.querySelector('.step-name b').textContent") == "OrderIsStored"
    assert page.value(f"{FAILED_STEP}.querySelector('.failed-check').checkVisibility()")
    assert page.value(f"{FAILED_STEP}.getBoundingClientRect().top < innerHeight")
    assert page.value(f"{FAILED_STEP}.querySelector('.diff .removed').innerText").strip() == '-  "total": 29.90'
    assert page.value(f"{FAILED_STEP}.querySelector('.diff .added').innerText").strip() == '+  "total": 24.90'


def test_a_difference_has_the_colours_of_the_terminal(show):
    page = show([FAILED])
    for kind, status in (("removed", "failed"), ("added", "passed")):
        text = page.value(f"getComputedStyle(document.querySelector('.diff .{kind}')).color")
        assert text == page.value(f"getComputedStyle(document.querySelector('.sign.is-{status} circle')).fill")


def test_why_a_clean_up_step_failed_is_told_once(show):
    text = show([LEFT]).value("document.querySelector('.run').innerText")
    assert text.count(NOT_ALLOWED) == 1
    never_called = replace(LEFT, cleanup=replace(LEFT.cleanup, steps=()))
    assert NOT_ALLOWED in show([never_called]).value("document.querySelector('.left-behind').innerText")


@pytest.mark.parametrize("held", ["42", '{"total": 3}'])
def test_a_text_that_holds_json_says_how_it_is_read(show, held):
    check = assertion.check({"path": "$.body", "equals": {"total": 4}}, {"body": held})
    result = replace(SOFT, assertions=(check,))
    advice = "json_path" in check.message
    assert advice is held.startswith("{")
    assert ("json_path" in show([result]).value("document.body.innerText")) is advice


def test_a_failure_shows_its_line_its_request_and_how_to_run_it_again(show):
    source = load_text("name: page\nactions:\n- {name: 📄, assert: [{path: $.body, contains: Orders}]}\n", "page.yaml")
    check = replace(SOFT.steps[0].assertions[0], source="actions[0].assert[0]")
    request = {"method": "GET", "url": "https://orders.example", "headers": {}, "body": None}
    failed = replace(SOFT.steps[0], assertions=(check,), request=request)
    page = show(
        [replace(SOFT, steps=(failed,))], FailureContext(rerun_command="awsit run page.yaml --var n=3", source=source)
    )
    assert page.value(f"{FAILED_STEP}.querySelector('.written').innerText").startswith("page.yaml:3:47\n3- {name: 📄")
    assert page.value(f"{FAILED_STEP}.querySelector('mark').innerText") == "Orders"
    assert "run again\nawsit run page.yaml --var n=3" in page.value("document.querySelector('.facts').innerText")
    assert (
        page.value("document.querySelector('.command pre').innerText")
        == "curl --include --location https://orders.example"
    )


@pytest.mark.parametrize("result", [FAILED, ERROR, SOFT, TIMED_OUT, CANCELLED], ids=name_of)
def test_a_reason_is_told_once(show, result):
    page = show([result])
    told = " ".join(page.value("document.body.innerText").split())
    message = reason(result).partition(": ")[2] or reason(result)
    assert told.count(message) <= 1


def test_failures_are_opened_first_and_passed_runs_are_closed(show):
    page = show([PASSED, FAILED, *many(3)])
    assert page.value(SHOWN)[0] == "order_has_its_total"
    assert page.value("document.querySelector('.run').open")
    assert page.value("[...document.querySelectorAll('.run.is-passed')].some(row => row.open)") is False


def test_the_filters_filter(show):
    page = show(EVERY)
    page.value("document.querySelector('[data-verdict=error]').click()")
    assert page.value(SHOWN) == ["invalid_order_is_refused", "run-01J9ZK3M4N5P6Q7R8S9T000008"]
    page.press("Escape")
    assert len(page.value(SHOWN)) == len(EVERY)
    page.press("/")
    for letter in "payment":
        page.press(letter)
    assert page.value(SHOWN) == ["payment_is_booked"]
    assert page.value("location.hash") == "#q=payment"


def test_a_view_can_be_sent_to_somebody(show):
    assert show(EVERY, hash_="#tag=slow&order=slow").value(SHOWN) == ["report_is_mailed", "payment_is_booked"]
    page = show(EVERY, hash_=f"#run={PASSED.run_id}")
    assert page.value(f"document.getElementById('{PASSED.run_id}').open")


def test_a_search_without_a_match_says_so(show):
    page = show(EVERY, hash_="#q=nothing+like+it")
    assert page.value(SHOWN) == []
    assert page.value("document.getElementById('nothing').innerText").startswith("No scenario matches")


def test_the_keyboard_is_enough(show):
    page = show([PASSED, *many(3)])
    page.press("j")
    first = page.value(FOCUSED)
    page.press("j")
    assert page.value(FOCUSED) == page.value(SHOWN)[1]
    page.press("k")
    assert page.value(FOCUSED) == first
    before = page.value("document.activeElement.parentElement.open")
    page.press("Enter")
    assert page.value("document.activeElement.parentElement.open") is not before
    page.press("f")
    assert "order_is_stored" not in page.value(SHOWN)


def test_the_theme_can_be_changed(show):
    page = show([FAILED], scheme="light")
    light = page.value("getComputedStyle(document.body).backgroundColor")
    page.press("t")
    dark = page.value("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.press("t")
    assert page.value("getComputedStyle(document.body).backgroundColor") == light
    assert show([FAILED], scheme="dark").value("getComputedStyle(document.body).backgroundColor") == dark


def test_attempts_and_waits_stand_on_the_time_axis(show):
    page = show([TIMED_OUT])
    row = "document.querySelector('.step.is-failed')"
    assert page.value(f"{row}.querySelectorAll('.attempt').length") == 12
    assert page.value(f"{row}.querySelectorAll('.wait').length") == 11
    lefts = page.value(f"[...{row}.querySelectorAll('.attempt')].map(bar => bar.getBoundingClientRect().left)")
    assert lefts == sorted(lefts)
    assert len(set(lefts)) == 12


def test_data_stays_data(show):
    page = show([HOSTILE, PASSED], hash_="")
    assert page.value("document.querySelectorAll('.run img, .run script').length") == 0
    assert page.value("document.querySelector('.run b').textContent") == visible(HOSTILE_TEXT)
    tree = page.value("[...document.querySelectorAll('.step .tree')].map(each => each.textContent).join(' ')")
    assert "1.10" in tree
    assert str(2**70) in tree
    assert page.said == []


def test_what_turns_or_controls_text_is_shown_as_its_code(show):
    turning = "a\u202eb\u2066c\x9bd\x1be\xa0f\u061cg\u200bh\U000e0041"
    shown = r"a\u202eb\u2066c\x9bd\x1be\xa0f\u061cg\u200bh\U000e0041"
    step = replace(HOSTILE.steps[0], name=turning, response={turning: [turning]})
    page = show([replace(HOSTILE, scenario=turning, description=turning, steps=(step,), context={turning: turning})])
    page.value("for (const each of document.querySelectorAll('details')) each.open = true")
    page.settle()
    text = page.value("document.title + document.body.innerText")
    titles = page.value("[...document.querySelectorAll('[title]')].map(each => each.title).join()")
    assert RAW.findall(text + titles) == []
    assert text.count(shown) >= 6
    assert page.value(f"getComputedStyle({FAILED_STEP}.querySelector('.step-name b')).unicodeBidi") == "isolate"


def test_the_chips_count_what_the_reports_count(show):
    assert show(EVERY).value(LABELS) == ["failed4", "error2", "timed out1", "left behind1", "cancelled1", "passed1"]


def test_a_thousand_scenarios_stay_smooth(show, tmp_path):
    page = show(many(1000))
    assert len(page.value(SHOWN)) == 1000
    assert (tmp_path / "report.html").stat().st_size < 10_000_000
    drawn = page.value("document.getElementsByTagName('*').length")
    assert drawn < 25_000, "scenarios that are closed were drawn"
    page.value("document.querySelector('.run').kept = true")
    for word in ("s", "scenario_07", "scenario_0777"):
        page.value(f"document.getElementById('search').value = '{word}'")
        page.value("document.getElementById('search').dispatchEvent(new Event('input'))")
    assert page.value(SHOWN) == ["scenario_0777"]
    assert page.value("document.getElementsByTagName('*').length") == drawn, "a filter draws nothing anew"
    assert page.value("document.querySelector('.run').kept")


def test_a_document_is_copied_as_it_came(show):
    page = show([FAILED])
    page.value("navigator.clipboard.writeText = async text => { window.copied = text }")
    page.value(f"[...{FAILED_STEP}.querySelectorAll('.copy-all')].at(-1).click()")
    assert '"total": 24.90' in page.value("window.copied")
    assert page.value(f"[...{FAILED_STEP}.querySelectorAll('.folded')].at(-1).open"), "a click on Copy folds nothing"


def test_nothing_to_run_says_so(show):
    page = show([])
    assert page.value("document.querySelector('h1').innerText") == "No scenarios ran"
    assert page.value("document.getElementById('nothing').checkVisibility()")
    assert page.said == []


def test_it_prints_what_is_open_without_the_controls(show):
    page = show(EVERY)
    assert page.pdf().startswith(b"%PDF")
    page.call("Emulation.setEmulatedMedia", media="print")
    assert page.value("document.getElementById('toolbar').checkVisibility()") is False
    assert page.value(f"{FAILED_STEP}.querySelector('.failed-check').checkVisibility()")
    page.call("Emulation.setEmulatedMedia", media="")


def test_the_causes_of_a_failure_and_what_its_diagnostics_found_are_in_sight(show):
    cause = Evidence(EvidenceKind.FUNCTION_ERROR, "function worker", "KeyError: 'id'", "2026-11-27T09:00:00.000Z", 2)
    look = replace(PASSED.steps[0], index=9, phase="on_failure", name="Look", response={"depth": "many"})
    failed = [replace(step, evidence=(cause,)) if step.status == "failed" else step for step in FAILED.steps]
    page = show([replace(FAILED, steps=(*failed, look))])
    assert page.value(f"{FAILED_STEP}.querySelector('.evidence').checkVisibility()")
    shown = page.value(f"{FAILED_STEP}.querySelector('.evidence').innerText")
    assert shown.split("\n")[0].lower() == "likely causes"
    assert {"function worker", "2 times", "KeyError: 'id'"} <= set(shown.split("\n"))
    assert "many" in page.value("document.body.innerText")
    assert page.value(TOO_WIDE) == 0


def test_ten_thousand_scenarios_open_and_details_are_drawn_on_demand(show):
    """A page of so many runs holds their reports as text, which only those that are opened are read from."""
    short = replace(PASSED, steps=PASSED.steps[:1], context={})
    kinds = (short, short, replace(short, status=RunStatus.FAILED))
    results = PagedResults(10_000, lambda place: replace(kinds[place % 3], run_id=f"run-{place:026d}"))
    page = show(results)
    assert page.said == []
    assert page.value("document.querySelector('h1').innerText") == "3333 of 10000 scenarios did not pass"
    assert page.value("document.querySelectorAll('.run').length") == 10_000
    assert page.value("document.querySelectorAll('.run .detail').length") == OPEN_AT_FIRST
    page.value("[...document.querySelectorAll('.run')].at(-1).open = true")
    page.settle()
    assert page.value("document.querySelectorAll('.run .detail').length") == OPEN_AT_FIRST + 1
