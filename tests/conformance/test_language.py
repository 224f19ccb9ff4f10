"""Every feature of the language, on both engines and in compact runs: one report, as expected, and nothing left behind.

The scenarios stand in `scenarios/`, one feature each; `cases.py` tells what their first lines mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from tests.conformance.cases import Case, all_cases, load
from tests.conformance.comparing import comparable, difference
from tests.conformance.world import Ran, world

from awsit.actions.registry import BY_TYPE
from awsit.scenario.checks.validate import validate

CASES = all_cases()
Runs = dict[str, dict[str, Future[Ran]]]
Story = dict[str, Any]


@pytest.fixture(scope="module")
def runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """The chosen scenarios, side by side in each way."""
    chosen = {
        item.callspec.params["case"].name
        for item in request.session.items
        if item.path == request.path and hasattr(item, "callspec") and "case" in item.callspec.params
    }
    with world(tmp_path_factory.mktemp("language")) as made:
        yield made.run_all(case for case in CASES if case.name in chosen)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_engines_agree(case: Case, runs: Runs) -> None:
    ran = {name: run.result() for name, run in runs[case.name].items()}
    exactly = not case.expected.polls
    local, *others = (comparable(case.document, each.report, every_attempt=exactly) for each in ran.values())
    wrong = [mistake for name, each in ran.items() for mistake in mistakes(case, each, name)]

    told = "\n".join((*wrong, *(difference(local, each) for each in others)))

    if told.strip():
        pytest.fail(told, pytrace=False)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_engines_tell_the_same_story(case: Case, runs: Runs) -> None:
    local, *others = (run.result().story for run in runs[case.name].values())
    assert local["run"][0].startswith("run_started")
    assert [each.split()[0] for each in local["run"][-2:]] == ["cleanup_finished", "run_finished"]
    for name, told in local["steps"].items():
        assert told[0] == "step_started", name
        was_cut_off = case.expected.steps.get(name.split()[-1]) == "skipped"
        assert told[-1].startswith("step_finished") or was_cut_off, name
    if case.expected.polls:  # how many looks a poll takes is a matter of time
        local, *others = map(without_attempts, (local, *others))
    assert [difference(local, each) for each in others] == [""] * len(others)


def without_attempts(story: Story) -> Story:
    """The story without what is told of each attempt."""
    steps = {
        name: [each for each in told if each.split()[0] != "step_attempted"] for name, told in story["steps"].items()
    }
    return {**story, "steps": steps}


def mistakes(case: Case, ran: Ran, engine: str) -> list[str]:
    found = case.expected.mistakes(ran.report)
    if len(ran.left) != case.expected.leaves:
        found.append(f"there is still: {', '.join(ran.left) or 'nothing'}")
    return [f"{engine}: {each}" for each in found]


def test_the_scenarios_are_valid_and_enough() -> None:
    paths = {case.path for case in CASES}

    assert [problem for path in sorted(paths) for problem in validate(load(path), BY_TYPE)] == []
    assert len({load(path).document["name"] for path in paths}) == len(paths) >= 60
