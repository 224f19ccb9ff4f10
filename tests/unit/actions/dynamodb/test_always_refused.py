"""What no table of DynamoDB takes is refused before a run, at its place and with a hint."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from awsit.actions.registry import BY_TYPE
from awsit.validation.problems import params_problems

UPDATE = {"operation": "update_item", "key": {"id": 1}}


def problems(params: Any) -> list[tuple[str, str, str]]:
    model = BY_TYPE["dynamodb"].params_model
    found = params_problems("dynamodb", model, {"table": "orders", **params}, rendered=False)
    return [(each.path, each.message, each.hint) for each in found]


@pytest.mark.parametrize(
    ("params", "place", "message", "hint"),
    [
        ({"operation": "get_item", "key": {}}, "key", "`key` must not be empty", "primary key"),
        ({"operation": "delete_item", "key": {}}, "key", "`key` must not be empty", "primary key"),
        ({**UPDATE, "key": {}, "set": {"a": 1}}, "key", "`key` must not be empty", "primary key"),
        ({"operation": "put_item", "item": {}}, "item", "`item` must not be empty", "primary key"),
        ({"operation": "batch_get", "keys": [{"id": 1}, {}]}, "keys[1]", "`keys[1]` must not be empty", "primary key"),
        ({"operation": "batch_write", "keys": [{}]}, "keys[0]", "`keys[0]` must not be empty", "primary key"),
        ({"operation": "batch_write", "items": [{}]}, "items[0]", "`items[0]` must not be empty", "primary key"),
        ({"operation": "get_item", "key": {"id": ""}}, "key.id", "and not empty", "the value"),
        ({"operation": "get_item", "key": {"id": None}}, "key.id", "and not null", "the value"),
        ({"operation": "get_item", "key": {"id": True}}, "key.id", "and not true", "the value"),
        ({"operation": "get_item", "key": {"id": [1]}}, "key.id", "and not a list", ""),
        ({"operation": "get_item", "key": {"id": {"S": "a"}}}, "key.id", "a mapping", "without its type"),
        ({"operation": "get_item", "key": {"id": {"$set": ["a"]}}}, "key.id", "and not a mapping", ""),
        ({"operation": "get_item", "key": {"id": {"$binary": ""}}}, "key.id", "and not a mapping", ""),
        ({**UPDATE, "update_expression": ""}, "update_expression", "must not be empty", "leave it out"),
        ({**UPDATE, "set": {"": 1}}, "set", "`set` holds an empty name", "one character"),
        ({**UPDATE, "remove": ["a", ""]}, "remove[1]", "`remove` holds an empty name", "one character"),
        (
            {"operation": "put_item", "item": {"id": 1}, "condition_expression": ""},
            "condition_expression",
            "must not be empty",
            "leave it out",
        ),
        ({"operation": "scan", "filter_expression": ""}, "filter_expression", "must not be empty", "leave it out"),
        ({"operation": "scan", "projection_expression": ""}, "projection_expression", "must not be empty", "leave it"),
        (
            {"operation": "query", "key_condition_expression": ""},
            "key_condition_expression",
            "must not be empty",
            "leave it out",
        ),
    ],
)
def test_what_no_table_takes_is_refused_unless_an_error_is_expected(
    params: Any, place: str, message: str, hint: str
) -> None:
    ((at, said, how),) = problems(params)
    assert at.startswith(place)
    assert message in said
    assert hint in how
    assert problems({**params, "expect_error": "ValidationException"}) == []


def test_the_name_of_an_index_has_three_characters() -> None:
    ((at, said, _),) = problems({"operation": "scan", "index": "ab"})
    assert (at, said) == ("index", "`index` needs at least 3 characters")


@pytest.mark.parametrize(
    "params",
    [
        {"operation": "get_item", "key": {"id": "{{ vars.id }}", "at": 0, "part": {"$binary": "aGk="}}},
        {"operation": "put_item", "item": {"id": 1, "text": "", "none": None, "map": {}, "list": []}},
        {"operation": "batch_write", "keys": []},
        {"operation": "scan", "filter": ""},
        {**UPDATE, "set": {"a": ""}, "remove": []},
        {**UPDATE, "set": {}, "remove": ["a"]},
    ],
)
def test_what_a_table_may_take_is_not_refused(params: Any) -> None:
    assert problems(params) == []


def put(value: Any, **more: Any) -> Any:
    return {"operation": "put_item", "item": {"id": "a", "l": [{"v": value}]}, **more}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"$binary": "a"}, "`$binary` is not base64"),
        ({"$set": []}, "`$set` must list text only"),
        ({"$set": [1, "a"]}, "`$set` must list text only"),
        ({"$set": ["a", {"$binary": "!"}]}, "`$binary` is not base64"),
        (10**38 + 1, "does not fit"),
        ({"$map": {"$set": 10**38 + 1}}, "does not fit"),
        ("\ud83d", "which UTF-8 cannot hold"),
    ],
)
def test_what_is_no_attribute_value_is_found_before_it_is_sent_whatever_is_expected(value: Any, said: str) -> None:
    for params in (put(value), put(value, expect_error="*"), {**UPDATE, "set": {"l": [{"v": value}]}}):
        ((at, message, _),) = problems(params)
        assert ".l[0].v" in at
        assert said in message


def test_a_set_that_has_a_member_twice_is_refused_unless_an_error_is_expected() -> None:
    value = {"a": {"$set": ["{{ vars.a }}", 1, Decimal("1.0")]}}

    assert [message for _, message, _ in problems(put(value))] == ["`item.l[0].v.a`: `$set` has a member twice"]
    assert problems(put(value, expect_error="ValidationException")) == []


@pytest.mark.parametrize(
    "value",
    [
        {"$binary": "{{ vars.a }}"},
        {"$set": "{{ vars.a }}"},
        {"$set": ["{{ vars.a }}", "{{ vars.a }}"]},
        {"$set": ["{{ vars.a }}", 1]},
        {"$set": ["1", "2"], "more": 1},
        {"$map": {"$set": "no set"}},
        {"$map": {"$set": ["a", "a"]}},
        {"$map": {"$binary": "!"}},
    ],
)
def test_what_may_be_an_attribute_value_is_let_through(value: Any) -> None:
    assert problems(put(value)) == []
