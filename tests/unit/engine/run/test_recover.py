"""Runs whose walker has gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.unit.engine.table import TableAws, throttled
from tests.unit.engine.world import RUN_ID, World, answer

from awsit.engine.run.cleanup import call_follow_up
from awsit.engine.run.prepare import prepare
from awsit.engine.run.recover import Recovery
from awsit.engine.run.report import report
from awsit.engine.run.verify import FollowUp, verify
from awsit.engine.step.call import call_step
from awsit.engine.store.journal import JournalStore
from awsit.engine.store.journals import read_journal
from awsit.engine.store.memory import MemoryRunStore
from awsit.engine.store.records import Closing, Next, RunState, RunStore
from awsit.model.plan import Phase
from awsit.model.result import CleanupVerdict, ErrorInfo, RunResult, RunStatus, Status
from awsit.model.run import RunRequest
from awsit.records import replace
from awsit.scenario.reading.load import load_text
from awsit.system.marks import Marks

STOPPED = Closing(RunStatus.CANCELLED, ErrorInfo("stopped", "Somebody stopped it."))


def put(name: str) -> dict[str, Any]:
    params = {"operation": "put_item", "table": "orders", "item": {"id": name}}
    return {"name": f"Put{name}", "type": "dynamodb", "params": params, "auto_cleanup": True, "timeout_seconds": 10}


def begun(*names: str, keep: bool = False) -> World:
    """A run whose steps up to the last were carried out, and whose walker has gone."""
    world = World(aws=TableAws())
    actions = [put(name) for name in (*names, "never")]
    prepare(world.services, RunRequest(RUN_ID, "it", {"name": "it", "actions": actions}, keep=keep))
    for index in range(len(names)):
        assert call_step(world.services, RUN_ID, index, 1).next is Next.SUCCEEDED
    return world


def aws(world: World) -> Any:
    return world.services.aws


def recover(world: World, name: str = "rule", patience: float = 20, seconds: float = 100) -> RunResult | None:
    ends = world.clock.monotonic() + seconds
    return Recovery(world.services, RUN_ID, name, patience, ends).recover(STOPPED)


def test_it_undoes_newest_first_and_reports_the_verdict() -> None:
    world = begun("1", "2")

    result = recover(world)

    assert result is not None
    assert (result.status, result.error) == (RunStatus.CANCELLED, STOPPED.error)
    assert [step.name for step in result.cleanup.steps] == ["Put2.auto_cleanup", "Put1.auto_cleanup"]
    assert aws(world).items == {}
    assert world.store.reports[RUN_ID] == result
    assert world.store.run(RUN_ID).state is RunState.CLOSED


def test_a_run_that_was_reported_is_left_alone() -> None:
    world = begun("1")
    verify(world.services, RUN_ID)
    told = report(world.services, RUN_ID)
    calls = list(aws(world).calls)

    assert recover(world) is None

    assert aws(world).calls == calls
    assert world.store.reports[RUN_ID] == told


def test_twice_is_as_good_as_once() -> None:
    world = begun("1")
    first = recover(world)
    calls = list(aws(world).calls)

    assert recover(world, "sweep") is None
    assert aws(world).calls == calls
    assert world.store.reports[RUN_ID] == first


def test_what_is_in_flight_reaches_its_own_timeout_first() -> None:
    world = begun("1")
    world.store.begin(RUN_ID, 1, 1, world.clock.now().timestamp(), ())

    recover(world)

    assert sum(world.clock.slept) == pytest.approx(12.0)


def test_what_is_in_flight_is_awaited_no_longer_than_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    world = begun("1")
    world.store.begin(RUN_ID, 1, 1, world.clock.now().timestamp(), ())
    before = world.store.record(RUN_ID, Phase.ACTIONS, 0)
    assert before is not None
    sleep = world.clock.sleep

    def ended_after_three_seconds(seconds: float) -> None:
        sleep(seconds)
        if world.clock.monotonic() == 3:
            world.store.finish(RUN_ID, replace(before, index=1), {}, None)

    monkeypatch.setattr(world.clock, "sleep", ended_after_three_seconds)

    assert recover(world) is not None
    assert world.clock.slept == [1.0, 1.0, 1.0]


def test_what_takes_longer_than_it_may_wait_is_left_to_the_sweep() -> None:
    world = begun("1")
    world.store.begin(RUN_ID, 1, 1, world.clock.now().timestamp(), ())

    assert recover(world, patience=5) is None

    assert world.store.run(RUN_ID).state is RunState.CLOSING
    assert aws(world).items != {}
    world.clock.sleep(20)
    assert recover(world, "sweep") is not None
    assert aws(world).items == {}


def test_a_clean_up_that_does_not_end_in_time_is_gone_on_with() -> None:
    world = begun("1", "2")
    failing = iter([True])

    def slow(name: str) -> None:
        if name == "delete_item" and next(failing, False):
            world.clock.sleep(9)
            raise throttled("DeleteItem")

    aws(world).before = slow

    assert recover(world, seconds=5) is None
    assert list(aws(world).items) == ["1", "2"]
    result = recover(world, "sweep")

    assert result is not None
    assert result.cleanup.verdict is CleanupVerdict.CLEAN
    assert aws(world).items == {}
    assert [len(step.attempts) for step in result.cleanup.steps] == [2, 1]


def test_the_flow_does_nothing_more_after_another_took_over() -> None:
    world = begun("1")
    world.store.close(RUN_ID, STOPPED)
    world.store.take_over(RUN_ID, "rule")

    assert call_follow_up(world.services, RUN_ID, FollowUp(Phase.CLEANUP, 100_000), 1).next is Next.SUCCEEDED
    told = report(world.services, RUN_ID)

    assert "delete_item" not in aws(world).calls
    assert told.cleanup.verdict is CleanupVerdict.LEFT_BEHIND
    assert world.store.reports == {}


def test_a_clean_up_that_passed_stays_passed() -> None:
    world = begun("1")
    world.store.close(RUN_ID, STOPPED)
    call_follow_up(world.services, RUN_ID, FollowUp(Phase.CLEANUP, 100_000), 1)
    record = world.store.record(RUN_ID, Phase.CLEANUP, 100_000)

    recover(world)

    assert aws(world).calls.count("delete_item") == 1
    assert world.store.record(RUN_ID, Phase.CLEANUP, 100_000) == record


def test_what_was_left_behind_is_finished_later_and_the_report_says_so() -> None:
    world = begun("1")
    broken = [True]

    def refuse(name: str) -> None:
        if name == "delete_item" and broken:
            raise throttled("DeleteItem")

    aws(world).before = refuse
    first = recover(world)
    assert first is not None
    assert first.cleanup.verdict is CleanupVerdict.LEFT_BEHIND
    broken.clear()
    world.clock.sleep(3600)

    second = Recovery(world.services, RUN_ID, "person", 0, world.clock.monotonic() + 60).finish()

    assert second is not None
    assert second.cleanup.verdict is CleanupVerdict.CLEAN
    assert second.finished_at == first.finished_at
    assert aws(world).items == {}


def test_what_was_to_be_kept_is_kept_until_it_is_asked_for() -> None:
    world = begun("1", keep=True)
    assert verify(world.services, RUN_ID) == ()
    first = report(world.services, RUN_ID)

    assert [(left.name, left.reason) for left in first.cleanup.left_behind] == [
        ("Put1.auto_cleanup", "It was to be kept.")
    ]
    second = Recovery(world.services, RUN_ID, "person", 0, world.clock.monotonic() + 60).finish()

    assert second is not None
    assert second.cleanup.verdict is CleanupVerdict.CLEAN
    assert aws(world).items == {}


def test_an_execution_that_never_created_its_run_is_reported() -> None:
    world = World()

    result = recover(world)

    assert result is not None
    assert world.store.reports[RUN_ID].status is RunStatus.CANCELLED


@pytest.mark.parametrize("closing", [STOPPED, Closing(RunStatus.TIMED_OUT, ErrorInfo("run_timeout", "too long"))])
def test_a_verdict_that_was_known_stays(closing: Closing) -> None:
    world = begun("1")
    world.store.close(RUN_ID, Closing(RunStatus.FAILED, ErrorInfo("assertion", "Put1: no")))

    result = Recovery(world.services, RUN_ID, "rule", 20, world.clock.monotonic() + 60).recover(closing)

    assert result is not None
    assert result.status is RunStatus.FAILED
    assert result.steps[0].status is Status.PASSED


FIND_AND_REMOVE = """
name: it
actions: [{name: A, type: wait, params: {seconds: 0}}]
cleanup:
  - {name: Find, type: http_call, params: {url: "http://api.test/things"}, pass_to_context: {found: "$.body[*].id"}}
  - {name: Remove, type: http_call, params: {url: "http://api.test/", method: DELETE, body: "{{ context.found }}"}}
"""


@pytest.mark.parametrize("killed_after", ["the actions", "the first clean-up step"])
def test_after_a_kill_a_clean_up_step_sees_what_one_before_it_captured(tmp_path: Path, killed_after: str) -> None:
    found = answer(200, [{"id": "a"}, {"id": "b"}])
    marks = Marks(lambda: b"mine" * 8)
    before = World(found, store=JournalStore(tmp_path, marks))
    prepare(before.services, RunRequest(RUN_ID, "it", load_text(FIND_AND_REMOVE, "it.yaml").document))
    call_step(before.services, RUN_ID, 0, 1)
    items = verify(before.services, RUN_ID)
    if killed_after != "the actions":
        call_follow_up(before.services, RUN_ID, items[0], 1)
    (path,) = tmp_path.iterdir()
    store = read_journal(path, marks).store
    later = World(*([found] if killed_after == "the actions" else []), answer(204), store=MemoryRunStore())
    copied(store, later.store)

    result = recover(later)

    assert result is not None
    assert result.cleanup.verdict is CleanupVerdict.CLEAN
    assert later.http.requests[-1].body == b'["a","b"]'


def copied(source: RunStore, target: RunStore) -> None:
    """Have a store hold what was read from a journal, which nobody may write to."""
    target.create(source.run(RUN_ID), source.plan(RUN_ID))
    for record in source.records(RUN_ID):
        target.finish(RUN_ID, record, {}, None)


DELETED_BY_HTTP = """
name: it
actions:
  - name: First
    type: http_call
    params: {url: "http://api.test/1", method: POST}
    cleanup: [{name: Undo1, type: http_call, params: {url: "http://api.test/1", method: DELETE}}]
  - name: Second
    type: http_call
    params: {url: "http://api.test/2", method: POST}
    cleanup: [{name: Undo2, type: http_call, params: {url: "http://api.test/2", method: DELETE}}]
"""


@pytest.mark.parametrize("undone", [0, 1])
def test_a_repeated_delete_that_finds_nothing_is_no_failure_where_a_clean_up_was_killed(undone: int) -> None:
    world = World(answer(201), answer(201), *[answer(204)] * undone, answer(404), *[answer(204)] * (1 - undone))
    prepare(world.services, RunRequest(RUN_ID, "it", load_text(DELETED_BY_HTTP, "it.yaml").document))
    for index in range(2):
        call_step(world.services, RUN_ID, index, 1)
    for item in verify(world.services, RUN_ID)[:undone]:
        call_follow_up(world.services, RUN_ID, item, 1)

    result = recover(world)  # the first clean-up was killed when its next DELETE had been sent

    assert result
    assert result.cleanup.verdict is CleanupVerdict.CLEAN
    assert [(step.name, str(step.outcome)) for step in result.cleanup.steps] == [
        ("Undo2", "done" if undone else "nothing_to_undo"),
        ("Undo1", "nothing_to_undo" if undone else "done"),
    ]


def test_a_delete_that_finds_nothing_is_a_failure_where_no_clean_up_was_killed_in_it() -> None:
    world = World(answer(201), answer(201), answer(404), answer(404))
    prepare(world.services, RunRequest(RUN_ID, "it", load_text(DELETED_BY_HTTP, "it.yaml").document))
    for index in range(2):
        call_step(world.services, RUN_ID, index, 1)

    result = recover(world)

    assert result
    assert [str(left.outcome) for left in result.cleanup.left_behind] == ["failed", "failed"]
