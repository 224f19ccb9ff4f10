"""The steps of a `for_each`."""

from __future__ import annotations

from awsit.actions.registry import BY_TYPE
from awsit.model.json import Json
from awsit.scenario.checks.validate import validate
from awsit.scenario.compile.flatten import Flattened, flatten
from awsit.scenario.schema.plain import scenario_of

LIST = {"name": "List", "type": "wait", "params": {"seconds": 1}}


def document(for_each: Json, **more: Json) -> Json:
    action = {"name": "Put", "type": "wait", "for_each": for_each, "params": {"seconds": 1}, **more}
    return {"name": "s", "variables": {"ids": [1, 2]}, "actions": [LIST, action]}


def flattened(for_each: Json, **more: Json) -> Flattened:
    return flatten(scenario_of(document(for_each, **more)))


def problems(for_each: Json, **more: Json) -> list[tuple[str, str]]:
    return [(each.path, each.message) for each in validate(document(for_each, **more), BY_TYPE)]


def test_a_list_that_is_written_out_has_a_step_for_each_item_that_is_always_done() -> None:
    steps = flattened({"item": ["a", "b"]}, params={"seconds": "{{ context.item ~ context.item_index }}"}).steps

    assert [step.name for step in steps] == ["List", "Put[0]", "Put[1]"]
    assert [step.let for step in steps[1:]] == [{"Put_item_0": "a"}, {"Put_item_1": "b"}]
    assert steps[2].params == {"seconds": "{{ context.Put_item_1 ~ (1) }}"}
    assert all(step.is_certain for step in steps)


def test_a_list_of_an_expression_has_as_many_steps_as_it_may_have_items() -> None:
    steps = flattened({"item": "{{ vars.ids }}", "max_items": 2}, when="{{ vars.on }}").steps[1:]

    assert [step.when for step in steps] == [
        "{{ (vars.on) and (vars.ids) | length > 0 }}",
        "{{ (vars.on) and (vars.ids) | length > 1 }}",
    ]
    assert [step.let for step in steps] == [
        {"Put_item_0": "{{ (vars.ids)[0] }}"},
        {"Put_item_1": "{{ (vars.ids)[1] }}"},
    ]
    assert len(flattened({"item": "{{ vars.ids }}"}).steps) == 11


def test_what_follows_up_a_step_is_for_its_item() -> None:
    undo = {"type": "wait", "params": {"seconds": "{{ context.id.n * context.twice }}"}}
    for_each = {"item": [{"n": 1}, {"n": 2}], "as": "id"}
    parts = flattened(for_each, let={"twice": "{{ context.id.n * 2 }}"}, cleanup=[undo], on_failure=[undo])

    assert parts.steps[2].let["Put_twice_1"] == "{{ context.Put_id_1.n * 2 }}"
    assert [step.name for step in parts.cleanup] == ["Put[0].cleanup[0]", "Put[1].cleanup[0]"]
    expected = {"seconds": "{{ context.Put_id_1.n * context.Put_twice_1 }}"}
    assert parts.cleanup[1].params == expected
    assert (parts.steps[4].name, parts.steps[4].params) == ("Put[1].on_failure[0]", expected)


def test_what_cannot_be_is_a_problem() -> None:
    assert problems({"item": [1]}) == []
    assert [path for path, _ in problems({"item": []})] == ["actions[1].for_each.item"]
    assert [path for path, _ in problems({"item": "$.actions.List.result"})] == ["actions[1].for_each.item"]
    assert [path for path, _ in problems({"item": "{{ vars.ids }}", "max_items": 101})] == [
        "actions[1].for_each.max_items"
    ]
    assert problems({"item": [1]}, pass_to_context={"x": "$"}) == []
    assert problems({"item": [1]}, pass_to_context={"item": "$"}) == [
        ("actions[1].pass_to_context.item", "`context.item` gets a value from `Put` too")
    ]
    assert [path for path, _ in problems({"item": [1]}, when="{{ context.item == 1 }}")] == ["actions[1].when"]


def test_what_an_action_captures_is_the_value_of_the_item_in_its_steps() -> None:
    undo = {"type": "wait", "params": {"seconds": "{{ context.id }}"}}
    check = {"path": "$.id", "equals": "{{ context.id }}"}
    parts = flattened(
        {"item": [1, 2]}, pass_to_context={"id": "$.id"}, redact=["id"], cleanup=[undo], **{"assert": [check]}
    )

    step = parts.steps[2]
    assert (step.captures, step.redact) == ({"id[1]": "$.id"}, ("id[1]",))
    assert step.assertions == ({"path": "$.id", "equals": "{{ context['id[1]'] }}"},)
    assert parts.cleanup[1].params == {"seconds": "{{ context['id[1]'] }}"}
    assert step.context_names == {"Put_item_1", "id[1]", "id"}


def test_a_list_that_is_captured_has_a_name_of_its_own() -> None:
    scenario = document({"item": [1, 2]}, pass_to_context={"ids": "$"})
    after = {"name": "After", "type": "wait", "params": {"seconds": "{{ context.ids[0] }}"}}
    scenario["actions"].append(after)
    assert validate(scenario, BY_TYPE) == []

    scenario["actions"] = [after, *scenario["actions"][:2], {**after, "name": "Again", "pass_to_context": {"ids": "$"}}]
    assert [(each.path, each.message) for each in validate(scenario, BY_TYPE)] == [
        ("actions[2].pass_to_context.ids", "`context.ids` gets a value from `Again` too"),
        ("actions[0].params.seconds", "`context.ids` is not captured by then: `Put` captures it"),
    ]


def test_the_item_is_known_in_the_action_only_and_its_results_by_index() -> None:
    after = {"name": "After", "type": "wait", "params": {"seconds": "{{ context.item }}"}}
    by_index = {"name": "Read", "type": "wait", "params": {"seconds": "{{ actions['Put[1]'].result.s }}"}}
    by_name = {"name": "ReadAll", "type": "wait", "params": {"seconds": "{{ actions.Put.result.s }}"}}
    scenario = document({"item": [1, 2]})
    scenario["actions"] += [after, by_index, by_name]

    assert [(each.path, each.message) for each in validate(scenario, BY_TYPE)] == [
        ("actions[2].params.seconds", "`context.item` is known in `Put` and its follow-ups only, for each item"),
        ("actions[4].params.seconds", "`Put` has a result for each item: write `actions['Put[0]']`"),
    ]


def test_each_step_counts_for_the_limit() -> None:
    scenario = document(
        {"item": "{{ vars.ids }}", "max_items": 100}, cleanup=[{"type": "wait", "params": {"seconds": 1}}]
    )
    each = scenario["actions"].pop()
    scenario["actions"] += [{**each, "name": f"Put{number}"} for number in range(5)]

    [problem] = validate(scenario, BY_TYPE)

    assert problem.message == "the scenario has 1001 actions, clean-up included; the limit is 1000"
