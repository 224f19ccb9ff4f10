"""What the terminal shows for every way a run can end: plain, 80 columns wide."""

import pytest
from tests.unit.reporting.runs import (
    CANCELLED,
    ERROR,
    FAILED,
    LEFT,
    NOT_ALLOWED,
    OVERDUE,
    PASSED,
    SOFT,
    TIMED_OUT,
    many,
)

from awsit.model.result import CleanupVerdict, RunStatus, Status
from awsit.records import replace
from awsit.reporting.failure_context import FailureContext
from awsit.scenario.reading.load import load_text

ENDINGS = {
    "all passed": PASSED,
    "failed assertion": FAILED,
    "error": ERROR,
    "soft failures": SOFT,
    "timeout with attempts": TIMED_OUT,
    "out of time": OVERDUE,
    "left behind": LEFT,
    "cancelled": CANCELLED,
}
TEXT = """\
name: order_is_stored
actions:
  - name: CreateOrder
    type: http_call
    params: {url: "https://orders.test/orders", method: POST, expected_status: 201}
  - name: OrderIsStored
    type: dynamodb
    params: {operation: get_item}
    assert:
      - {path: $.item, exists: true}
      - name: the order has its total
        path: $.item
        matches: {total: 29.90}
"""


def around(result) -> FailureContext:
    """What is known of a run in the account, without its source."""
    link = (
        f"https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/{result.run_id}"
    )
    return FailureContext(f".awsit/reports/{result.run_id}.json", f"awsit run scenarios/{result.scenario}.yaml", link)


@pytest.mark.parametrize("verbosity", [-1, 0], ids=["quiet", "normal"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_one_run(report, snapshot, ending, verbosity):
    result = ENDINGS[ending]
    shown = report(result, around=around(result), verbosity=verbosity)
    assert shown == snapshot
    assert (shown == "") is (verbosity < 0 and result is PASSED)


@pytest.mark.parametrize("verbosity", [-1, 0, 1])
def test_why_a_clean_up_step_failed_is_told_once(report, verbosity):
    shown = report(LEFT, verbosity=verbosity)

    assert shown.count(NOT_ALLOWED) == 1
    assert "Left behind\n  DeleteOrder  dynamodb  failed\n" in shown


def test_what_no_explanation_has_shown_is_told_among_what_is_left(report):
    kept = replace(LEFT, cleanup=replace(LEFT.cleanup, steps=()))

    assert f"    reason  {NOT_ALLOWED}\n    undo    {{\n" in report(kept)


def test_no_run_at_all(report):
    assert report(expected=0) == ""


def test_all_of_them_have_a_line_and_those_that_did_not_pass_explain_themselves(report, snapshot):
    assert report(*ENDINGS.values(), expected=len(ENDINGS)) == snapshot


def test_two_hundred(report, snapshot):
    results = many(200)
    lines = report(*results, expected=200, around=FailureContext()).splitlines()
    fine = sum(each.status is RunStatus.PASSED and each.cleanup.verdict is CleanupVerdict.CLEAN for each in results)
    assert sum(line.startswith("  ✓ scenario_") and " passed " in line for line in lines) == fine
    assert lines[lines.index("Summary") :] == snapshot


def test_a_failure_with_all_that_is_known(report, snapshot):
    (bad,) = [step for step in FAILED.steps if step.status is Status.FAILED]
    placed = tuple(replace(check, source=f"actions[1].assert[{int(not check.passed)}]") for check in bad.assertions)
    step = replace(bad, assertions=placed)
    known = replace(
        around(FAILED),
        source=load_text(TEXT, "scenarios/order_is_stored.yaml"),
        log={("actions", bad.index): ("09:30:01.000 ERROR action failed request_id=1 attempt=1",)},
    )
    assert report(replace(FAILED, steps=(step,)), around=known) == snapshot


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_lines_that_are_made_here_fit_the_width(report, width):
    source = load_text(TEXT, "scenarios/order_is_stored.yaml")
    shown = report(*ENDINGS.values(), expected=len(ENDINGS), width=width, around=FailureContext(source=source))
    made = [line for line in shown.splitlines() if line.startswith(("  ✓ ", "  ✗ ", "  ! "))]
    assert len(made) >= len(ENDINGS)
    assert not [line for line in made if len(line) > max(width, 55)]
