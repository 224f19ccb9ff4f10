"""Extreme numbers and odd text at every operator, filter and param: a value, or a sentence of ours; no other error."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from awsit.actions.reading import check_params
from awsit.actions.registry import BY_TYPE
from awsit.errors import AwsitError
from awsit.expressions.assertions import assertion
from awsit.expressions.templates import template
from awsit.expressions.templates.environment import environment
from awsit.expressions.templates.random_string import random_strings
from awsit.model import json
from awsit.system.randomness import SeededRandomness

HALF = "x\ud83dy"
VALUES = [
    Decimal("1e400"),
    Decimal("-1e400"),
    Decimal("1e-400"),
    Decimal("1e4299"),
    10**4299,
    Decimal("0." + "1" * 4299),
    HALF,
]
FILTERS = [f"vars.x | {name}" for name in sorted(environment().filters)]
TESTS = [f"vars.x is {name}" for name in sorted(environment().tests)]
WITH_ARGUMENTS = [
    "vars.x is divisibleby 3", "3 is divisibleby(vars.x)", "vars.x | round(2)", "1.5 | round(vars.x)",
    "now() | plus(vars.x)",
    "[vars.x, 1] | sum", "[vars.x, vars.x] | sort", "[vars.x, vars.x] | unique", "[vars.x, vars.x] | join(vars.x)",
    "vars.x | replace(vars.x, vars.x)", "'a' * vars.x", "[1] * vars.x", "[1][vars.x]", "vars[vars.x]", "range(vars.x)",
    "random_string(vars.x)", "{'a': vars.x} | urlencode", "vars.x | tojson(vars.x)", "vars.x | tojson | fromjson",
    "vars.x ~ vars.x", "-vars.x", "vars.x == 1.0", "vars.x < 1", "vars.x in [1, vars.x]", "vars.x.split(vars.x)",
    "'1e1000000000' | float", "'1e1000000000' | int", "1e1000000000", "10.0 ** 10000", "10 ** 10000",
]  # fmt: skip
OPERATIONS = [
    f"vars.x {symbol} {right}" for symbol in ("+", "-", "*", "/", "//", "%", "**") for right in ("vars.x", "3", "0.7")
]
OPERANDS: list[tuple[str, Any]] = [
    *((name, 1) for name in ("equals", "greater_than", "less_than", "contains", "length")),
    *((name, Decimal("0.5")) for name in ("not_equals", "greater_or_equal", "less_or_equal", "not_contains")),
    ("equals", HALF),
    ("contains", HALF),
    ("matches", "#integer"),
    ("matches", "#regex 1.*"),
    ("matches_regex", "x.y"),
    ("matches_regex", HALF),
    ("type", "integer"),
    ("one_of", [1, HALF]),
    ("json_schema", {"multipleOf": Decimal("0.01"), "maximum": 5, "enum": [1], "pattern": "x", "maxLength": 1}),
    *(
        ("json_schema", {"format": name})
        for name in ("uri", "email", "hostname", "date-time", "ipv4", "ipv6", "uuid", "regex")
    ),
]
PARAMS: list[tuple[str, dict[str, Any]]] = [
    ("wait", {"seconds": "X"}),
    ("http_call", {"url": "X"}),
    ("http_call", {"url": "http://h/", "timeout_seconds": "X"}),
    ("http_call", {"url": "http://h/", "expected_status": "X"}),
    ("http_call", {"url": "http://h/", "max_response_bytes": "X"}),
    ("http_call", {"url": "http://h/", "method": "X"}),
    ("dynamodb", {"operation": "scan", "table": "t", "limit": "X"}),
    ("aws_api", {"service": "sqs", "operation": "list_queues", "params": {"MaxResults": "X"}}),
    ("aws_api", {"service": "sqs", "operation": "list_queues", "paginate": {"max_items": "X"}}),
    ("aws_api", {"service": "X", "operation": "X"}),
    ("lambda_invoke", {"function": "f", "payload": "X"}),
]
OF_PYTHON = re.compile(r"codec|InvalidOperation|Exceeds the limit|recursion")


def outcome(call: Callable[[], Any]) -> Any:
    """Its value, or the message of its error, which is in words of ours."""
    try:
        return call()
    except AwsitError as error:
        if OF_PYTHON.search(error.message):
            raise
        return error.message


def is_json(value: Any) -> bool:
    """Whether a report can carry the value: it is read as it was written."""
    return bool(json.loads(json.dumps(value).encode()) == value)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value)[:20])
@pytest.mark.parametrize("expression", [*FILTERS, *TESTS, *WITH_ARGUMENTS, *OPERATIONS])
def test_expressions(expression: str, value: Any) -> None:
    functions = {"now": lambda: datetime(2030, 1, 1, tzinfo=UTC), "random_string": random_strings(SeededRandomness(1))}
    assert is_json(outcome(lambda: template.render("{{ " + expression + " }}", {"vars": {"x": value}, **functions})))


@pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value)[:20])
@pytest.mark.parametrize(("operator", "operand"), OPERANDS)
def test_operators(operator: str, operand: Any, value: Any) -> None:
    assert is_json(outcome(lambda: assertion.check({"path": "$", operator: operand}, value).message))
    assert is_json(outcome(lambda: assertion.check({"path": "$", operator: operand}, {"a": [value]}).message))


@pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value)[:20])
def test_options_and_paths(value: Any) -> None:
    date = "2030-01-01T00:00:00Z"
    assert is_json(
        outcome(lambda: assertion.check({"equals": value, "tolerance_seconds": Decimal("0.1")}, date).message)
    )
    assert is_json(
        outcome(lambda: assertion.check({"equals": date, "tolerance_seconds": Decimal("0.1")}, value).message)
    )
    assert is_json(outcome(lambda: assertion.check({"equals": [value, 1], "any_order": True}, [1, value]).message))
    assert is_json(outcome(lambda: assertion.check({"equals": {"a": value}}, {"a": 1}).diff))
    assert is_json(outcome(lambda: assertion.check({"path": "$[?@.a > 5]", "length": 1}, [{"a": value}]).message))


@pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value)[:20])
@pytest.mark.parametrize(("kind", "params"), PARAMS)
def test_params(kind: str, params: dict[str, Any], value: Any) -> None:
    def put(held: Any) -> Any:
        return (
            {key: put(item) for key, item in held.items()} if isinstance(held, dict) else value if held == "X" else held
        )

    assert is_json(outcome(lambda: str(check_params(BY_TYPE[kind], put(params)))))
