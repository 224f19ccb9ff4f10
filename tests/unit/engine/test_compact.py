"""Which steps of a compact run the function goes on with by itself."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.forecast.plans import compiled, get

from awsit.engine.compact import BUDGET_SECONDS, following, is_in_budget, segments_of
from awsit.model.plan import Plan, Step


def plan(**more: Any) -> Plan:
    branches = [[get("A"), get("B", on_failure=[get("Look")]), get("C")], [get("D")]]
    both = {"name": "Both", "type": "parallel", "params": {"branches": branches}}
    return compiled({"name": "it", "setup": [get("Before"), get("Then")], "actions": [both], **more})


def named(plan: Plan, indexes: tuple[int, ...]) -> list[str]:
    return [plan.steps[index].name for index in indexes]


def test_the_state_machine_calls_the_first_step_of_each_branch() -> None:
    made = plan()
    compact = Plan(made.run_id, made.scenario, steps=made.steps, segments=made.segments, compact=True)

    def steps(segments: Any) -> list[list[list[int]]]:
        return [[branch["steps"] for branch in segment["branches"]] for segment in segments]

    every = steps(segments_of(made))
    assert [named(made, tuple(branch)) for branch in every[-1]] == [["A", "B", "C"], ["D"]]
    assert steps(segments_of(compact)) == [[[str(branch[0])] for branch in segment] for segment in every]


def test_a_branch_goes_on_to_its_own_end() -> None:
    made = plan()
    index = {step.name: step.index for step in made.steps}
    assert named(made, following(made, index["A"])) == ["B", "C"]
    assert following(made, index["D"]) == ()
    assert named(made, following(made, index["Before"])) == ["Then"]


@pytest.mark.parametrize(
    ("timeout", "elapsed", "pause", "fits"),
    [
        (30, 0, 0, True),
        (30, BUDGET_SECONDS - 30, 0, True),
        (30, BUDGET_SECONDS - 29.9, 0, False),
        (BUDGET_SECONDS + 1, 0, 0, False),
        (30, 0, 2, True),
        (30, 0, 3, False),
        (30, BUDGET_SECONDS - 31, 2, False),
    ],
)
def test_a_call_must_fit_into_the_budget_with_all_of_its_time_out(
    timeout: float, elapsed: float, pause: float, fits: bool
) -> None:
    step = Step(0, "A", "http_call", timeout_seconds=timeout)
    assert is_in_budget(step, elapsed, pause) is fits
