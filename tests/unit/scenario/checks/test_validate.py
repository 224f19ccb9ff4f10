"""Validation as a whole."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import at_least
from tests.unit.scenario.marking import ACTION, Find

from awsit.model.action.protocol import Action
from awsit.model.json import dumps
from awsit.scenario import limits
from awsit.scenario.checks.validate import validate
from awsit.scenario.reading.load import load_text


def test_a_good_scenario_has_no_problems(find: Find) -> None:
    text = """\
name: order_is_stored
description: text
metadata: {author: a, version: "1.0", tags: [smoke], ticket: 12}
timeout_seconds: 60.5
variables: {quantity: 2, label: "{{ vars.quantity }}-{{ run.id }}-{{ env.USER }}"}
matrix: [{product: book}, {product: pen}]
setup: [{name: Prepare, type: wait, params: {seconds: 1}, pass_to_context: {prepared: $}}]
actions:
  - name: Create
    type: http_call
    params: {url: "{{ stack('orders').ApiUrl }}/{{ vars.product }}", expected_status: [200, 201]}
    pass_to_context: {order_id: $.body.id}
    assert: [{path: $.body.id, equals: "{{ context.order_id }}"}, {or: [{path: $.status, equals: 1}]}]
    redact: [order_id, $.body.token]
    retry: {max_attempts: 3, retry_on: [503, timeout]}
    cleanup: [{type: wait, params: {seconds: "{{ context.order_id | int }}"}, pass_to_context: {gone: $}}]
    on_failure: [{type: wait, params: {seconds: 1}}]
  - name: Both
    type: parallel
    params:
      branches:
        - [{name: Left, type: wait, params: {seconds: 1}, pass_to_context: {left: $}}]
        - {name: right, actions: [{name: Right, type: wait, params: {seconds: "{{ actions.Create.result }}"}}]}
  - name: Pick
    type: choice
    params:
      when: "{{ context.left == 1 }}"
      then: [{name: Then, type: wait, params: {seconds: 1}, when: false, pass_to_context: {one: $}}]
      else: [{name: Else, type: wait, params: {seconds: 1}, pass_to_context: {two: $}}]
  - name: Last
    type: wait
    params: {seconds: "{{ context.one | default(context.two) }}"}
    until: {assert: [{path: $.x, exists: true}], fail_when: [{path: $.y, exists: true}]}
assertions:
  - {path: $.actions.Left.result, equals: "{{ context.left }}"}
  - {path: "$['context']['order_id']", equals: "{{ actions.Right.result }}"}
cleanup: [{name: Delete, type: dynamodb, params: {operation: put_item, table: "{{ context.order_id }}", item: {id: 1}}}]
"""
    assert find(text) == []


def test_all_problems_come_at_once_in_the_order_of_the_text(find: Find) -> None:
    text = """\
nam: s
actions:
  - {name: A, type: wat, paras: {}}
  - {name: A, type: http_call, params: {method: 3, url: "{{ vars.x }}"}}
timeout_seconds: none
"""
    problems = find(text)
    lines = [problem.position.line for problem in problems if problem.position]
    assert lines == sorted(lines)
    assert len(problems) == 8


def test_a_document_without_a_text_has_paths_only(actions: dict[str, Action]) -> None:
    (problem,) = validate({"name": "s", "actions": [{"name": "A", "type": "wat"}]}, actions)
    assert (problem.path, problem.position) == ("actions[0].type", None)


def test_pydantic_never_speaks(find: Find) -> None:
    texts = [
        ACTION + f"    {key}: {value}\n" for key in ("retry", "until", "when", "redact") for value in ("1", "[[1]]")
    ]
    messages = [problem.message for text in texts for problem in find(text)]
    assert messages
    assert not [message for message in messages if "Input should" in message or "Field required" in message]


def test_limits(actions: dict[str, Action], monkeypatch: pytest.MonkeyPatch) -> None:
    waits = [{"name": f"A{n}", "type": "wait", "params": {"seconds": 1}} for n in range(limits.MAX_ACTIONS + 1)]
    (problem,) = validate({"name": "s", "actions": waits}, actions)
    assert problem.message == "the scenario has 1001 actions, clean-up included; the limit is 1000"
    (problem,) = validate({"name": "s", "description": "x" * 300_000, "actions": waits[:1]}, actions)
    assert problem.message == "the scenario is 293 KiB of JSON; the limit is 256 KiB"
    deep: Any = 1
    for _ in range(limits.MAX_DEPTH + 1):
        deep = [deep]
    (problem,) = validate({"name": "s", "variables": {"deep": deep}, "actions": waits[:1]}, actions)
    assert problem.message == "the scenario is nested more than 60 levels deep"
    rows = {"a": list(range(20)), "b": list(range(20))}
    (problem,) = validate({"name": "s", "matrix": rows, "actions": waits[:1]}, actions)
    assert problem.message == "`matrix` has 400 rows; the limit is 200"
    choice = waits[0]
    for number in range(limits.MAX_CHOICE_DEPTH + 1):
        choice = {"name": f"C{number}", "type": "choice", "params": {"when": "{{ true }}", "then": [choice]}}
    (problem,) = validate({"name": "s", "actions": [choice]}, actions)
    assert "more than 5 deep" in problem.message


def test_a_thousand_actions_are_checked_quickly(actions: dict[str, Action]) -> None:
    params = {"url": "{{ vars.a }}/{{ context.c0 }}", "body": {"x": "{{ actions.A0.result }}"}}
    calls = [
        {
            "name": f"A{n}",
            "type": "http_call",
            "params": params if n else {"url": "x"},
            "pass_to_context": {f"c{n}": "$.a"},
        }
        for n in range(limits.MAX_ACTIONS)
    ]
    assert validate({"name": "s", "variables": {"a": 1}, "actions": calls}, actions) == []


_KEYS = ["name", "type", "params", "branches", "actions", "when", "then", "until", "assert", "path", "equals", "matrix"]
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.sampled_from(["wait", "choice", "parallel", "A", "{{ vars.x }}", "$"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4),
    max_leaves=15,
)


@given(
    value=_JSON, key=st.sampled_from(["actions", "setup", "cleanup", "variables", "assertions", "matrix", "metadata"])
)
@at_least(150)
def test_whatever_a_document_holds_it_is_told_not_raised(value: Any, key: str) -> None:
    document = {"name": "s", "actions": [{"name": "A", "type": "choice", "params": value}], key: value}
    assert all(problem.message and problem.code for problem in validate(document, {}))
    text = dumps(document)
    assert all(problem.position for problem in validate(load_text(text, "s.json"), {}))
