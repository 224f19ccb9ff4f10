"""The order in which the clean-up steps of one list run: the ledger is worked off from its end."""

from __future__ import annotations

import pytest
from tests.unit.scenario.conftest import Compile

from awsit.model.plan import Plan

FIND = "{name: Find, type: wait, params: {seconds: 1}, pass_to_context: {found: $.seconds}}"
REMOVE = '{name: Remove, type: wait, params: {seconds: "{{ context.found }}"}}'
OTHER = "{name: Other, type: wait, params: {seconds: 1}}"
AGAIN = '{name: Again, type: wait, params: {seconds: "{{ context.found }}"}, pass_to_context: {more: $.seconds}}'
LAST = '{name: Last, type: wait, params: {seconds: "{{ context.more }}"}}'


def running(plan: Plan) -> list[str]:
    """The names of the clean-up steps, as they run when all of them were registered."""
    ledger = [*plan.global_cleanup, *(index for step in plan.steps for index in step.cleanup)]
    return [plan.cleanup[index].name for index in reversed(ledger)]


@pytest.mark.parametrize(
    ("written", "runs"),
    [
        ([OTHER], ["Other"]),
        ([OTHER, FIND], ["Find", "Other"]),
        ([FIND, REMOVE], ["Find", "Remove"]),
        ([REMOVE, FIND], ["Find", "Remove"]),
        ([FIND, REMOVE, OTHER], ["Other", "Find", "Remove"]),
        ([OTHER, FIND, REMOVE], ["Find", "Remove", "Other"]),
        ([FIND, AGAIN, LAST], ["Find", "Again", "Last"]),
        ([LAST, AGAIN, FIND], ["Find", "Again", "Last"]),
        ([AGAIN, LAST, FIND], ["Find", "Again", "Last"]),
    ],
)
@pytest.mark.parametrize("place", ["of an action", "of the scenario"])
def test_the_last_runs_first_and_one_that_uses_a_capture_after_the_one_that_captures(
    compiled: Compile, written: list[str], runs: list[str], place: str
) -> None:
    steps = f"[{', '.join(written)}]"
    action = (
        f"{{name: A, type: wait, params: {{seconds: 1}}{f', cleanup: {steps}' if place == 'of an action' else ''}}}"
    )
    own = f"\ncleanup: {steps}" if place == "of the scenario" else ""

    assert running(compiled(f"name: it\nactions: [{action}]{own}")) == runs


def test_what_an_action_captures_is_there_before_and_changes_no_order(compiled: Compile) -> None:
    action = "{name: A, type: wait, params: {seconds: 1}, pass_to_context: {found: $.seconds}}"

    assert running(compiled(f"name: it\nactions: [{action}]\ncleanup: [{FIND}, {REMOVE}]")) == ["Remove", "Find"]
