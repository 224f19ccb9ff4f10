from collections.abc import Iterator, Mapping

import pytest

from awsit.engine.step.context import Values, seen_by, values_of, with_secrets
from awsit.engine.store.records import RunRecord, Started
from awsit.model.json import Json
from awsit.model.plan import Phase, Plan, Step
from awsit.records import replace

VALUES: dict[str, Json] = {"a": 1, "b": 2, "c": 3, "$http_call.0000000": ["session"], "$other.0000001": ["x"]}


class Looked(Mapping[str, Json]):
    """A context that notes which of its values are looked at."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Json:
        self.names.add(name)
        return VALUES[name]

    def __iter__(self) -> Iterator[str]:
        return iter(VALUES)

    def __len__(self) -> int:
        return len(VALUES)


def step(params: Json, **more: Json) -> Step:
    return replace(Step(1, "B", "http_call"), params=params, **more)


def run_of(context: Mapping[str, Json]) -> RunRecord:
    return RunRecord("run-1", "it", "local", "", 0.0, context=context)


def plan_of(each: Step) -> Plan:
    return Plan("run-1", "it", steps=(Step(0, "A", "http_call"), each))


def test_a_step_reads_what_it_names_and_what_its_type_kept() -> None:
    context, each = Looked(), step({"url": "{{ context.a }}"}, let={"mine": "{{ context.b }}"}, captures={"new": "$.x"})

    seen = seen_by(each, plan_of(each), run_of(context))

    assert seen == {"a": 1, "b": 2, "$http_call.0000000": ["session"]}
    assert context.names.isdisjoint({"c", "$other.0000001"})


@pytest.mark.parametrize("text", ["{{ context }}", "{{ context[vars.key] }}", "{{ context.missing }}"])
def test_a_step_that_may_read_any_value_sees_all(text: str) -> None:
    each = step({"url": text})

    assert seen_by(each, plan_of(each), run_of(Looked())) == VALUES


def test_a_value_with_a_default_may_be_missing() -> None:
    each = step({"url": "{{ context.missing | default('x') }}"})

    assert "a" not in seen_by(each, plan_of(each), run_of(Looked()))


def test_a_step_that_was_rendered_names_nothing() -> None:
    each = step({"item": "{{ context.a }}"}, rendered=True, phase=Phase.CLEANUP)

    assert "a" not in seen_by(each, plan_of(each), run_of(Looked()))


def test_values_with_secrets_are_those_that_are_named_and_those_in_which_one_was_found() -> None:
    run = RunRecord("run-1", "it", "local", "", 0.0, context=Looked(), hidden=("$['b']['token']#3:9",))
    each = step({}, redact=("a", "$.body.token", "later"))

    assert with_secrets(plan_of(each), run) == {"a": 1, "b": 2}


def run_with(values: Mapping[str, Json], begun: int) -> RunRecord:
    started = {str(index): Started(1, "2030-01-01T00:00:00Z") for index in range(begun)}
    return RunRecord("run-1", "it", "local", "2030-01-01T00:00:00Z", 0.0, context=values, started=started)


@pytest.mark.parametrize(
    ("values", "begun", "goes_on", "ids"),
    [
        ({"ids[0]": "a", "ids[1]": "b"}, 2, False, ["a", "b"]),
        ({"ids[1]": None, "ids[0]": "a"}, 2, False, ["a", None]),
        ({"ids[0]": "a", "ids[2]": "c"}, 3, True, ["a", None, "c"]),
        ({"ids[0]": "a"}, 3, True, ["a", None, None]),
        ({"ids[0]": "a"}, 2, False, ["a"]),
        ({}, 1, False, []),
        ({"ids": []}, 0, False, []),
        ({}, 0, False, "not there"),
    ],
)
def test_what_items_captured_is_a_list(values: dict[str, Json], begun: int, goes_on: bool, ids: Json) -> None:
    names = ("ids[0]", "ids[1]", "ids[2]")
    steps = [
        Step(number, f"A[{number}]", "wait", captures={name: "$"}, continue_on_failure=goes_on)
        for number, name in enumerate(names)
    ]
    plan = Plan("run-1", "it", steps=tuple(steps))
    run = run_with({**values, "other": 1}, begun)

    assert values_of(plan, run) == {"other": 1, **({} if ids == "not there" else {"ids": ids})}
    reader = Step(3, "B", "wait", params={"x": "{{ context.ids | default('not there') }}"})
    assert seen_by(reader, plan, run).get("ids", "not there") == ids
    own = Step(3, "B", "wait", params={"x": "{{ context['ids[0]'] | default('') }}"})
    assert seen_by(own, plan, run) == {k: v for k, v in values.items() if k == "ids[0]"}


def test_what_steps_kept_is_looked_for_without_the_lists() -> None:
    each = step({"url": "https://api.test"})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Values, "__getitem__", lambda *_: pytest.fail("a list was looked for"))
        assert seen_by(each, plan_of(each), run_of(Looked())) == {"$http_call.0000000": ["session"]}
