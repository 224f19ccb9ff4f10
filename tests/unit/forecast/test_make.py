"""A forecast as a whole: steps, clean-up, resources, variables, cost, sizes."""

from __future__ import annotations

import pytest
from tests.unit.forecast.plans import call, compiled, foreseen, get

from awsit.errors import EnvironmentFailure, NotFoundError
from awsit.forecast.document import FORECAST_VERSION
from awsit.forecast.known import known
from awsit.forecast.placeholders import ReachableStacks

READS_STACK = {"name": "it", "actions": [call("{{ stack('orders').ApiUrl }}/x/{{ stack('orders')['Stage'] }}")]}


class Stacks:
    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def outputs(self, stack_name):
        self.asked.append(stack_name)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_what_is_known_is_filled_in_and_the_rest_stays_a_template():
    first = {
        **call("https://a.test/{{ vars.kind }}/{{ run.id }}", name="First"),
        "pass_to_context": {"id": "$.body.id"},
    }
    second = call("https://a.test/{{ context.id }}/{{ vars.fresh }}", name="Second")
    made = foreseen(first, second, variables={"kind": "book", "fresh": "{{ uuid() }}"})
    assert [step.touches for step in made.steps] == [
        "GET https://a.test/book/{{ run.id }}",
        "GET https://a.test/{{ context.id }}/{{ vars.fresh }}",
    ]
    assert made.variables == {"kind": "book", "fresh": "{{ uuid() }}"}
    assert made.version == FORECAST_VERSION


def test_a_variable_that_follows_from_a_fresh_one_is_fresh():
    document = {
        "name": "it",
        "actions": [get()],
        "variables": {"a": "{{ now() }}", "b": "x-{{ vars.a }}", "c": "{{ 1 + 1 }}"},
    }
    assert known(compiled(document), document, ()).variables == {"c": 2}


def test_the_environment_is_not_shown_among_the_variables():
    made = foreseen(get(), env={"TOKEN": "hush"}, variables={"token": "{{ env.TOKEN }}"})
    assert made.variables == {"token": "{{ env.TOKEN }}"}


def test_the_query_of_a_url_is_not_shown():
    assert foreseen(call("https://a.test/x?key=hush")).steps[0].touches == "GET https://a.test/x"


def test_clean_up_is_told_in_the_order_in_which_it_runs():
    undo = {"type": "wait", "params": {"seconds": 0}}
    first = get("A", cleanup=[{**undo, "name": "A1"}, {**undo, "name": "A2"}])
    made = foreseen(first, get("B", cleanup=[{**undo, "name": "B1"}]), cleanup=[{**undo, "name": "Last"}])
    assert [step.name for step in made.cleanup] == ["B1", "A2", "A1", "Last"]
    assert made.steps[0].undone_by == ("A1", "A2")


def test_conditions_branches_and_diagnostics():
    choice = {"name": "Pick", "type": "choice", "params": {"when": "{{ vars.on }}", "then": [get("Then")]}}
    branches = [[get("L")], [get("R", when="{{ vars.on }}")]]
    both = {"name": "Both", "type": "parallel", "params": {"branches": branches}}
    look = {"name": "Look", "type": "wait", "params": {"seconds": 2}}
    made = foreseen(choice, both, get("Last", on_failure=[look]), variables={"on": True})
    told = {step.name: step for step in made.steps}
    assert list(told) == ["Pick", "Then", "L", "R", "Last", "Last.Look"]
    assert told["Then"].conditions == ("Pick chooses `then`",)
    assert told["R"].conditions == ("when True",)
    assert (told["L"].branch, told["R"].branch, told["Last"].branch) == ("1 of 2", "2 of 2", "")
    assert told["Last"].diagnosed_by == ("Last.Look",)
    assert told["Last.Look"].phase == "on_failure"


def test_resources_with_who_uses_them():
    named = get("A", until={"assert": [{"path": "$.item.x", "equals": "{{ parameter('/x') }}"}]})
    hosts = [call("https://a.test:8443/x", name="H"), call("{{ stack('orders').ApiUrl }}/x", name="S")]
    function = {"name": "F", "type": "lambda_invoke", "params": {"function": "worker"}}
    api = {"name": "Q", "type": "aws_api", "params": {"service": "sqs", "operation": "list_queues"}}
    made = foreseen(named, get("B"), *hosts, function, api)
    assert [(each.kind, each.name, each.used_by) for each in made.resources] == [
        ("host", "<orders.ApiUrl>", ("S",)),
        ("host", "a.test:8443", ("H",)),
        ("table", "orders", ("A", "B")),
        ("function", "worker", ("F",)),
        ("aws_api", "sqs list_queues", ("Q",)),
        ("stack", "orders", ("S",)),
        ("parameter", "/x", ("A",)),
    ]


def test_a_run_costs_what_its_parts_cost():
    cost = foreseen(get("A")).cost
    by_name = {item.name: item for item in cost.items}
    assert by_name["state transitions"].quantity.best == 12
    assert by_name["state transitions"].dollars.best == pytest.approx(12 * 0.025 / 1000)
    assert cost.dollars.best == pytest.approx(sum(item.dollars.best for item in cost.items))
    assert cost.dollars.worst > cost.dollars.best
    assert all(item.source.startswith("https://aws.amazon.com/") for item in cost.items)


def test_the_time_is_that_of_the_run_and_its_clean_up():
    wait = {"name": "W", "type": "wait", "params": {"seconds": 5}}
    undo = {"name": "U", "type": "wait", "params": {"seconds": 1}, "timeout_seconds": 10}
    seconds = foreseen(wait, get("A", cleanup=[undo]), timeout_seconds=20).execution.seconds
    assert seconds.best == 5
    assert seconds.worst == 20 + 3 * 10 + 1 + 2


def test_stacks_are_read_when_they_can_be():
    stacks = ReachableStacks(Stacks({"ApiUrl": "https://real.test"}), READS_STACK)
    assert stacks.outputs("orders") == {"ApiUrl": "https://real.test"}
    assert stacks.not_read == {}


def test_stacks_out_of_reach_are_asked_once_and_stand_for_themselves():
    real = Stacks(EnvironmentFailure("no credentials"))
    stacks = ReachableStacks(real, READS_STACK)
    assert stacks.outputs("orders") == {"ApiUrl": "<orders.ApiUrl>", "Stage": "<orders.Stage>"}
    assert stacks.outputs("other") == {}
    assert real.asked == ["orders"]
    assert stacks.not_read == {"orders": "no credentials", "other": "no credentials"}


def test_a_stack_that_does_not_exist_is_an_error():
    with pytest.raises(NotFoundError):
        ReachableStacks(Stacks(NotFoundError("no such stack")), READS_STACK).outputs("orders")
