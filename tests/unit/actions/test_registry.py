import json
from typing import Any

import pytest

from awsit.actions.registry import ACTIONS, BY_TYPE
from awsit.errors import ErrorKind
from awsit.model.ports import Action


def test_every_type_is_listed_once() -> None:
    assert len(BY_TYPE) == len(ACTIONS)
    assert {"http_call", "dynamodb", "lambda_invoke", "wait", "choice", "aws_api"} == set(BY_TYPE)


def test_an_unknown_type_offers_the_near_ones(bench: Any) -> None:
    error = bench.refused("http_cal", {})
    assert error.kind is ErrorKind.VALIDATION
    assert error.message == "unknown action type 'http_cal'; did you mean `http_call`?"
    assert "lambda_invoke" in error.hint


def test_all_wrong_params_are_told_at_once(bench: Any) -> None:
    error = bench.refused("http_call", {"metod": "GET", "timeout_seconds": "5", "auth": {"basic": {"username": "u"}}})
    assert "`url` is missing" in error.message
    assert "unknown key `metod`; did you mean `method`?" in error.message
    assert "`timeout_seconds` must be a number, not text" in error.message
    assert "`auth.basic.password` is missing" in error.message


def test_a_value_of_a_wrong_type_is_not_shown_in_the_message(bench: Any) -> None:
    error = bench.refused("http_call", {"url": 1, "auth": {"bearer": ["hunter2"]}})
    assert "`url` should be a valid string" in error.message
    assert "hunter2" not in error.message


def test_params_that_are_no_mapping_are_refused(bench: Any) -> None:
    assert "should be a valid dictionary" in bench.refused("wait", "5").message


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.type)
def test_every_param_is_described(action: Action) -> None:
    schema = action.params_model.model_json_schema()
    models = [schema, *schema.get("$defs", {}).values()]
    undescribed = [
        name for model in models for name, field in model["properties"].items() if not field.get("description")
    ]
    assert undescribed == []
    assert all(model["additionalProperties"] is False for model in models)
    assert json.dumps(schema)
