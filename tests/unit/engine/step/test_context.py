from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from awsit.engine.step.context import seen_by, with_secrets
from awsit.engine.store.records import RunRecord
from awsit.model.json import Json
from awsit.model.plan import Phase, Plan, Step

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


def plan_of(each: Step) -> Plan:
    return Plan("run-1", "it", steps=(Step(0, "A", "http_call"), each))


def test_a_step_reads_what_it_names_and_what_its_type_kept() -> None:
    context, each = Looked(), step({"url": "{{ context.a }}"}, let={"mine": "{{ context.b }}"}, captures={"new": "$.x"})

    seen = seen_by(each, plan_of(each), context)

    assert seen == {"a": 1, "b": 2, "$http_call.0000000": ["session"]}
    assert context.names.isdisjoint({"c", "$other.0000001"})


@pytest.mark.parametrize("text", ["{{ context }}", "{{ context[vars.key] }}", "{{ context.missing }}"])
def test_a_step_that_may_read_any_value_sees_all(text: str) -> None:
    each = step({"url": text})

    assert seen_by(each, plan_of(each), Looked()) == VALUES


def test_a_value_with_a_default_may_be_missing() -> None:
    each = step({"url": "{{ context.missing | default('x') }}"})

    assert "a" not in seen_by(each, plan_of(each), Looked())


def test_a_step_that_was_rendered_names_nothing() -> None:
    each = step({"item": "{{ context.a }}"}, rendered=True, phase=Phase.CLEANUP)

    assert "a" not in seen_by(each, plan_of(each), Looked())


def test_values_with_secrets_are_those_that_are_named_and_those_in_which_one_was_found() -> None:
    run = RunRecord("run-1", "it", "local", "", 0.0, context=Looked(), hidden=("$['b']['token']#3:9",))
    each = step({}, redact=("a", "$.body.token", "later"))

    assert with_secrets(plan_of(each), run) == {"a": 1, "b": 2}
