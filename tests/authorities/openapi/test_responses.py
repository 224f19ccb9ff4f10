"""Responses on which awsit and kept libraries must agree, over keywords, formats, statuses, media types and headers.

Where awsit differs, the case is in a table of its own, with the reason.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from itertools import product
from typing import Any

import pytest
from openapi_core import OpenAPI
from tests.authorities.openapi.responses import (
    JSON,
    VERSIONS,
    accepted_by_awsit,
    accepted_by_core,
    accepted_by_rust,
    accepted_by_schema,
    contract_of,
    document_of,
    with_schema,
)

COMMON = ["null", "true", "0", "1.5", '"abc"', "[1]", '{"a": 1}', '{"a": null}']
"""Bodies that every schema is tried with, by all judges."""

VALUES = {
    "numbers": ["false", "1", "-1", "2", "3.5", "1e2", "9007199254740993", "2147483648", "0.07", '"a"'],
    "texts": ['""', '"a"', '"abcd"', '"12"', '"open"', '"\u00e4\u00f6\u00fc"', "1"],
    "formats": [
        *('"2024-02-29"', '"2023-02-29"', '"2024-02-29T10:00:00Z"', '"2024-02-29T10:00:00"', '"2024-02-29 10:00:00Z"'),
        *('"6f9619ff-8b86-4d01-b42d-00c04fc964ff"', '"6f9619ff"', '"YWJj"', '"%%"', '"\u00e4\u00f6\u00fc"'),
        *('"127.0.0.1"', '"::1"', '"a@b.de"', '""'),
    ],
    "lists": ["[]", "[1, 1]", "[1, 2]", '["a"]', '["a", 1]', '[1, "a"]', "[null]", "[[]]", "[1, 2, 3]", "{}"],
    "objects": [
        *("{}", '{"a": "x"}', '{"b": 1}', '{"a": 1, "b": 1}', '{"a": 1, "c": []}', '{"x-1": 1}', '{"A": "x"}', "[]"),
        *('{"kind": "cat", "lives": 9}', '{"kind": "dog"}', '{"kind": "dog", "lives": 9}', '{"kind": 1}'),
    ],
}
"""Bodies that the schemas of a group are tried with too, by the judges of values."""

CAT = {"type": "object", "required": ["lives"], "properties": {"kind": {"enum": ["cat"]}, "lives": {"type": "integer"}}}
DOG = {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["dog"]}}}
OBJECT = {"type": "object", "properties": {"a": {"type": "integer"}}}
FORMATS = ("date", "date-time", "uuid", "byte", "binary", "password", "email", "ipv4", "ipv6", "uri", "unheard")

EITHER_VERSION: dict[str, list[Any]] = {
    "numbers": [
        {},
        {"type": "number"},
        {"type": "integer"},
        {"type": "boolean"},
        {"enum": ["open", 1, True, [1], {"a": 1}, None]},
        {"minimum": 1},
        {"type": "number", "maximum": 1.5},
        {"type": "number", "multipleOf": 0.5},
        {"type": "number", "multipleOf": 0.01},
        {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "minLength": 4}]},
        {"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 2}]},
        {"not": {"type": "string"}},
        *({"type": "integer", "format": each} for each in ("int32", "int64")),
        *({"type": "number", "format": each} for each in ("float", "double")),
    ],
    "texts": [
        {"type": "string"},
        {"minLength": 3},
        {"type": "string", "maxLength": 3},
        {"type": "string", "pattern": "^[a-z]+$"},
        {"type": "string", "enum": ["open", "abc"]},
    ],
    "formats": [{"type": "string", "format": each} for each in FORMATS],
    "lists": [
        {"type": "array", "items": {"type": "integer"}},
        {"type": "array", "items": {}},
        {"minItems": 2},
        {"type": "array", "items": {}, "maxItems": 2},
        {"uniqueItems": True},
    ],
    "objects": [
        {"type": "object"},
        {"type": "object", "required": ["a"]},
        OBJECT,
        {**OBJECT, "additionalProperties": False},
        {**OBJECT, "additionalProperties": {"type": "integer"}},
        {"minProperties": 1},
        {"type": "object", "maxProperties": 1},
        {"allOf": [OBJECT, {"required": ["b"]}]},
        {"type": "object", "properties": {"a": {"anyOf": [{"type": "string"}]}, "c": {"maxItems": 0}}},
        {"oneOf": [CAT, DOG]},
        {"type": "object", "required": ["a"], "properties": {"a": {"readOnly": True}}},
    ],
}
ONLY: dict[str, dict[str, list[Any]]] = {
    "3.0.3": {
        "numbers": [
            {"type": "number", "minimum": 1, "exclusiveMinimum": True},
            {"type": "integer", "maximum": 2, "exclusiveMaximum": True},
        ],
        "texts": [
            {"type": "string", "nullable": True},
            {"type": "string", "nullable": False},
            {"type": "string", "nullable": True, "enum": ["a", None]},
        ],
        "lists": [{"type": "array", "items": {"type": "integer", "nullable": True}}],
        "objects": [
            {"type": "object", "nullable": True, "properties": {"a": {"type": "integer", "nullable": True}}},
            {"type": "object", "properties": {"a": {"writeOnly": True}}},
            {"type": "object", "required": ["a"], "properties": {"a": {"writeOnly": True}}},
        ],
    },
    "3.1.1": {
        "numbers": [True, False, {"exclusiveMinimum": 1}, {"exclusiveMaximum": 2}],
        "texts": [{"type": ["string", "null"]}, {"type": "string", "contentEncoding": "base64"}],
        "lists": [
            {"prefixItems": [{"type": "string"}, {"type": "integer"}]},
            {"type": "array", "prefixItems": [{"type": "integer"}], "items": False},
            {"type": "array", "contains": {"type": "string"}, "maxContains": 1},
            {"prefixItems": [{}], "unevaluatedItems": False},
        ],
        "objects": [
            {"const": {"a": 1}},
            {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"not": {"required": ["b"]}}},
            {"dependentRequired": {"a": ["b"]}},
            {"dependentSchemas": {"a": {"maxProperties": 1}}},
            {"propertyNames": {"pattern": "^[a-z]$"}},
            {"patternProperties": {"^x-": {"type": "string"}}, "additionalProperties": {"type": "integer"}},
            {"allOf": [OBJECT], "unevaluatedProperties": False},
            {"properties": {"a": False, "b": True}},
        ],
    },
}

WHOLE = "a number such as 1e2 or 2.0 is an integer in 3.0 too, where JSON Schema leaves it open"
EXACT = "numbers are compared digit for digit, not as the nearest binary fractions"
OPENAPI_KEYWORD = "`nullable` and `writeOnly` mean something in OpenAPI 3.0, and nothing in JSON Schema"
OPENAPI_FORMAT = "`int32` and `byte` are checked: they are in the OpenAPI Initiative's registry of formats"
YOUNGER_FORMAT = "`uuid` is checked in 3.0 too, whose JSON Schema is older than this format"
URI = "`uri` is checked: openapi-schema-validator needs another library for that"


def reasons_of(version: str, schema: Any, body: str) -> dict[str, set[str]]:
    """Why awsit may say something else than each judge does."""
    text = json.dumps(schema)
    old = version == "3.0.3"
    of_all = {WHOLE} if old and body == "1e2" and '"integer"' in text else set[str]()
    exact = {EXACT} if body == "0.07" and '"multipleOf": 0.01' in text else set[str]()
    python, rust = set[str](), set[str]()
    if '"uri"' in text:
        python.add(URI)
    if '"byte"' in text:
        rust.add(OPENAPI_FORMAT)
        python |= set() if old else {OPENAPI_FORMAT}
    if '"int32"' in text:
        rust.add(OPENAPI_FORMAT)
    if old and '"uuid"' in text:
        rust.add(YOUNGER_FORMAT)
    if old and ("nullable" in text or "writeOnly" in text):
        rust.add(OPENAPI_KEYWORD)
    return {"core": of_all | exact | python, "schema": of_all | exact | python, "rust": of_all | rust}


REASONS = {
    "3.0.3": {WHOLE, EXACT, OPENAPI_KEYWORD, OPENAPI_FORMAT, YOUNGER_FORMAT, URI},
    "3.1.1": {EXACT, OPENAPI_FORMAT, URI},
}


def cases(version: str) -> Iterator[tuple[str, Any, str]]:
    """Name of the operation, schema and body."""
    for group, bodies in VALUES.items():
        for index, schema in enumerate([*EITHER_VERSION[group], *ONLY[version].get(group, [])]):
            yield from ((f"{group}-{index}", schema, body) for body in [*COMMON, *bodies])


@pytest.mark.parametrize("version", VERSIONS)
def test_every_value_is_judged_alike_by_every_schema(version: str) -> None:
    document = document_of(version, {name: with_schema(schema) for name, schema, _ in cases(version)})
    api, contract = OpenAPI.from_dict(document), contract_of(document)
    verdicts: Counter[bool] = Counter()
    reasons: set[str] = set()
    for name, schema, body in cases(version):
        ours = accepted_by_awsit(contract, name, body, 200, JSON)
        judges = {
            "schema": accepted_by_schema(version, schema, json.loads(body)),
            "rust": accepted_by_rust(version, schema, json.loads(body)),
        }
        if body in COMMON and not isinstance(schema, bool):  # which openapi-core fails for
            judges["core"] = accepted_by_core(api, name, body, 200, JSON)
        verdicts[ours] += 1
        for judge, accepted in judges.items():
            if accepted is not ours:
                why = reasons_of(version, schema, body)[judge]
                assert why, f"{schema} {body}: awsit {ours}, {judge} {accepted}"
                reasons |= why
    assert reasons == REASONS[version], "a documented difference is gone"
    assert min(verdicts.values()) > 300  # neither verdict is the only one


JSON_BODY = {"content": {"application/json": {"schema": {"type": "object", "required": ["a"]}}}}
ANY_BODY: dict[str, Any] = {}
STATUSES = (200, 201, 204, 299, 301, 404, 499, 500, 503)
DECLARED = [
    ["200"],
    ["2XX"],
    ["default"],
    ["200", "2XX"],
    ["2XX", "200"],
    ["404", "4XX", "default"],
    ["204", "default"],
    ["5XX", "503"],
    ["201", "3XX", "500"],
]
"""The statuses of an operation. The first has a body of its own, so that it matters which is chosen."""


@pytest.mark.parametrize("version", VERSIONS)
def test_every_status_is_judged_alike(version: str) -> None:
    responses = {
        f"op-{number}": {
            each: {"description": "", **(JSON_BODY if each == declared[0] else ANY_BODY)} for each in declared
        }
        for number, declared in enumerate(DECLARED)
    }
    document = document_of(version, responses)
    api, contract = OpenAPI.from_dict(document), contract_of(document)
    verdicts: Counter[bool] = Counter()
    for name, body, status in product(responses, ('{"a": 1}', "{}"), STATUSES):
        ours = accepted_by_awsit(contract, name, body if status != HTTPStatus.NO_CONTENT else "", status, JSON)
        judge = accepted_by_core(api, name, body, status, JSON)
        verdicts[ours] += 1
        if status != HTTPStatus.NO_CONTENT or body != "{}":  # 204 has no body that could be wrong (RFC 9110, 15.3.5)
            assert ours is judge, (responses[name], status, body)
    assert min(verdicts.values()) > 50


OFFERED = [
    ["application/json"],
    ["application/*"],
    ["*/*"],
    ["text/plain", "application/json"],
    ["text/*", "application/problem+json"],
    ["application/vnd.a+json", "*/*"],
    ["application/json; charset=utf-8"],
]
RECEIVED = [
    "application/json",
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    "Application/JSON",
    "application/problem+json",
    "application/vnd.a+json",
    "text/plain",
    "text/html",
    "image/png",
]
SAME_TYPE = "a media type is the same with and without parameters (RFC 9110, section 8.3.1)"
PLUS_JSON = "every type that ends in +json is JSON (RFC 6839, section 3.1)"
RANGE = "a body is read by the type that came with it, not by the range that stands for it in the document"
NOT_READ = "a body that is neither JSON nor text is held to no schema"


def media_reason(offered: list[str], received: str) -> str:
    """Why awsit says something else than openapi-core; empty where it must not."""
    if any(";" in each for each in offered):
        return SAME_TYPE
    if received.endswith("+json"):
        return PLUS_JSON
    if received == "image/png":
        return NOT_READ
    return RANGE if any("*" in each for each in offered) else ""


def test_every_media_type_is_judged_alike() -> None:
    schema = {"type": "object", "required": ["a"]}
    responses = {
        f"op-{number}": {
            "200": {
                "description": "",
                "content": {each: {"schema": {} if "text" in each else schema} for each in offered},
            }
        }
        for number, offered in enumerate(OFFERED)
    }
    document = document_of("3.1.1", responses)
    api, contract = OpenAPI.from_dict(document), contract_of(document)
    reasons: Counter[str] = Counter()
    for (number, offered), received, body in product(enumerate(OFFERED), RECEIVED, ('{"a": 1}', "{}")):
        ours = accepted_by_awsit(contract, f"op-{number}", body, 200, {"content-type": received})
        judge = accepted_by_core(api, f"op-{number}", body, 200, {"content-type": received})
        if ours is not judge:
            assert media_reason(offered, received), (offered, received, body)
            reasons[media_reason(offered, received)] += 1
    assert reasons.keys() == {SAME_TYPE, PLUS_JSON, RANGE, NOT_READ}, "a documented difference is gone"


HEADERS: dict[str, Any] = {
    "integer": {"type": "integer", "maximum": 9},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "text": {"type": "string", "pattern": "^a"},
    "date": {"type": "string", "format": "date"},
    "list": {"type": "array", "items": {"type": "integer"}, "maxItems": 2},
    "choice": {"type": "string", "enum": ["a", "b"]},
}
SENT = ["1", "10", "1.5", "true", "a", "abc", "1,2", "1,2,3", "a,b", "2024-02-29", "2024-02-30", None]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("required", [True, False])
def test_every_header_is_judged_alike(version: str, required: bool) -> None:
    responses = {
        name: {"200": {"description": "", "headers": {"X-It": {"required": required, "schema": schema}}}}
        for name, schema in HEADERS.items()
    }
    document = document_of(version, responses)
    api, contract = OpenAPI.from_dict(document), contract_of(document)
    verdicts: Counter[bool] = Counter()
    for name, value in product(responses, SENT):
        headers = {} if value is None else {"x-it": value}
        ours = accepted_by_awsit(contract, name, "", 200, headers)
        verdicts[ours] += 1
        assert ours is accepted_by_core(api, name, "", 200, headers), (HEADERS[name], value)
    assert min(verdicts.values()) > 10
