"""One fault, one sentence: what `awsit validate` says of params in a file, and a run of those that templates gave."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from awsit.actions.reading import check_params
from awsit.actions.registry import BY_TYPE
from awsit.errors import ActionError, ErrorKind
from awsit.model.json import Json
from awsit.scenario.checks.validate import validate
from awsit.scenario.schema.blocks.limits import LimitsSpec
from awsit.validation.errors import CUSTOM
from awsit.validation.problems import model_problems, params_problems

URL = {"url": "https://api.example.com"}
SCAN = {"operation": "scan", "table": "orders"}

FAULTS = [
    ("string_type", "http_call", {"url": 1}, "`url` must be text, not 1"),
    ("string_type", "http_call", {"url": None}, "`url` must be text, not null"),
    ("string_type", "http_call", {**URL, "auth": {"bearer": ["t"]}}, "`bearer` must be text (at `auth.bearer`)"),
    ("string_type", "dynamodb", {**SCAN, "remove": [1]}, "`remove[0]` must be text, not 1"),
    ("int_type", "dynamodb", {**SCAN, "limit": "5"}, '`limit` must be a whole number, not "5"'),
    ("float_type", "wait", {"seconds": "1.5"}, '`seconds` must be a number, not "1.5"'),
    ("float_type", "wait", {"seconds": True}, "`seconds` must be a number, not true"),
    ("bool_type", "choice", {"when": "true"}, '`when` must be true or false, not "true"'),
    ("bool_type", "http_call", {**URL, "verify_tls": 1}, "`verify_tls` must be true or false or text, not 1"),
    ("dict_type", "http_call", {**URL, "headers": "a: b"}, '`headers` must be a mapping, not "a: b"'),
    ("list_type", "dynamodb", {**SCAN, "keys": "a"}, '`keys` must be a list, not "a"'),
    ("model_type", "http_call", {**URL, "auth": "me"}, '`auth` must be a mapping, not "me"'),
    ("missing", "http_call", {}, "`http_call` needs `url`"),
    (
        "missing",
        "http_call",
        {**URL, "auth": {"basic": {"username": "me"}}},
        "`basic` needs `password` (at `auth.basic.password`)",
    ),
    ("extra_forbidden", "http_call", {**URL, "metod": "GET"}, "unknown key `metod`; did you mean `method`?"),
    (
        "extra_forbidden",
        "http_call",
        {**URL, "auth": {"bearer": "t", "sigv": {}}},
        "unknown key `sigv`; did you mean `sigv4`? (at `auth.sigv`)",
    ),
    (
        "literal_error",
        "lambda_invoke",
        {"function": "f", "invocation_type": "asynch"},
        '`invocation_type` must be `sync` or `event`, not "asynch"',
    ),
    ("literal_error", "lambda_invoke", {"function": "f", "invocation_type": "evnt"}, "`invocation_type` must be"),
    ("greater_than", "http_call", {**URL, "timeout_seconds": 0}, "`timeout_seconds` must be more than 0"),
    ("greater_than_equal", "wait", {"seconds": -1}, "`seconds` must be at least 0"),
    ("less_than_equal", "wait", {"seconds": 86_401}, "`seconds` must be at most 86400"),
    ("string_too_short", "lambda_invoke", {"function": ""}, "`function` must not be empty"),
    ("value_error", "wait", {}, "`wait`: exactly one of `seconds` and `until_time` must be given"),
    (CUSTOM, "http_call", {**URL, "expected_status": 99}, "`expected_status` must be a status such as 201"),
    (
        "value_error",
        "http_call",
        {**URL, "auth": {}},
        "`auth` must hold exactly one of `basic`, `bearer`, `sigv4`, `oauth2` and `cognito`",
    ),
    (CUSTOM, "http_call", {**URL, "headers": {"Accept": []}}, "`Accept` must be text, a number, true, false or null"),
]


@pytest.mark.parametrize(("kind", "action_type", "params", "sentence"), FAULTS)
def test_a_fault_is_the_same_in_a_file_and_in_a_run(kind: str, action_type: str, params: Json, sentence: str) -> None:
    in_file, *more = _in_a_file(action_type, params)
    in_run = _in_a_run(action_type, params)

    assert kind in _kinds(action_type, params)
    assert more == []
    assert sentence in in_run.message
    assert in_run.message.startswith(f"the params of {action_type} are not right: {in_file.message}")
    assert in_run.hint.startswith(in_file.hint or "correct the action's params")


def test_every_kind_of_error_that_params_can_have_is_among_them() -> None:
    models = [action.params_model for action in BY_TYPE.values()]
    for model in models:
        model.model_rebuild()
    possible = {kind for model in models for kind in _possible(model.__pydantic_core_schema__)}

    assert possible == {kind for kind, *_ in FAULTS}


def test_all_faults_are_found_at_once() -> None:
    params = {"metod": "GET", "timeout_seconds": "5", "auth": {"basic": {"username": "me"}}}
    problems = _in_a_file("http_call", params)

    assert len(problems) == 4
    assert [each.message for each in problems if each.message not in _in_a_run("http_call", params).message] == []


@pytest.mark.parametrize(
    ("action_type", "params", "hint"),
    [
        ("http_call", {"url": 1}, "put it in quotes; a template can end in `| string`"),
        ("wait", {"seconds": "5"}, "write it without quotes; a template can end in `| float`"),
        ("dynamodb", {**SCAN, "limit": "5"}, "write it without quotes; a template can end in `| int`"),
        ("choice", {"when": "false"}, "write it without quotes; a template can end in `== 'true'`"),
        ("lambda_invoke", {"function": "f", "invocation_type": "evnt"}, "did you mean `event`?"),
        ("wait", {"seconds": "five"}, "correct the action's params; values are checked after their templates"),
    ],
)
def test_the_hint_says_how_to_write_the_value(action_type: str, params: Json, hint: str) -> None:
    assert _in_a_run(action_type, params).hint.startswith(hint)


@pytest.mark.parametrize("secret", ["s" * 61, "s" * 300, 10**61])
def test_no_part_of_a_long_value_is_shown(secret: Json) -> None:
    for params in ({**URL, "headers": secret}, {**URL, "max_response_bytes": str(secret)}, {**URL, "auth": [secret]}):
        error = _in_a_run("http_call", params)

        assert str(secret)[:8] not in error.message + error.hint


def _in_a_file(action_type: str, params: Json) -> list[Any]:
    step = {"name": "A", "type": action_type, "params": params}
    inside = {"name": "W", "type": "wait", "params": {"seconds": 1}}
    if action_type == "choice":  # in a file its params are branches too, so that it has a model of its own there
        return params_problems("choice", BY_TYPE["choice"].params_model, params, rendered=False)
    return validate({"name": "s", "actions": [step, inside]}, BY_TYPE)


def _in_a_run(action_type: str, params: Json) -> ActionError:
    with pytest.raises(ActionError) as caught:
        check_params(BY_TYPE[action_type], params)
    assert caught.value.kind is ErrorKind.VALIDATION
    return caught.value


def _kinds(action_type: str, params: Json) -> set[str]:
    with pytest.raises(ValidationError) as caught:
        BY_TYPE[action_type].params_model.model_validate(params)
    return {error["type"] for error in caught.value.errors()}


_OF_TYPES = {
    "str": ["string_type"],
    "int": ["int_type"],
    "float": ["float_type"],
    "bool": ["bool_type"],
    "dict": ["dict_type"],
    "list": ["list_type"],
    "literal": ["literal_error"],
    "model": ["model_type"],
    "model-fields": ["missing", "extra_forbidden"],
    "function-after": ["value_error", CUSTOM],
}
_OF_LIMITS = {
    "gt": "greater_than",
    "ge": "greater_than_equal",
    "le": "less_than_equal",
    "min_length": "string_too_short",
}
_HARMLESS = {"any", "default", "function-before", "model-field", "no-info", "nullable", "union"}


def _possible(schema: Any) -> Iterator[str]:
    """The kinds of errors that a core schema of pydantic can give; fails for a type that is not listed above."""
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            assert schema["type"] in _OF_TYPES.keys() | _HARMLESS, f"add what a {schema['type']} can give"
            yield from _OF_TYPES.get(schema["type"], ())
        yield from (kind for limit, kind in _OF_LIMITS.items() if limit in schema)
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list | tuple) else ()
    for each in inner:
        yield from _possible(each)


def test_a_key_with_dots_is_named_whole() -> None:
    (problem,) = model_problems(LimitsSpec, {"http": {"api.test": "fast"}}, "limits", "`limits`")

    assert problem.message.startswith("`api.test` must be")
