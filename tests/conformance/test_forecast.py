"""The states and events that a forecast counts are those of an execution's history."""

from __future__ import annotations

from collections import Counter
from typing import Any

import boto3
import pytest
from tests.conformance.interpreter import Interpreted, Interpreter

from awsit.actions.registry import BY_TYPE
from awsit.forecast.compensations import with_compensations
from awsit.forecast.events import EVENTS_OF_REPETITION, Course, Tally, best, count, worst
from awsit.forecast.known import known
from awsit.forecast.placeholders import PlaceholderStacks
from awsit.model.plan import Plan
from awsit.records import replace
from awsit.scenario.compile.compile import PlanInputs, compile_plan
from awsit.system.randomness import SeededRandomness

RUN_ID = "run-01J00000000000000000000000"


def action(name: str, **more: Any) -> dict[str, Any]:
    params = {"operation": "get_item", "table": "orders", "key": {"id": "7"}}
    return {"name": name, "type": "dynamodb", "params": params, **more}


def undone(name: str) -> dict[str, Any]:
    params = {"operation": "delete_item", "table": "orders", "key": {"id": "7"}}
    return action(name, cleanup=[{"name": f"Undo{name}", "type": "dynamodb", "params": params}])


def plan_of(document: dict[str, Any], *, compact: bool = False) -> Plan:
    inputs = PlanInputs(RUN_ID, "2030-01-01T00:00:00Z")
    plan = compile_plan(document, inputs, PlaceholderStacks(document), SeededRandomness(), BY_TYPE)
    return replace(plan, compact=compact)


def history(machine: Interpreter) -> list[dict[str, Any]]:
    arn = f"{machine._arn.replace(':stateMachine:', ':execution:')}:{RUN_ID}"
    pages = boto3.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=arn)
    return [event for page in pages for event in page["events"]]


def forecast(tally: Tally) -> tuple[Counter[str], int, int]:
    """The states, iterations and events that are counted."""
    return +tally.states, tally.iterations, tally.events


def seen(ended: Interpreted, machine: Interpreter) -> tuple[Counter[str], int, int]:
    """The states that an execution entered, and the iterations and events of its history."""
    events = history(machine)
    iterations = Counter(each["type"] for each in events)["MapIterationStarted"]
    return Counter(ended.entered), iterations, len(events)


@pytest.mark.parametrize(("actions", "compact"), [(1, False), (5, False), (20, False), (20, True)])
def test_a_run_that_passes_is_the_best_case(machine: Interpreter, actions: int, compact: bool) -> None:
    document = {"name": "it", "actions": [undone(f"A{number}") for number in range(actions)]}

    ended = machine.run(document, RUN_ID, compact=compact)

    assert ended.status == "SUCCEEDED"
    assert seen(ended, machine) == forecast(best(plan_of(document, compact=compact)))


def test_a_compact_run_goes_on_after_what_it_leaves_to_the_state_machine(machine: Interpreter) -> None:
    wait = {"name": "Wait", "type": "wait", "params": {"seconds": 3}}
    branches = [[action("A"), wait, action("B")], [action("C"), action("D", timeout_seconds=600), action("E")]]
    both = {"name": "Both", "type": "parallel", "params": {"branches": branches}}
    document = {"name": "it", "setup": [action("Before")], "actions": [both, action("After"), undone("Last")]}

    ended = machine.run(document, RUN_ID, compact=True)

    tally = best(plan_of(document, compact=True))
    assert seen(ended, machine) == forecast(tally)
    assert tally.states["ExecuteAtomicAction"] == 1 + 2 + 2 + 1
    assert sum(call["task"] == "execute" for call in machine.calls) == 6


def test_a_failing_action_ends_a_compact_branch(machine: Interpreter) -> None:
    bad = action("Bad", **{"assert": [{"path": "$.item.total", "equals": 3}]})
    document = {"name": "it", "actions": [undone("Good"), bad, action("Never")]}

    ended = machine.run(document, RUN_ID, compact=True)

    tally = count(plan_of(document, compact=True), Course(failing=frozenset({1}), undone={0: 1}))
    assert ended.status == "FAILED"
    assert seen(ended, machine) == forecast(tally)


def test_branches_side_by_side(machine: Interpreter) -> None:
    branches = [[action("A"), undone("B")], [action("C")], [undone("D")]]
    both = {"name": "Both", "type": "parallel", "params": {"branches": branches}}
    document = {"name": "it", "setup": [action("Before")], "actions": [both, action("After")]}

    assert seen(machine.run(document, RUN_ID), machine) == forecast(best(plan_of(document)))


def test_a_failing_action_ends_its_branch_and_the_segments_that_follow(machine: Interpreter) -> None:
    bad = action("Bad", **{"assert": [{"path": "$.item.total", "equals": 3}]})
    later = {
        "name": "Later",
        "type": "parallel",
        "params": {"branches": [[action("L1"), action("L2")], [action("L3")]]},
    }
    document = {"name": "it", "actions": [undone("Good"), bad, action("Never"), later]}
    plan = plan_of(document)

    ended = machine.run(document, RUN_ID)

    assert ended.status == "FAILED"
    tally = count(plan, Course(failing=frozenset({1}), undone={0: 1}))
    assert seen(ended, machine) == forecast(tally)
    assert worst(plan).events >= tally.events


def test_a_poll_that_never_holds_is_the_worst_case_of_its_calls(machine: Interpreter) -> None:
    until = {"assert": [{"path": "$.item.total", "equals": 2}], "interval_seconds": 1, "timeout_seconds": 2}
    diagnostic = {"name": "Look", "type": "wait", "params": {"seconds": 0}}
    document = {"name": "it", "actions": [action("Poll", until=until, on_failure=[diagnostic])]}
    plan = plan_of(document)

    ended = machine.run(document, RUN_ID)

    calls = len(ended.report.steps[0].attempts)
    tally = count(plan, Course(calls={0: calls}, failing=frozenset({0}), diagnosed={1: 1}))
    assert seen(ended, machine) == forecast(tally)
    most = worst(plan)
    assert calls <= most.states["ExecuteAtomicAction"] == 3
    assert tally.events <= most.events


def test_a_wait_is_called_twice(machine: Interpreter) -> None:
    document = {"name": "it", "actions": [{"name": "Wait", "type": "wait", "params": {"seconds": 1}}]}

    assert seen(machine.run(document, RUN_ID), machine) == forecast(best(plan_of(document)))


def test_what_actions_that_are_taken_back_record_is_counted(machine: Interpreter) -> None:
    def put(name: str) -> dict[str, Any]:
        params = {"operation": "put_item", "table": "orders", "item": {"id": name}}
        return {"name": name, "type": "dynamodb", "params": params, "auto_cleanup": True}

    document = {"name": "it", "actions": [put("A"), put("B"), put("C")]}
    plan = plan_of(document)
    plan = with_compensations(plan, known(plan, document, {}))

    assert seen(machine.run(document, RUN_ID), machine) == forecast(best(plan))


def test_what_the_platform_repeats_is_within_the_worst_case(
    machine: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = {"name": "it", "actions": [action("A")]}
    invoke, failures = machine.invoke, [ConnectionError("throttled")]

    def failing_once(event: Any) -> Any:
        if event["task"] == "execute" and failures:
            raise failures.pop()
        return invoke(event)

    monkeypatch.setattr(machine, "invoke", failing_once)
    machine.run(document, RUN_ID)

    events = len(history(machine))
    assert events == best(plan_of(document)).events + EVENTS_OF_REPETITION
    assert events <= worst(plan_of(document)).events
