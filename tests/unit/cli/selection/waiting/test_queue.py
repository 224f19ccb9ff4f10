"""Scenarios that come one by one become runs that wait; what is wrong with any of them is told before one begins."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from awsit.cli.selection.run_requests import RunOptions
from awsit.cli.selection.selected import SelectedScenario, scenario_of
from awsit.cli.selection.waiting.queue import queued_runs
from awsit.cli.session import Session
from awsit.errors import InvalidInputError, NotFoundError
from awsit.model.json import dumps
from awsit.scenario.reading.load import load_text

WAIT = {"name": "Wait", "type": "wait", "params": {"seconds": 0}}


def scenario(name: str, *rows: str, actions: object = (WAIT,), **more: object) -> SelectedScenario:
    document = {"name": name, "description": name, "matrix": [{"name": each} for each in "abc"], **more}
    source = load_text(dumps({**document, "actions": list(actions)}), f"{name}.json")
    selected = scenario_of(Session(), source)
    return SelectedScenario(selected.document, selected.place, selected.source, tuple(f"{name}[{row}]" for row in rows))


@pytest.fixture
def names(tmp_path, monkeypatch):
    """The names of the runs of these scenarios, in the order of the queue."""
    monkeypatch.chdir(tmp_path)

    def names(scenarios):
        session = Session()
        runs = queued_runs(session, session.settings(), scenarios, RunOptions())
        return " ".join(run.name for run in runs)

    return names


@pytest.mark.parametrize(
    ("scenarios", "wanted"),
    [
        ([scenario("one"), scenario("two", "b")], "one[a] one[b] one[c] two[b]"),
        ([scenario("one"), scenario("two"), scenario("one")], "one[a] one[b] one[c] two[a] two[b] two[c]"),
        ([scenario("one", "c"), scenario("two", "a"), scenario("one", "a")], "one[a] one[c] two[a]"),
        ([scenario("one", "c"), scenario("two", "a"), scenario("one")], "one[a] one[b] one[c] two[a]"),
        ([scenario("one"), scenario("one", "a")], "one[a] one[b] one[c]"),
        ([], ""),
    ],
)
def test_a_scenario_that_comes_again_has_its_rows_joined_in_their_order(names, scenarios, wanted):
    assert names(scenarios) == wanted


def test_the_problems_of_all_scenarios_are_told_together(names):
    wrong = [scenario(name, actions=[{**WAIT, "type": "waits"}]) for name in ("first", "second")]
    with pytest.raises(InvalidInputError, match=r"first\.json, second\.json are not valid") as error:
        names([wrong[0], scenario("right"), wrong[1], wrong[0]])
    assert [problem.position.file for problem in error.value.problems] == ["first.json", "second.json"]


def test_what_keeps_a_scenario_from_being_found_is_told_first(names):
    def come() -> Iterator[SelectedScenario]:
        yield scenario("first", actions=[])
        raise NotFoundError("there is no second")

    with pytest.raises(NotFoundError, match="no second"):
        names(come())
