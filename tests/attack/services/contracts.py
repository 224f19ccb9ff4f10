"""OpenAPI contracts of a repository that somebody else wrote, or answers that make their check expensive."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from tests.attack.commands import awsit, call, response, write
from tests.attack.expressions.schemas import doubled
from tests.attack.payload import Payload

_LIST = list(range(2000))
_A_TO_B = "a" * 3000 + "b"
_SCHEMAS: Mapping[str, tuple[Any, Any]] = {
    **{
        f"doubled {keyword}, leaf {name}": (doubled(keyword, leaf, 30), {"a": 1})
        for keyword in ("allOf", "anyOf", "oneOf")
        for name, leaf in (("holds", {"type": "object"}), ("fails", {"type": "string"}))
    },
    "pattern": ({"type": "string", "pattern": "(a|aa)+$"}, _A_TO_B),
    "pattern of an exponent": ({"type": "string", "pattern": "^(a+)+$"}, _A_TO_B),
    "pattern of ECMA": ({"type": "string", "pattern": "^(([a-z])+.)+[A-Z]([a-z])+$"}, "a" * 3000),
    "pattern that is large": ({"type": "string", "pattern": "((x{1000}){1000}){1000}"}, "x"),
    "pattern that is no pattern": ({"type": "string", "pattern": "(((["}, "x"),
    "pattern in items": ({"items": {"pattern": "(a|aa)+$"}}, [_A_TO_B] * 50),
    "pattern of properties": ({"type": "object", "patternProperties": {"(a|aa)+$": {"type": "null"}}}, {_A_TO_B: 1}),
    "pattern of properties, extras": (
        {"type": "object", "patternProperties": {"(a|aa)+$": {}}, "additionalProperties": False},
        {f"{_A_TO_B}{n}": 1 for n in range(50)},
    ),
    "names of properties": ({"propertyNames": {"pattern": "(a|aa)+$"}}, {_A_TO_B: 1}),
    "unique items": ({"type": "array", "uniqueItems": True}, [{"a": each} for each in _LIST]),
    "unique lists": ({"type": "array", "uniqueItems": True}, [[each] for each in _LIST]),
    "a large enum": ({"items": {"enum": [{"a": each} for each in _LIST]}}, [{"a": -1}] * 2000),
    "any of thousands": ({"items": {"anyOf": [{"type": "string", "maxLength": n} for n in range(500)]}}, _LIST),
    "one of thousands": ({"items": {"oneOf": [{"type": "integer", "maximum": n} for n in range(500)]}}, _LIST),
    "a tiny multiple": ({"type": "number", "multipleOf": 1e-300}, 1e300),
    "a number of many digits": ({"type": "integer", "multipleOf": 3}, 10**3000),
    "its own reference": ({"$ref": "#/paths/~1x/get/responses/200/content/application~1json/schema"}, {"a": 1}),
    "errors of every item": ({"items": {"type": "string", "minLength": 3}}, _LIST * 10),
    "required, thousands": ({"items": {"type": "object", "required": [f"k{n}" for n in range(1000)]}}, [{}] * 500),
    "not of not": (json.loads('{"not":' * 40 + "{}" + "}" * 40), 1),
    "format byte": ({"type": "string", "format": "byte"}, "A" * 3000000),
    "format regex": ({"type": "string", "format": "regex"}, "((a{1000}){1000}){1000}"),
    "format date": ({"type": "string", "format": "date-time"}, "9" * 500000),
    "discriminator": (
        {"discriminator": {"propertyName": "a", "mapping": {"b": "file:///etc/passwd"}}, "oneOf": [{}]},
        {"a": "b"},
    ),
}
_DOCUMENTS: Mapping[str, object] = {
    "a reference to metadata": {"paths": {"/x": {"$ref": "http://169.254.169.254/latest"}}},
    "a reference to a file": {"paths": {"/x": {"$ref": "/etc/passwd"}}},
    "a reference above the project": {"paths": {"/x": {"$ref": "../../../../../../etc/passwd"}}},
    "a reference by a URL of a file": {"paths": {"/x": {"$ref": "file:///etc/passwd"}}},
    "a reference to a device": {"paths": {"/x": {"$ref": "/dev/zero"}}},
    "a reference to itself": {"paths": {"/x": {"$ref": "#/paths/~1x"}}},
    "references in a circle": {"paths": {"/x": {"$ref": "#/a"}}, "a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}},
    "many paths": {"paths": {f"/{'{a}' * 3}/{n}": {"get": {"responses": {}}} for n in range(3000)}},
    "a path of many parameters": {"paths": {"/" + "{a}" * 3000: {"get": {"responses": {}}}}},
    "a path that is a pattern": {"paths": {"/(a|aa)+$": {"get": {"responses": {}}}}},
    "many servers": {"servers": [{"url": f"http://a{n}.test/"} for n in range(9000)], "paths": {}},
    "a server of many variables": {
        "servers": [{"url": "http://" + "{a}" * 900, "variables": {"a": {"enum": list("ab")}}}],
        "paths": {},
    },
    "no object": [],
    "a version that is none": {"openapi": "9" * 9999},
    "null": {"paths": None, "servers": None},
    "depth": {"paths": {"/x": json.loads('{"a":' * 500 + "1" + "}" * 500)}},
}


def payloads() -> Iterator[Payload]:
    for version in ("3.0.3", "3.1.0"):
        for name, (schema, body) in _SCHEMAS.items():
            yield Payload(f"{version}: {name}", partial(_checked, version, schema, body))
    for name, document in _DOCUMENTS.items():
        yield Payload(f"{name}, in a run", partial(_run, document))
        yield Payload(f"{name}, in a draft", partial(_draft, document))


def _operation(schema: object) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"get": {"responses": {"200": {"description": "", "content": content}}}}


def _checked(version: str, schema: Any, body: object) -> str:
    moved = json.loads(json.dumps(schema).replace("#/$defs/", "#/components/schemas/"))
    definitions = moved.pop("$defs", {}) if isinstance(moved, dict) else {}
    document = {"paths": {"/x": _operation(moved)}, "components": {"schemas": definitions}}
    content = json.dumps(body).encode()
    _write({"openapi": version, **document})
    call(lambda _: response(content), params={"contract": "api.json"}, timeout_seconds=3)
    return ""


def _run(document: object) -> str:
    _write(document)
    call(lambda _: response(b"{}"), params={"contract": "api.json"}, timeout_seconds=3)
    return ""


def _draft(document: object) -> str:
    _write(document)
    awsit("new", "n", "--from-openapi", "api.json", "--output", "-")
    return ""


def _write(document: object) -> None:
    base = {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "servers": [{"url": "/"}]}
    write("api.json", {**base, **document} if isinstance(document, dict) else document)
