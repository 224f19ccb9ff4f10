"""Two runs side by side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsit.history.comparison import compare
from awsit.model.result import AssertionResult, Attempt, ErrorInfo, RunResult, RunStatus, Status, StepResult
from awsit.records import replace

AT = "2030-01-01T00:00:00.000Z"


def step(name, status=Status.PASSED, phase="actions", **more):
    return StepResult(0, phase, name, "http_call", status, AT, 0.2, (Attempt(1, AT, 0.2, status),), **more)


def run(*steps, run_id="run-01J9ZK3M4N5P6Q7R8S9T0V1W2X", status=RunStatus.PASSED, **more):
    return RunResult(run_id, "orders", status, "local", AT, AT, 1.0, steps=steps, **more)


def names(comparison):
    return [(pair.name, bool(pair.before), bool(pair.after)) for pair in comparison.steps]


@given(before=st.lists(st.sampled_from("abcde"), max_size=8), after=st.lists(st.sampled_from("abcde"), max_size=8))
def test_every_step_of_both_runs_is_there_once(before, after):
    found = names(compare(run(*map(step, before)), run(*map(step, after))))
    assert sorted(name for name, old, _ in found if old) == sorted(before)
    assert sorted(name for name, _, new in found if new) == sorted(after)
    assert [name for name, old, _ in found if old] == before


def test_a_new_step_stands_behind_the_one_before_it_and_a_lost_one_stays_in_its_place():
    found = compare(run(*map(step, ["a", "lost", "c"])), run(*map(step, ["a", "new", "c"])))
    assert names(found) == [("a", True, True), ("new", False, True), ("lost", True, False), ("c", True, True)]
    assert found.is_different


def test_the_same_run_twice_is_not_different():
    one = run(step("a", response={"status": 200}), context={"id": "order-12345"})
    assert not compare(one, one).is_different


OTHER = "run-01J9ZM7C2T4K8P0QWEXN5B6R3D"


def test_ids_and_times_are_not_different():
    def made(run_id, order, trace, at):
        response = {
            "status": 200,
            "elapsed_ms": len(trace),
            "headers": {"Date": at, "x-amzn-RequestId": trace, "content-type": "application/json"},
            "body": {"order_id": order, "trace": trace, "created": at, "run": run_id, "url": f"/orders/{order}"},
        }
        return run(step("a", response=response, captured={"id": order}), run_id=run_id, context={"id": order})

    one = made("run-01J9ZK3M4N5P6Q7R8S9T0V1W2X", "order-4711xx", "6f1c0d3e-0000-4000-8000-0000000000aa", AT)
    two = made(OTHER, "order-0815yyy", "0a1b2c3d-0000-4000-8000-0000000000bb", "2031-05-05T10:00:00Z")
    assert not compare(one, two).is_different
    assert {each.path for each in compare(one, two, noise=True).steps[0].differences} >= {
        "response.body.order_id",
        "response.headers.Date",
        "captured.id",
    }


def test_a_captured_word_is_not_taken_for_an_id():
    one = run(step("a", response={"body": "created"}), context={"state": "created"})
    two = run(step("a", response={"body": "rejected"}), context={"state": "rejected"}, run_id=OTHER)
    ((found,),) = (pair.differences for pair in compare(one, two).steps)
    assert (found.before, found.after) == ("created", "rejected")


HOLDS = AssertionResult(passed=True, operator="equals", path="$.a", expected=1, actual=1)
FAILS = replace(HOLDS, passed=False, actual=2)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([HOLDS], [HOLDS], []),
        ([HOLDS], [FAILS], [(True, False, "", "expected 1, got 2")]),
        ([FAILS], [HOLDS], [(False, True, "expected 1, got 2", "")]),
        ([FAILS], [replace(FAILS, actual=3)], [(False, False, "expected 1, got 2", "expected 1, got 3")]),
        ([HOLDS], [], [(True, None, "", "")]),
        ([], [HOLDS], [(None, True, "", "")]),
    ],
)
def test_assertions_that_came_out_differently(before, after, expected):
    one, two = (run(step("a", assertions=tuple(checks)), assertions=tuple(checks)) for checks in (before, after))
    found = compare(one, two)
    for changes in (found.assertions, found.steps[0].checks):
        changed = [(each.before, each.after, each.before_message, each.after_message) for each in changes]
        assert changed == expected
    assert found.is_different == bool(expected)


def test_the_assertions_of_a_step_that_was_not_carried_out_are_not_lost():
    one = run(step("a", assertions=(HOLDS,), response={"status": 200}))
    error = step("a", Status.ERROR, error=ErrorInfo("timeout", "no answer"))
    (pair,) = compare(one, run(error, status=RunStatus.ERROR)).steps
    assert (pair.checks, pair.differences) == ((), ())
    assert pair.after.error == "no answer"
    assert pair.is_different
