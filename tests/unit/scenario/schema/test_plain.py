"""Scenarios that are read without the models are those that the models take, with the same values."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from awsit.model.json import Json
from awsit.scenario.schema import plain
from awsit.scenario.schema.blocks.capture import CaptureSpec
from awsit.scenario.schema.document import (
    ActionSpec,
    CallSpec,
    DuringSpec,
    FollowUpSpec,
    MetadataSpec,
    RetrySpec,
    ReuseSpec,
    ScenarioSpec,
    UntilSpec,
)
from awsit.scenario.schema.keys import REUSE_KEYS

PAIRS: list[tuple[type[msgspec.Struct], type[BaseModel]]] = [
    (plain.PlainMetadata, MetadataSpec),
    (plain.PlainRetry, RetrySpec),
    (plain.PlainUntil, UntilSpec),
    (plain.PlainDuring, DuringSpec),
    (plain.PlainCall, CallSpec),
    (plain.PlainFollowUp, FollowUpSpec),
    (plain.PlainAction, ActionSpec),
    (plain.PlainScenario, ScenarioSpec),
]
LEFT_TO_THE_MODELS = {"concurrency", "limits", "load", "schedule", "files", *REUSE_KEYS}

A_CALL = {"type": "http_call", "params": {"url": "http://localhost"}}
AN_ACTION = {"name": "A", **A_CALL}
A_SCENARIO = {"name": "s", "actions": [AN_ACTION]}

ODD = [None, True, False, 0, -1, 1, 3, 840, 841, 86_401, 10**400, 0.5, 1e400, float("nan"), "", "a", "1", "a b", "é"]
ODD += [
    "\ud800",
    "{{ a }}",
    " {{ a\n}} ",
    "{{ a }}{{ b }}",
    "x" * 81,
    [],
    {},
    [1],
    ["a"],
    [{}],
    {"a": 1},
    {"\ud800": 1},
]
ODD += [
    {"a": "$.b"},
    {"a b": "$.b"},
    {"max_attempts": 2, "retry_on": ["503"]},
    {"retry_on": [503]},
    {"retry_on": [True]},
    {"retry_on": [5.5, "a"]},
    {"max_attempts": 21},
]
ODD += [
    {"assert": []},
    {"assert": [{}], "interval_seconds": 2},
    {"seconds": 2, "assert": [{}]},
    {"seconds": 0},
    {"tags": ["a"], "more": 1},
    {"tags": "a"},
    [{"a": 1}],
]
ODD += [
    [{"a": 1}, {"b": 1}],
    {"a": [1, 2]},
    {"a": {"b": 1}},
    "cases/*.json",
    [A_CALL],
    [AN_ACTION],
    {"a": {"path": "$"}},
]


def test_each_has_the_keys_and_defaults_of_its_model() -> None:
    for struct, model in PAIRS:
        fields = {each.encode_name: each for each in msgspec.structs.fields(struct)}
        models = {field.alias or name: field for name, field in model.model_fields.items()}
        left = LEFT_TO_THE_MODELS if struct is plain.PlainScenario else set()
        assert fields.keys() == models.keys() - left
        assert {key for key, field in fields.items() if field.required} == {
            key for key, field in models.items() if field.is_required()
        }


def test_the_least_that_each_takes_has_the_values_of_its_model() -> None:
    for struct, model, document in [
        (plain.PlainMetadata, MetadataSpec, {}),
        (plain.PlainRetry, RetrySpec, {}),
        (plain.PlainUntil, UntilSpec, {"assert": [{}]}),
        (plain.PlainDuring, DuringSpec, {"seconds": 5}),
        (plain.PlainFollowUp, FollowUpSpec, A_CALL),
        (plain.PlainAction, ActionSpec, AN_ACTION),
        (plain.PlainScenario, ScenarioSpec, A_SCENARIO),
    ]:
        assert _values(msgspec.convert(document, struct)) == _values(model.model_validate(document))


def test_the_keys_of_reuse_are_those_of_their_model() -> None:
    assert tuple(ReuseSpec.model_fields) == REUSE_KEYS


@pytest.mark.parametrize("key", sorted({*ActionSpec.model_fields, "assert", "unknown", "x-note"}))
def test_what_is_plain_in_an_action_fits_the_model(key: str) -> None:
    for value in ODD:
        assert _misfit({"name": "s", "actions": [{**AN_ACTION, key: value}]}) == ""


@pytest.mark.parametrize("key", sorted({*ScenarioSpec.model_fields, "unknown", "x-note"}))
def test_what_is_plain_in_a_scenario_fits_the_model(key: str) -> None:
    for value in ODD:
        assert _misfit({**A_SCENARIO, key: value}) == ""


_KEYS = st.sampled_from(
    sorted({*ActionSpec.model_fields, "assert", "assertions", "author", "jitter", "tags", "a", "\ud800"})
)
_VALUES = st.recursive(
    st.sampled_from([each for each in ODD if not isinstance(each, dict | list)]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(_KEYS, _VALUES, max_size=3), st.dictionaries(_KEYS, _VALUES, max_size=3))
def test_whatever_is_plain_fits_the_model(in_action: dict[str, Any], in_scenario: dict[str, Any]) -> None:
    assert _misfit({**A_SCENARIO, **in_scenario, "actions": [{**AN_ACTION, **in_action}]}) == ""


@pytest.mark.parametrize(
    "keys",
    [
        {"retry": {"max_attempts": 3, "retry_on": ["throttling", 503]}, "timeout_seconds": Decimal("0.5")},
        {"until": {"assert": [{"path": "$.body.status", "equals": "done"}], "timeout_seconds": 60}},
        {"pass_to_context": {"order_id": "$.body.id"}, "when": "{{ vars.paid }}", "cleanup": [A_CALL]},
    ],
    ids=ascii,
)
def test_common_actions_are_plain(keys: dict[str, Json]) -> None:
    assert plain.plain_scenario({**A_SCENARIO, "matrix": {"paid": [True]}, "actions": [{**AN_ACTION, **keys}]})


def test_plain_scenarios_are_read_without_pydantic() -> None:
    program = (
        "import sys\nfrom awsit.scenario.schema.plain import scenario_of\n"
        f"scenario_of({A_SCENARIO})\nassert 'pydantic_core' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def _misfit(document: Json) -> str:
    """How the plain scenario differs from what the model reads; empty where it does not, or only the model can tell."""
    scenario = plain.plain_scenario(document)
    if scenario is None:
        return ""
    try:
        spec = ScenarioSpec.model_validate(document)
    except ValidationError as error:
        return f"the model refuses {document}: {error}"
    own, expected = _values(scenario), _values(spec)
    return "" if own == expected else f"{own} is not {expected}"


def _values(value: Any) -> Any:
    """The attributes of a scenario, as both kinds have them; captures as their paths, metadata without free keys."""
    if isinstance(value, CaptureSpec):
        return value.path
    if isinstance(value, BaseModel):
        names = set(type(value).model_fields) - LEFT_TO_THE_MODELS - {"matrix", "cases"}
        return {name: _values(getattr(value, name)) for name in names} | _properties(value)
    if isinstance(value, msgspec.Struct):
        names = {each.name for each in msgspec.structs.fields(type(value))} - {
            "matrix",
            "cases",
            "own_timeout_seconds",
            "codes",
        }
        return {name: _values(getattr(value, name)) for name in names} | _properties(value)
    if isinstance(value, dict):
        return {key: _values(item) for key, item in value.items()}
    return [_values(item) for item in value] if isinstance(value, list) else value


def _properties(value: Any) -> dict[str, Any]:
    if isinstance(value, RetrySpec | plain.PlainRetry):
        return {"retry_on": value.retry_on}
    if not isinstance(value, CallSpec | plain.PlainCall):
        return {}
    return {"timeout_seconds": value.timeout_seconds, "waits_at_most": value.waits_at_most}
