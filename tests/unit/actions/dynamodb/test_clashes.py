"""Requests to DynamoDB whose parts clash are refused before a run; what a table may take is not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from awsit.actions.registry import BY_TYPE
from awsit.validation.problems import params_problems

UPDATE = {"operation": "update_item", "key": {"id": 1}}
QUERY = {"operation": "query"}


def problems(params: Any) -> list[tuple[str, str]]:
    model = BY_TYPE["dynamodb"].params_model
    found = params_problems("dynamodb", model, {"table": "orders", **params}, rendered=False)
    return [(each.path, each.message) for each in found]


def batch(**lists: Any) -> Any:
    return {"operation": "batch_write", **lists}


def between(low: Any, high: Any) -> Any:
    return {**QUERY, "key_condition": {"id": "a", "at": {"between": [low, high]}}}


def expression(low: Any, high: Any, written: str = "id = :id AND at BETWEEN :low AND :high") -> Any:
    return {**QUERY, "key_condition": written, "values": {":id": "a", ":low": low, ":high": high}}


@pytest.mark.parametrize(
    ("params", "place", "message"),
    [
        ({"operation": "batch_get", "keys": [{"id": 1}, {"id": 2}, {"id": Decimal("1.0")}]}, "keys[2]", "`keys[0]`"),
        (batch(keys=[{"id": 1, "at": "a"}, {"at": "a", "id": 1}]), "keys[1]", "the same item as `keys[0]`"),
        (batch(items=[{"id": 1, "n": 2}, {"id": 1, "n": 2}]), "items[1]", "the same item as `items[0]`"),
        (batch(items=[{"id": 2, "n": 2}], keys=[{"id": 1}, {"id": 2}]), "items[0]", "the same item as `keys[1]`"),
        (batch(items=[{"id": 2}, {"id": 2, "n": 1}], keys=[{"id": 1}]), "items[1]", "the same item as `items[0]`"),
        ({**UPDATE, "set": {"a": "{{ vars.a }}"}, "remove": ["b", "a"]}, "remove[1]", "`set` has `a` too"),
        ({**UPDATE, "remove": ["a", "a"]}, "remove[1]", "`a` is removed already"),
        (between("b", "a"), "key_condition.at.between", "has its lower bound last"),
        (between(10, 9), "key_condition.at.between", "has its lower bound last"),
        (between({"$binary": "/w=="}, {"$binary": "AAA="}), "key_condition.at.between", "has its lower bound last"),
        (between("\U0001f600", "\uffee"), "key_condition.at.between", "has its lower bound last"),
        (expression(Decimal("1.5"), 1), "values", "`BETWEEN :low AND :high` has its lower bound last"),
        (expression("b", "a", "id = :id AND at between :low and :high"), "values", "has its lower bound last"),
        (
            {"operation": "scan", "filter": "n BETWEEN :low AND :high", "values": {":low": 2, ":high": 1}},
            "values",
            "has its lower bound last",
        ),
    ],
)
def test_what_clashes_is_refused_unless_an_error_is_expected(params: Any, place: str, message: str) -> None:
    ((at, said),) = problems(params)
    assert at.startswith(place)
    assert message in said
    assert problems({**params, "expect_error": "ValidationException"}) == []


@pytest.mark.parametrize(
    "params",
    [
        {"operation": "batch_get", "keys": [{"id": "{{ vars.a }}"}, {"id": "{{ vars.a }}"}]},
        {"operation": "batch_get", "keys": [{"id": 1}, {"id": "1"}]},
        batch(keys=[{"id": 1, "at": "a"}, {"id": 1, "at": "b"}]),
        batch(items=[{"id": 1, "n": 1}, {"id": 1, "n": 2}]),
        batch(items=[{"id": "{{ uuid() }}"}, {"id": "{{ uuid() }}"}]),
        batch(items=[{"id": 1, "at": "a"}, {"id": 1, "at": "b"}], keys=[{"id": 1, "at": "c"}]),
        batch(items=[{"n": 1}, {"n": 1, "m": 2}], keys=[{"id": 1}]),
        batch(items=[{"id": 1, "n": "{{ vars.n }}"}, {"id": 1, "n": "{{ vars.n }}"}]),
        {**UPDATE, "set": {"a": 1}, "remove": ["a.b", "A", "{{ vars.a }}", "{{ vars.a }}"]},
        between(1, 1),
        between(9, 10),
        between("B", "a"),
        between("10", "9a"),
        between("\uffee", "\U0001f600"),
        between("{{ vars.b }}", "a"),
        between("b", "a{{ vars.a }}"),
        expression("a", "b"),
        expression("b", "{{ vars.a }}"),
        {**expression(2, 1, "{{ vars.written }} AND at BETWEEN :low AND :high"), "names": {}},
    ],
)
def test_what_a_table_may_take_is_not_refused(params: Any) -> None:
    assert problems(params) == []


def test_bounds_that_are_no_values_are_what_is_wrong() -> None:
    assert problems(between({"$set": []}, "a")) == []
    assert problems({**QUERY, "key_condition": {"id": {"between": "ba"}}}) == []
