"""Runs that the sweep takes up: those that are closing, and those whose clean-up the platform cut short."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import pytest
from tests.conformance.interpreter import empty_runs
from tests.unit.engine.world import RUN_ID, World, answer

from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.stepfunctions.recovery import Swept, sweep_runs
from awsit.engine.run.prepare import prepare
from awsit.engine.run.report import report
from awsit.engine.run.verify import verify
from awsit.engine.step.call import call_step
from awsit.engine.store.records import RunRecord
from awsit.model.http import HttpResponse
from awsit.model.result import CleanupVerdict, RunResult
from awsit.model.run import RunRequest
from awsit.scenario.reading.load import load_text

GONE = answer(204)
SCENARIO = """
name: it
actions:
  - name: Make
    type: http_call
    params: {url: "http://api.test/things/1", method: PUT}
    cleanup: [{name: Remove, type: http_call, params: {url: "http://api.test/things/1", method: DELETE}}]
"""


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoRunStore]:
    with empty_runs(monkeypatch) as store:
        yield store


def sweep(world: World, store: DynamoRunStore, announce: Callable[[RunResult], None] = lambda _: None) -> Swept:
    return sweep_runs(world.services, world.services.aws, store, math.inf, announce)


def cut_short(store: DynamoRunStore, undoing: HttpResponse = GONE, *, keep: bool = False) -> World:
    """A run that made something, and whose clean-up the platform did not carry out before its report."""
    world = World(answer(201), undoing, store=store)
    prepare(world.services, RunRequest(RUN_ID, "it", load_text(SCENARIO, "it.yaml").document, keep=keep))
    call_step(world.services, RUN_ID, 0, 1)
    verify(world.services, RUN_ID)
    assert report(world.services, RUN_ID).cleanup.verdict is CleanupVerdict.LEFT_BEHIND
    return world


def test_what_the_platform_left_behind_is_taken_up_by_the_next_sweep(store: DynamoRunStore) -> None:
    world = cut_short(store)

    swept = sweep(world, store)

    assert (swept.cleaned, swept.recovered, swept.failures) == ([RUN_ID], [], {})
    assert world.urls[-1] == "DELETE http://api.test/things/1"
    assert store.report(RUN_ID).cleanup.verdict is CleanupVerdict.CLEAN
    assert list(store.open_runs()) == []


def test_what_was_to_be_kept_is_left_alone(store: DynamoRunStore) -> None:
    world = cut_short(store, keep=True)

    assert sweep(world, store).cleaned == []
    assert list(store.open_runs()) == [RUN_ID]
    assert len(world.http.requests) == 1


def test_what_could_not_be_undone_is_tried_by_no_sweep_again(store: DynamoRunStore) -> None:
    world = cut_short(store, answer(403))

    assert sweep(world, store).cleaned == [RUN_ID]
    assert sweep(world, store).cleaned == []
    assert store.left_behind(RUN_ID) == 1


def test_a_run_that_closes_is_looked_at_by_the_next_sweep_whatever_its_deadline(store: DynamoRunStore) -> None:
    world = World(answer(201), answer(204), store=store)
    prepare(world.services, RunRequest(RUN_ID, "it", load_text(SCENARIO, "it.yaml").document))
    now = world.clock.now().timestamp()
    assert list(store.open_runs(now)) == []

    store.close(RUN_ID)

    assert list(store.open_runs(now)) == [RUN_ID]
    assert sweep(world, store).recovered == [RUN_ID]


class Killed(BaseException):
    """The end of the function, in the middle of what it does."""


def test_of_each_run_is_told_before_the_next_one_is_finished(
    store: DynamoRunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(store=store)
    first, second = RUN_ID, RUN_ID[:-1] + "1"
    for run_id in (first, second):
        prepare(world.services, RunRequest(run_id, "it", load_text(SCENARIO, "it.yaml").document))
        store.close(run_id)
    open_runs, read, announced = [first, second], store.run, []

    def run(run_id: str) -> RunRecord:
        if run_id == second:
            raise Killed
        return read(run_id)

    monkeypatch.setattr(store, "open_runs", lambda *_: open_runs)
    monkeypatch.setattr(store, "run", run)

    with pytest.raises(Killed):
        sweep(world, store, lambda result: announced.append(result.run_id))

    assert announced == [first]
