"""What an invocation knows of a run that it goes on with."""

import pytest

from awsit.aws.runs.shared.round import OPEN_SECONDS, Round
from awsit.engine.store.records import RunRecord, RunState
from awsit.model.plan import Step
from awsit.records import replace

NOW = 1_900_000_000.0
RUN = RunRecord("run-1", "orders", "stepfunctions", "2030-03-17T17:46:40.000Z", NOW + 300)
RUN_ITEM = {"run_id": "run-1", "sk": "run"}
ITEM = {"run_id": "context#run-1", "sk": "$kept", "body": "1"}


@pytest.fixture
def alone() -> Round:
    """A round in a branch that goes on alone."""
    made = Round("run-1")
    made.is_alone = True
    return made


def test_a_run_counts_as_open_for_a_moment_and_not_before_it_was_seen(alone: Round) -> None:
    assert not alone.is_open("run-1", NOW)
    alone.saw(dict(RUN_ITEM), RUN, NOW)
    assert alone.is_open("run-1", NOW + OPEN_SECONDS / 2)
    assert not alone.is_open("run-1", NOW + OPEN_SECONDS)
    assert not alone.is_open("run-1", NOW - 60)  # the clock was set
    assert not alone.is_open("run-2", NOW)


def test_a_run_counts_as_open_until_its_deadline(alone: Round) -> None:
    alone.saw(dict(RUN_ITEM), replace(RUN, deadline_at=NOW + 0.5), NOW)
    assert alone.is_open("run-1", NOW + 0.4)
    assert not alone.is_open("run-1", NOW + 0.5)


@pytest.mark.parametrize("run", [replace(RUN, state=RunState.CLOSING), replace(RUN, run_id="run-2")])
def test_a_run_that_is_closed_or_another_does_not_count_as_open(alone: Round, run: RunRecord) -> None:
    alone.saw(dict(RUN_ITEM), RUN, NOW)
    alone.saw(dict(RUN_ITEM), run, NOW)
    assert not alone.is_open("run-1", NOW)


@pytest.mark.parametrize(
    ("step", "is_enough"),
    [
        (Step(0, "A", "wait", params={"seconds": 1}), True),
        (Step(0, "A", "http_call", params={"url": "https://api.example/{{ context.id }}"}), True),
        (Step(0, "A", "http_call", params={"url": "https://api.example", "method": "POST"}), False),
        (Step(0, "A", "http_call", params={"url": "https://api.example", "method": "{{ context.how }}"}), False),
        (Step(0, "A", "dynamodb", params={"operation": "get_item", "table": "t", "key": {"id": "1"}}), True),
        (Step(0, "A", "dynamodb", params={"operation": "delete_item", "table": "t", "key": {"id": "1"}}), False),
        (Step(0, "A", "lambda_invoke", params={"function": "f", "idempotent": True}), False),
        (Step(0, "A", "wait", params={"seconds": 1}, cleanup=(0,)), False),
        (Step(0, "A", "wait", params={"seconds": 1}, restore=True), False),
        (Step(0, "A", "wait", params="{{ context.params }}"), False),
    ],
)
def test_a_call_that_only_reads_and_has_nothing_to_undo_needs_no_second_look(
    alone: Round, step: Step, is_enough: bool
) -> None:
    item = dict(RUN_ITEM)
    assert alone.item_for("run-1", step, NOW) is None
    alone.saw(item, RUN, NOW)
    assert (alone.item_for("run-1", step, NOW + OPEN_SECONDS / 2) is item) is is_enough
    assert alone.item_for("run-1", step, NOW + OPEN_SECONDS) is None
    assert alone.item_for("run-2", step, NOW + OPEN_SECONDS / 2) is None


def test_what_was_known_already_makes_nothing_newer(alone: Round) -> None:
    item = dict(RUN_ITEM)
    alone.saw(item, RUN, NOW)
    alone.saw(item, RUN, NOW + OPEN_SECONDS / 2)
    assert not alone.is_open("run-1", NOW + OPEN_SECONDS)


def test_beside_another_branch_a_run_is_looked_at_for_each_call(alone: Round) -> None:
    alone.is_alone = False
    alone.saw(dict(RUN_ITEM), RUN, NOW)
    assert alone.item_for("run-1", Step(0, "A", "wait", params={"seconds": 1}), NOW) is None


def test_what_was_read_is_known_with_what_was_written_since(alone: Round) -> None:
    assert alone.known("run-1") is None
    alone.add("run-1", [ITEM], has_hidden=False)
    assert alone.known("run-1") is None
    alone.know("run-1", [])
    alone.add("run-1", [ITEM], has_hidden=False)
    assert alone.known("run-1") == [ITEM]
    assert alone.known("run-2") is None


def test_where_secrets_were_written_all_is_read_again(alone: Round) -> None:
    alone.know("run-1", [])
    alone.add("run-1", [ITEM], has_hidden=True)
    assert alone.known("run-1") is None


def test_beside_other_branches_and_without_a_run_nothing_is_known() -> None:
    for each in (Round("run-1"), Round()):
        each.know("run-1", [ITEM])
        assert each.known("run-1") is None
