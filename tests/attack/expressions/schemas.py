"""JSON Schemas whose check multiplies with itself, and documents that make a small schema expensive."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Any

from tests.attack.commands import call, json_answer
from tests.attack.payload import Payload

DIALECTS = tuple(
    f"https://json-schema.org/draft/{name}/schema" if name[0] == "2" else f"http://json-schema.org/{name}/schema#"
    for name in ("2020-12", "2019-09", "draft-07", "draft-04")
)


def doubled(keyword: str, leaf: object, depth: int = 40, **more: object) -> dict[str, Any]:
    """A schema that uses its last definition `2 ** depth` times."""
    names = [f"d{index}" for index in range(depth)]
    following = pairwise(names)
    definitions = {name: {keyword: [{"$ref": f"#/$defs/{after}"}] * 2} for name, after in following}
    return {"$defs": {**definitions, names[-1]: leaf}, "$ref": "#/$defs/d0", **more}


def _nested(wrap: str, depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(depth):
        schema = {wrap: [schema, schema]} if wrap.endswith("Of") else {wrap: schema}
    return schema


_LIST = list(range(3000))
_SCHEMAS: tuple[tuple[str, object, object], ...] = (
    *(
        (f"doubled {keyword}, leaf {name}", doubled(keyword, leaf), {"a": 1})
        for keyword in ("allOf", "anyOf", "oneOf")
        for name, leaf in (("holds", {"type": "object"}), ("fails", {"type": "string"}), ("false", False))
    ),
    *(
        (f"doubled in {dialect}", {**doubled("allOf", {"type": "string"}), "$schema": dialect}, {"a": 1})
        for dialect in DIALECTS
    ),
    ("doubled, unevaluated", doubled("allOf", {"type": "object"}, unevaluatedProperties=False), {"a": 1}),
    ("doubled, unevaluated items", doubled("anyOf", {"type": "array"}, unevaluatedItems=False), [1]),
    ("doubled by properties", {"$ref": "#", "properties": {"a": {"$ref": "#"}}}, {"a": {"a": 1}}),
    ("its own reference", {"$ref": "#"}, {"a": 1}),
    ("its own allOf", {"allOf": [{"$ref": "#"}, {"$ref": "#"}]}, {"a": 1}),
    ("dynamic reference", {"$dynamicAnchor": "a", "anyOf": [{"$dynamicRef": "#a"}] * 2}, {"a": 1}),
    ("its own not", {"not": {"$ref": "#"}}, 1),
    ("if of itself", {"if": {"$ref": "#"}, "then": {"$ref": "#"}}, 1),
    ("dependent schemas", {"dependentSchemas": {"a": {"allOf": [{"$ref": "#"}] * 9}}}, {"a": 1}),
    *((f"{wrap} in itself", _nested(wrap, 15), [[[1]]]) for wrap in ("allOf", "anyOf", "oneOf")),
    *((f"{wrap} in itself", _nested(wrap, 55), [1]) for wrap in ("not", "items", "additionalProperties", "contains")),
    ("unique numbers", {"uniqueItems": True}, _LIST),
    ("unique objects", {"uniqueItems": True}, [{"a": {"b": each}} for each in _LIST]),
    ("unique lists", {"uniqueItems": True}, [[each, [each]] for each in _LIST]),
    ("a large enum", {"items": {"enum": [{"a": each} for each in _LIST]}}, [{"a": -1}] * 3000),
    ("a large const", {"items": {"const": _LIST}}, [_LIST] * 40),
    ("contains, at least", {"contains": {"pattern": "(a|aa)+$"}, "minContains": 2000}, ["a" * 99 + "b"] * 3000),
    (
        "many patterns",
        {"patternProperties": {f"^a{n}": {"type": "null"} for n in range(999)}},
        {f"a{n}": n for n in _LIST},
    ),
    ("property names", {"propertyNames": {"pattern": "(a|aa)+$"}}, {"a" * 99 + f"b{n}": n for n in _LIST}),
    ("a tiny multiple", {"items": {"multipleOf": 1e-300}}, [1e300, 10**300] * 999),
    ("a number of many digits", {"maximum": int("9" * 4000)}, int("9" * 4000)),
    ("errors in every item", {"items": {"anyOf": [{"type": "string"}] * 50}}, _LIST),
    ("required, thousands", {"items": {"required": [f"k{n}" for n in range(2000)]}}, [{}] * 2000),
    ("any of thousands", {"items": {"anyOf": [{"const": f"k{n}"} for n in range(2000)]}}, _LIST),
    ("one of thousands", {"items": {"oneOf": [{"const": n} for n in range(2000)]}}, _LIST),
    ("a remote reference", {"$ref": "http://169.254.169.254/latest/meta-data"}, 1),
    ("a file", {"$ref": "file:///etc/passwd"}, 1),
    ("an unknown dialect", {"$schema": "http://127.0.0.1:1/schema", "type": "string"}, 1),
    ("a pointer of many parts", {"$ref": "#" + "/a" * 20000}, 1),
    ("many identifiers", {"$defs": {f"a{n}": {"$id": f"urn:a:{n}"} for n in range(5000)}, "$ref": "urn:a:1"}, 1),
    ("format regex", {"items": {"format": "regex"}}, ["((a{1000}){1000}){1000}"] * 99),
    ("formats", {"items": {"format": "uri"}}, ["a:" + "%41" * 9999] * 20),
    ("format email", {"items": {"format": "email"}}, ["a" * 60000 + "@"] * 20),
    ("format ipv6", {"items": {"format": "ipv6"}}, [":" * 60000] * 20),
    ("format hostname", {"items": {"format": "hostname"}}, ["a-" * 30000] * 20),
)


def payloads() -> Iterator[Payload]:
    for name, schema, document in _SCHEMAS:
        yield Payload(name, partial(_assert, schema, document))


def _assert(schema: object, document: object) -> str:
    call(json_answer(document), timeout_seconds=3, **{"assert": [{"path": "$.body", "json_schema": schema}] * 5})
    return ""
