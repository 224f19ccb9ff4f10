"""The `load` of a scenario against the rest of it."""

from __future__ import annotations

import pytest
from tests.unit.scenario.marking import Find, marked

SCENARIO = """\
name: s
load: {rate: 20/s, for: 5 minutes, expect: {actions: {Crate: {p95_ms: 1}}}}
actions: [{name: Create, type: http_call, params: {url: "http://x/"}}]
"""


def test_thresholds_are_of_actions_that_there_are(find: Find) -> None:
    (problem,) = find(SCENARIO)
    assert problem.message == "there is no action `Crate`; did you mean `Create`?"
    assert marked(SCENARIO, problem) == "Crate"
    assert find(SCENARIO.replace("Crate", "Create")) == []


def test_an_action_that_is_done_for_each_of_a_list_is_one(find: Find) -> None:
    text = SCENARIO.replace("Crate", "Create").replace("type:", "for_each: {item: [1, 2]}, type:")
    assert find(text) == []
    (problem,) = find(text.replace("actions: {Create", "actions: {Crate"))
    assert problem.message == "there is no action `Crate`; did you mean `Create`?"


def test_a_scenario_that_is_kept_apart_is_no_load(find: Find) -> None:
    (problem,) = find(SCENARIO.replace("Crate", "Create") + "concurrency: {key: queue}\n")
    assert problem.message.startswith("`concurrency` keeps runs apart")


@pytest.mark.parametrize(
    ("load", "mark"),
    [
        ("{rate: fast, for: 1}", "fast"),
        ("{rate: 1, for: soon}", "soon"),
        ("{rate: 1}", "load"),
        ("{rate: 1, for: 1, expect: {p96_ms: 1}}", "p96_ms"),
        ("{rate: 1, for: 1, expect: {error_rate: 2}}", "2"),
    ],
)
def test_what_is_wrong_is_marked(find: Find, load: str, mark: str) -> None:
    lines = [f"load: {load}" if line.startswith("load") else line for line in SCENARIO.splitlines()]
    text = "\n".join(lines)
    assert [marked(text, each) for each in find(text)] == [mark]
