"""Expressions with placeholders, as `validate` and a run see them."""

from typing import Any

import pytest
from pydantic import ValidationError

from awsit.actions.dynamodb.params import DynamoDBParams
from awsit.actions.registry import BY_TYPE
from awsit.scenario.checks.validate import validate

QUERY = {"operation": "query", "table": "orders"}
EXPRESSION = "PK = :id AND begins_with(SK, :p)"


def sent(bench: Any, **params: Any) -> Any:
    bench.script(query=[{"Items": []}], scan=[{"Items": []}])
    bench.run("dynamodb", {"table": "orders", **params})
    return bench.client.calls[0][1]


def test_an_expression_goes_out_as_it_is_with_plain_values(bench: Any) -> None:
    request = sent(
        bench,
        operation="query",
        key_condition=EXPRESSION,
        values={":id": "a", ":p": "2030-", ":least": 15, ":s": "new"},
        names={"#s": "status"},
        filter="#s = :s AND total > :least",
    )

    assert request["KeyConditionExpression"] == EXPRESSION
    assert request["FilterExpression"] == "#s = :s AND total > :least"
    assert request["ExpressionAttributeNames"] == {"#s": "status"}
    assert request["ExpressionAttributeValues"][":least"] == {"N": "15"}
    assert "Limit" not in request


def test_a_mapping_and_a_filter_go_together(bench: Any) -> None:
    request = sent(bench, operation="query", key_condition={"PK": "a"}, filter="total > :least", values={":least": 1})

    assert request["KeyConditionExpression"] == "#awsit0 = :awsit1"
    assert set(request["ExpressionAttributeValues"]) == {":least", ":awsit1"}


def test_a_scan_takes_a_filter(bench: Any) -> None:
    assert sent(bench, operation="scan", filter="attribute_exists(total)")["FilterExpression"]


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"key_condition": EXPRESSION, "values": {":id": "a"}}, "`:p` stands in an expression and not in `values`"),
        ({"key_condition": "#p = :id", "values": {":id": "a"}}, "`#p` stands in an expression and not in `names`"),
        ({"key_condition": {"PK": "a"}, "values": {":id": "a"}}, "`:id` is in no expression"),
        ({"key_condition": "PK = :id", "values": {"id": "a"}}, "`id` of `values` must begin with `:`: `:id`"),
        ({"key_condition": {"PK": "a"}, "names": {":s": "status"}}, "`:s` of `names` must begin with `#`: `#s`"),
        ({"key_condition": 3}, "must be a mapping of the key's attributes, or an expression"),
        (
            {"key_condition": "PK = :id", "values": {":id": 1}, "expression_attribute_values": {":id": 1}},
            "`values` and `expression_attribute_values` are the same",
        ),
        ({"key_condition": "PK = :id", "key_condition_expression": "PK = :id", "values": {":id": 1}}, "exactly one"),
    ],
)
def test_what_does_not_fit_is_found_before_the_run(params: Any, problem: str) -> None:
    with pytest.raises(ValidationError) as caught:
        DynamoDBParams.model_validate({**QUERY, **params})

    assert problem in str(caught.value)


@pytest.mark.parametrize(
    "params",
    [
        {"key_condition": "{{ vars.condition }}", "values": {":id": "a"}},
        {"key_condition": "PK = :id", "values": {"{{ vars.name }}": "a"}},
    ],
)
def test_a_template_may_bring_what_is_missing(params: Any) -> None:
    action = {"name": "Find", "type": "dynamodb", "params": {**QUERY, **params}}
    variables = {"condition": "PK = :id", "name": ":id"}
    scenario = {"name": "it", "description": "finds it", "variables": variables, "actions": [action]}

    assert validate(scenario, BY_TYPE) == []
