"""Params that are read without the model are those that the model takes, with the same values."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from awsit.actions.http_call.action import ACTION
from awsit.actions.http_call.params import HttpCallParams
from awsit.actions.http_call.plain import PlainHttpCall, plain_http_call
from awsit.model.json import Json
from awsit.validation.problems import params_problems

URL = {"url": "https://api.example.com/orders"}
KEYS = sorted({*HttpCallParams.model_fields, "unknown"})
ODD = [
    None,
    True,
    False,
    0,
    1,
    99,
    200,
    599,
    600,
    -1,
    10**400,
    5.5,
    Decimal("0.10"),
    float("nan"),
    "",
    " ",
    "GET",
    "get",
]
ODD += [
    "PSOT",
    "2xx",
    "2XX",
    "9xx",
    "keep",
    "yes",
    "\ud800",
    "é",
    "a\nb",
    "{{ a }}",
    "https://x/{{ a }}",
    "ftp://x",
    "http://",
]
ODD += [
    "http://u:p@x",
    "openapi.yaml",
    [],
    {},
    [200, "4xx"],
    [True],
    ["a", 1, None],
    [[1]],
    {"a": "b"},
    {"a": ["b", None]},
]
ODD += [
    {"a": [{}]},
    {"a": {}},
    {"Cookie": "a=b"},
    {"Content-Length": "1"},
    {"a b": "c"},
    {"{{ a }}": "c"},
    {"a": "x\ny"},
]
ODD += [{"{{ '\ud800' }}": "a"}, {"\ud800": "a"}, {"a": "\ud800"}, {"a": "€"}, {"bearer": "t"}, {"a": Decimal("1.50")}]
ODD += [2**63, 64 * 1024 * 1024, 1.0, " https://api.example.com "]
BEFORE = [
    {},
    {"body": {"a": 1}},
    {"form": {"a": 1}},
    {"cookies": "keep"},
    {"headers": {"cookie": "a=b"}},
    {"multipart": []},
]


def test_it_has_the_params_of_the_model() -> None:
    assert {each.name for each in msgspec.structs.fields(PlainHttpCall)} == set(HttpCallParams.model_fields)


@pytest.mark.parametrize("before", BEFORE, ids=ascii)
@pytest.mark.parametrize("key", KEYS)
def test_what_is_plain_fits_the_model(key: str, before: dict[str, Json]) -> None:
    for value in ODD:
        assert _misfits({**URL, **before, key: value}) == []


@given(st.dictionaries(st.sampled_from(KEYS), st.sampled_from(ODD), max_size=4))
def test_whatever_is_plain_fits_the_model(params: dict[str, Json]) -> None:
    assert _misfits({**URL, **params}) == []


@pytest.mark.parametrize(
    "params",
    [
        {"method": "POST", "body": {"quantity": 2}, "expected_status": 201},
        {
            "query": {"page": 1, "tag": ["a", "b"]},
            "headers": {"Accept": "application/json"},
            "expected_status": [200, "4xx"],
        },
        {"form": {"name": "é"}, "cookies": "keep", "timeout_seconds": Decimal("0.5"), "follow_redirects": False},
    ],
    ids=ascii,
)
def test_common_calls_are_plain(params: dict[str, Json]) -> None:
    assert plain_http_call({**URL, **params}, rendered=True)


def test_a_template_is_plain_until_it_is_rendered() -> None:
    params = {"url": "{{ stack('orders').ApiUrl }}/orders"}
    assert plain_http_call(params, rendered=False)
    assert plain_http_call(params, rendered=True) is None


def _misfits(params: Json) -> list[str]:
    """How the plain call differs from what the model makes of the params; nothing where only the model reads them."""
    found = []
    if plain_http_call(params, rendered=False) is not None:
        found += map(str, params_problems("http_call", ACTION.params_model, params, rendered=False))
    call = plain_http_call(params, rendered=True)
    if call is None:
        return found
    try:
        model = HttpCallParams.model_validate(params)
    except ValidationError as error:
        return [*found, f"the model refuses {params}: {error}"]
    for name in HttpCallParams.model_fields:
        own, expected = getattr(call, name), getattr(model, name)
        if (own, type(own)) != (expected, type(expected)):
            found.append(f"{name}: {own!r} is not {expected!r}")
    return found
