"""Two runs side by side, as a person sees them."""

import pytest
from tests.unit.reporting.results import plain_console, text_of
from tests.unit.reporting.runs import CANCELLED, EVERY, FAILED, HOSTILE, NEVER_BEGAN, PASSED

from awsit.history.comparison import compare
from awsit.records import replace
from awsit.reporting.terminal.comparison import show_comparison
from awsit.reporting.terminal.values import Limits


def shown(before, after, *, noise=False):
    console = plain_console(80)
    show_comparison(compare(before, after, noise=noise), console, Limits(80, 6, 300), everything=noise)
    return text_of(console)


@pytest.mark.parametrize("before", EVERY, ids=lambda result: result.run_id[-2:])
@pytest.mark.parametrize("after", [PASSED, FAILED, CANCELLED], ids=["passed", "failed", "cancelled"])
def test_any_two_runs_can_be_compared(before, after):
    text = shown(before, after)
    assert before.run_id in text
    assert after.run_id in text
    assert ("Nothing is different" in text) == (before is after)


def test_a_run_that_never_began_says_why():
    began = replace(NEVER_BEGAN, error=None, run_id=f"{NEVER_BEGAN.run_id[:-1]}Z")
    text = shown(began, NEVER_BEGAN)
    assert "    - no error\n    + There is no scenario `order_is_stord`." in text


def test_what_comes_from_a_service_cannot_steer_the_terminal():
    assert "\x1b" not in shown(PASSED, HOSTILE, noise=True)


def test_many_differences_are_cut_and_counted_and_all_are_there_when_asked_for():
    step = PASSED.steps[0]
    many, others = (
        replace(PASSED, steps=(replace(step, response={f"field_{n}": value for n in range(30)}),)) for value in (1, 2)
    )
    assert "... 18 more differences (-v shows all)" in shown(many, others)
    assert "response.field_29" in shown(many, others, noise=True)
