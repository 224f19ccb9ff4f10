"""What one invocation does of a branch, and what it leaves to the state machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.unit.engine.world import RUN_ID, World, answer

from awsit.aws.stepfunctions import reserve
from awsit.aws.stepfunctions.execution import Execution
from awsit.engine.run.prepare import prepare
from awsit.lambdas.compact import go_on
from awsit.lambdas.host import Host
from awsit.lambdas.tasks import TASKS
from awsit.model.plan import Phase
from awsit.model.result import Status
from awsit.model.run import RunRequest

EXECUTION = Execution("arn", RUN_ID)


def call(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "http_call", "params": {"url": f"http://api.test/{name}", "method": "POST"}, **more}


@dataclass
class Branch:
    """A run of one branch, whose calls may be counted and made to fail."""

    world: World
    calls: list[tuple[int, int]] = field(default_factory=list)
    dies_at: tuple[int, int] | None = None

    def invoke(self, index: int | str = 0, sequence: int = 1) -> Any:
        """The function's answer to the state machine."""
        self.calls.clear()
        store: Any = self.world.store
        host = Host(self.world.services, self.world.services.aws, store, "bucket", "table")

        def carry_out(event: Any) -> Any:
            made = event["index"], event["sequence"]
            if made == self.dies_at:
                raise ConnectionError("the table cannot be reached")
            self.calls.append(made)
            return TASKS["execute"](host, EXECUTION, event)

        event = {"task": "execute", "execution": {}, "index": index, "sequence": sequence}
        return go_on(host, EXECUTION, event, carry_out)

    def statuses(self) -> list[Status | None]:
        """Of each step that has a record."""
        steps = self.world.store.plan(RUN_ID).steps
        records = [self.world.store.record(RUN_ID, Phase.ACTIONS, step.index) for step in steps]
        return [record.result.status if record else None for record in records]


def branch(world: World, *actions: dict[str, Any], compact: bool = True) -> Branch:
    prepare(world.services, RunRequest(RUN_ID, "s", {"name": "s", "actions": list(actions)}, compact=compact))
    return Branch(world)


def test_a_branch_is_done_in_one_invocation() -> None:
    made = branch(World(*[answer(200, {})] * 3), call("A"), call("B"), call("C"))

    told = made.invoke()

    assert (told["index"], told["next"]) == ("2", "succeeded")
    assert made.calls == [(0, 1), (1, 1), (2, 1)]
    assert made.statuses() == [Status.PASSED] * 3


def test_an_invocation_looks_at_the_history_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Execution] = []
    monkeypatch.setattr(reserve, "FIRST_LOOK", 1)
    monkeypatch.setattr(reserve, "SHARED_LOOKS", 1)
    monkeypatch.setattr(reserve, "LONE_LOOKS", 1)
    monkeypatch.setattr(reserve, "used_events", lambda _, execution: looks.append(execution) or 0)

    branch(World(*[answer(200, {})] * 3), call("A"), call("B"), call("C")).invoke()

    assert looks == [EXECUTION]


def test_a_run_that_is_not_compact_is_done_call_by_call() -> None:
    made = branch(World(answer(200, {})), call("A"), call("B"), compact=False)

    assert made.invoke()["next"] == "succeeded"
    assert made.calls == [(0, 1)]


def test_the_first_failure_ends_it() -> None:
    made = branch(World(answer(200, {}), answer(500, {})), call("A"), call("B"), call("C"))

    assert made.invoke()["next"] == "failed"
    assert made.statuses() == [Status.PASSED, Status.FAILED, None]


def test_short_waits_are_waited_for_and_long_ones_left_to_the_state_machine() -> None:
    again = {"max_attempts": 3, "interval_seconds": 1, "backoff_rate": 5, "jitter": False}
    world = World(answer(200, {}), answer(503, {}), answer(503, {}), answer(200, {}), answer(200, {}))
    made = branch(world, call("A"), call("B", retry=again), call("C"))

    told = made.invoke()

    assert made.calls == [(0, 1), (1, 1), (1, 2)]
    assert {key: told[key] for key in ("index", "next", "sequence", "delay_seconds")} == {
        "index": "1",
        "next": "wait",
        "sequence": 3,
        "delay_seconds": 5,
    }
    assert made.invoke(told["index"], told["sequence"])["next"] == "succeeded"
    assert made.calls == [(1, 3), (2, 1)]


def test_a_step_with_a_long_time_out_has_an_invocation_of_its_own() -> None:
    made = branch(World(*[answer(200, {})] * 3), call("A"), call("B", timeout_seconds=300), call("C"))

    told = made.invoke()

    assert made.calls == [(0, 1)]
    assert told == {"index": "1", "next": "wait", "sequence": 1, "delay_seconds": 0}
    assert made.invoke("1")["next"] == "succeeded"
    assert made.calls == [(1, 1), (2, 1)]


def test_an_invocation_that_was_cut_off_comes_back_to_where_it_was() -> None:
    world = World(*[answer(200, {})] * 3)
    made = branch(world, call("A"), call("B"), call("C"))
    made.dies_at = (2, 1)
    with pytest.raises(ConnectionError):
        made.invoke()

    made.dies_at = None
    assert made.invoke()["next"] == "succeeded"
    assert world.urls == [f"POST http://api.test/{name}" for name in "ABC"]


def test_an_invocation_that_is_repeated_decides_no_condition_anew() -> None:
    world = World(*[answer(200, {"on": True})] * 3)
    later = "context.on|default(false)"
    made = branch(
        world,
        call("Done", when=f"{{{{ not {later} }}}}"),
        call("Skipped", when=f"{{{{ {later} }}}}"),
        call("Last", pass_to_context={"on": "$.body.on"}),
    )
    made.invoke()
    before = made.statuses()

    assert made.invoke()["next"] == "succeeded"
    assert made.statuses() == before == [Status.PASSED, Status.SKIPPED, Status.PASSED]
    assert len(world.http.requests) == 2
