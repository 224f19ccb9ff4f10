"""States, events and quotas; `tests/conformance` compares the counts with an interpreter's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.unit.forecast.plans import compiled, foreseen, get, waiting

from awsit.aws.runs import later, store
from awsit.aws.stepfunctions import reserve
from awsit.forecast import attempts, quotas
from awsit.forecast.cost import requests
from awsit.forecast.cost.requests import REQUESTS
from awsit.forecast.document import Repeats
from awsit.forecast.events import EVENTS, REPETITIONS, STATES, Course, best, count, worst
from awsit.model.plan import Plan
from awsit.model.run import RunRequest
from awsit.quotas.catalogue import EVENT_QUOTA, PAYLOAD_BYTES
from awsit.records import replace

DEFINITION = Path(__file__).parents[3] / "infra" / "test_flow.asl.json"


def states_of(definition: dict[str, Any]) -> dict[str, str]:
    found = {}
    for name, state in definition["States"].items():
        found[name] = state["Type"]
        if "ItemProcessor" in state:
            found |= states_of(state["ItemProcessor"])
    return found


def polling(interval: float, timeout: float, **more: Any) -> dict[str, Any]:
    check = {"path": "$.item.status", "equals": "done"}
    return get(until={"assert": [check], "interval_seconds": interval, "timeout_seconds": timeout, **more})


def test_the_states_are_those_of_the_state_machine():
    assert states_of(json.loads(DEFINITION.read_text())) == dict(STATES)
    assert set(STATES.values()) == set(EVENTS)
    assert set(REQUESTS) <= set(STATES)


def test_an_action_costs_three_transitions_and_eleven_events():
    one = best(compiled({"name": "it", "actions": [get("A")]}))
    two = best(compiled({"name": "it", "actions": [get("A"), get("B")]}))
    assert (two.transitions - one.transitions, two.events - one.events) == (3, 11)


def compact(*actions: dict[str, Any], **more: Any) -> Plan:
    return replace(compiled({"name": "it", "actions": list(actions), **more}), compact=True)


def test_a_short_action_of_a_compact_run_costs_nothing_but_its_call():
    one, many = best(compact(get("A"))), best(compact(*(get(f"A{number}") for number in range(20))))
    assert (many.transitions, many.events, many.invocations) == (one.transitions, one.events, one.invocations)
    assert (one.calls, many.calls) == (1, 20)


def test_what_a_compact_run_leaves_to_the_state_machine_costs_an_invocation():
    wait = {"name": "W", "type": "wait", "params": {"seconds": 60}}
    short = {"name": "S", "type": "wait", "params": {"seconds": 2}}
    base = best(compact(get("A"), get("B"), get("C")))
    for action, pauses in ((wait, 0), (get("Long", timeout_seconds=300), 0)):
        made = best(compact(get("A"), action, get("C")))
        assert (made.transitions - base.transitions, made.invocations - base.invocations) == (3, 1)
        assert made.pauses == pauses
    assert best(compact(get("A"), short, get("C"))).pauses == 2
    assert best(compact(get("A"), short, get("C"))).transitions == base.transitions


def test_the_time_of_an_invocation_is_used_up_by_short_waits():
    waits = [{"name": f"W{number}", "type": "wait", "params": {"seconds": 2}} for number in range(100)]
    made = best(compact(*waits))
    assert made.states["ExecuteAtomicAction"] == 3
    assert made.pauses == 196


def test_a_compact_run_comes_to_no_more_than_another():
    document = {"name": "it", "actions": [polling(1, 63), get("B", timeout_seconds=300), get("C")]}
    assert worst(replace(compiled(document), compact=True)) == worst(compiled(document))


def test_a_poll_makes_as_many_calls_as_its_time_allows():
    waits = attempts.worst_waits(compiled({"name": "it", "actions": [polling(2, 10)]}).steps[0], 300)
    assert (waits.number, waits.seconds) == (5, 10)
    assert attempts.polls(compiled({"name": "it", "actions": [polling(2, 10)]}).steps[0]).attempts == 6


def test_the_first_waits_of_a_step_are_exact_and_later_ones_of_whole_seconds():
    waits = attempts.worst_waits(compiled({"name": "it", "actions": [polling(0.1, 10)]}).steps[0], 300)
    assert waits.counts == {0.1: 20, 1: 8}


def test_backoff_makes_fewer_calls():
    step = compiled({"name": "it", "actions": [polling(1, 63, backoff_rate=2, max_interval_seconds=16)]}).steps[0]
    assert attempts.worst_waits(step, 300).counts == {1: 1, 2: 1, 4: 1, 8: 1, 16: 3}


def test_the_run_has_one_time_for_all_its_polls():
    together = [{**polling(1, 300), "name": f"P{number}"} for number in range(10)]
    plan = compiled({"name": "it", "timeout_seconds": 300, "actions": together})
    assert worst(plan).states["WaitBeforeNextAttempt"] == 300
    assert quotas.check(plan) == []


def test_branches_poll_at_the_same_time():
    branches = [[{**polling(1, 300), "name": f"P{number}"}] for number in range(10)]
    both = {"name": "Both", "type": "parallel", "params": {"branches": branches, "max_concurrency": 4}}
    plan = compiled({"name": "it", "timeout_seconds": 300, "actions": [both]})
    assert worst(plan).states["WaitBeforeNextAttempt"] == 1200


def test_actions_beyond_the_quota_of_events_are_refused():
    (problem,) = quotas.check(compiled(waiting(24)))
    assert problem.code == "quota_events"
    assert "the actions come to 25,133 events at least" in problem.message
    assert f"{EVENT_QUOTA:,} (quota: maximum execution history size)" in problem.message
    assert quotas.check(compiled(waiting(21))) == []


def test_a_poll_that_may_use_up_the_events_is_warned_of_and_named():
    plan = compiled({"name": "it", "timeout_seconds": 7200, "actions": [get("First"), polling(1, 7200)]})
    assert quotas.check(plan) == []
    warning = quotas.warning(plan)
    assert f"A run may come to {worst(plan).events:,} events" in warning
    assert "Get polls most often: raise its `interval_seconds`" in warning


def test_a_longer_interval_is_within_the_quota():
    plan = compiled({"name": "it", "timeout_seconds": 7200, "actions": [polling(30, 7200)]})
    assert quotas.warning(plan) == ""


def test_the_platform_repeats_a_call_as_often_as_its_state_says():
    def found(definition: dict[str, Any]) -> Iterator[tuple[str, int]]:
        for name, state in definition["States"].items():
            if state.get("Resource") == "${FunctionArn}":
                yield name, sum(retry["MaxAttempts"] for retry in state.get("Retry", []))
            yield from found(state["ItemProcessor"]) if "ItemProcessor" in state else ()

    allowed = dict(found(json.loads(DEFINITION.read_text())))
    del allowed["HandOverCleanUp"]  # which no figure has: it is of an execution that is out of events
    assert allowed == dict(REPETITIONS)


def test_a_thousand_actions_that_are_taken_back_fit_at_least():
    put = {"operation": "put_item", "table": "orders", "item": {"id": "7"}}
    actions = [{"name": f"A{n}", "type": "dynamodb", "params": put, "auto_cleanup": True} for n in range(1000)]
    made = foreseen(*actions)
    assert made.execution.events.best == 22_041
    assert made.execution.events.worst > 40_041
    assert made.problems == ()
    assert "another execution goes on with its clean-up" in made.notes[-1]


def test_what_is_read_one_by_one_is_as_much_as_the_store_reads():
    assert requests.SINGLE_READS == later.SINGLE_READS
    sizes = (store.LARGEST_RECORD, store.LARGEST_VALUE, store.LARGEST_COMPENSATION)
    units = (requests.RECORD_UNITS, requests.VALUE_UNITS, requests.COMPENSATION_UNITS)
    assert units == tuple(size // 1024 + 1 for size in sizes)  # the item's own attributes come on top


def test_closing_a_segment_comes_to_what_the_reserve_counts():
    plan, failing = compiled(waiting(2, 3)), frozenset({0, 1, 2})
    closed = count(plan, Course(failing=failing))
    one = count(compiled(waiting(1, 3)), Course(failing=failing))
    assert closed.events - one.events == reserve.EVENTS_OF_SEGMENT + 3 * reserve.EVENTS_OF_BRANCH


def test_an_input_beyond_the_quota_is_named():
    request = RunRequest("run", "it", {"name": "it"}, {"text": "x" * 300_000})
    (problem,) = quotas.check_request(request)
    assert "261,120 (quota: maximum input or output size)" in problem.message


def test_an_input_leaves_room_for_the_payload_that_it_is_passed_on_in():
    def size(length: int) -> int:
        return quotas.input_bytes(RunRequest("run", "it", {"name": "it"}, {"text": "x" * length}))

    assert PAYLOAD_BYTES - quotas.INPUT_BYTES == 1024
    most = quotas.INPUT_BYTES - size(0)
    assert size(most) == quotas.INPUT_BYTES
    assert quotas.check_request(RunRequest("run", "it", {"name": "it"}, {"text": "x" * most})) == []
    assert len(quotas.check_request(RunRequest("run", "it", {"name": "it"}, {"text": "x" * (most + 1)}))) == 1


def test_a_clean_up_step_is_always_tried_three_times():
    plan = compiled({"name": "it", "actions": [get("A")], "cleanup": [{"type": "wait", "params": {"seconds": 0}}]})
    assert attempts.retries(plan.cleanup[0]).attempts == 3
    assert best(plan).states["CleanUpItem"] == 1
    assert worst(plan).states["CleanUpItem"] >= 3


def test_what_has_a_condition_may_cost_nothing_more_than_its_call():
    plan = compiled(
        {"name": "it", "actions": [get("A", when="{{ vars.on }}", cleanup=[get("U")])], "variables": {"on": True}}
    )
    assert best(plan).states["CleanUpItem"] == 0
    assert worst(plan).states["CleanUpItem"] == 3 + 1 + 3


def test_a_waiter_looks_as_often_as_its_model_says():
    api = {"name": "A", "type": "aws_api", "params": {"service": "dynamodb", "params": {"TableName": "orders"}}}
    api["params"]["wait_for"] = {"waiter": "table_exists"}
    repeats = attempts.polls(compiled({"name": "it", "actions": [api]}).steps[0])
    assert repeats.attempts == 25
    assert repeats.seconds == 24 * 20 + 25 * 30


def test_looks_of_what_must_hold_are_counted_all_or_only_the_first_and_the_last():
    look = get("A", during={"seconds": 10, "interval_seconds": 2})
    once, looking = (compiled({"name": "it", "actions": [each]}) for each in (get("A"), look))

    assert best(looking).calls - best(once).calls == 1
    assert worst(looking).calls - worst(once).calls == 6
    assert attempts.polls(looking.steps[0]) == Repeats(7, 40)
    assert foreseen(look).execution.seconds.best == 10


def test_a_scenario_that_looks_too_often_is_told_which_action_does():
    plan = compiled({"name": "it", "timeout_seconds": 9000, "actions": [get("A", during={"seconds": 8000})]})

    assert "A looks most often: raise its `interval_seconds`, or let it hold less long" in quotas.warning(plan)
