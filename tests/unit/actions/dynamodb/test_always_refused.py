"""What no table of DynamoDB takes is refused before a run, at its place and with a hint."""

from __future__ import annotations

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
