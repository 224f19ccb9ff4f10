"""What an OpenAPI document must look like where it is read here, as a JSON Schema; the rest of it may be anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awsit.model.json import Json

_TEXT = {"type": "string"}
_NUMBER = {"type": "number"}
_LONGEST = 200


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


def _map_of(name: str) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": _ref(name)}


def _list_of(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _ref(name)}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"$ref": _TEXT, **properties}}


_PARAMETER = _object(**{"name": _TEXT, "in": _TEXT, "schema": _ref("schema"), "content": _map_of("media")})
_PARAMETER |= {"anyOf": [{"required": ["$ref"]}, {"required": ["name", "in"]}]}
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_DEFINITIONS = {
    "schema": {
        "anyOf": [
            {"type": "boolean"},
            _object(
                properties=_map_of("schema"),
                items=_ref("schema"),
                required={"type": "array", "items": _TEXT},
                enum={"type": "array"},
                type={"type": ["string", "array"], "items": _TEXT},
                minimum=_NUMBER,
                maximum=_NUMBER,
                multipleOf={"type": "number", "exclusiveMinimum": 0},
                exclusiveMinimum={"type": ["number", "boolean"]},
                exclusiveMaximum={"type": ["number", "boolean"]},
                **{key: _list_of("schema") for key in ("allOf", "oneOf", "anyOf")},
            ),
        ]
    },
    "media": _object(schema=_ref("schema"), examples=_map_of("example")),
    "example": _object(),
    "content": _object(content=_map_of("media")),
    "parameter": _PARAMETER,
    "operation": _object(
        operationId=_TEXT,
        parameters=_list_of("parameter"),
        requestBody=_ref("content"),
        responses=_map_of("content"),
        security={"type": "array", "items": {"type": "object"}},
    ),
    "path": _object(parameters=_list_of("parameter"), **{method: _ref("operation") for method in _METHODS}),
    "variable": _object(),
    "server": _object(url=_TEXT, variables=_map_of("variable")),
    "scheme": _object(**{"type": _TEXT, "name": _TEXT, "in": _TEXT}),
}
_DOCUMENT = _object(
    servers=_list_of("server"),
    paths=_map_of("path"),
    security={"type": "array", "items": {"type": "object"}},
    components=_object(
        schemas=_map_of("schema"),
        parameters=_map_of("parameter"),
        requestBodies=_map_of("content"),
        responses=_map_of("content"),
        securitySchemes=_map_of("scheme"),
    ),
)


def shape_problem(document: Mapping[str, Json]) -> str:
    """The first thing that is not as OpenAPI 3 says, with its place; empty when there is none."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    error = best_match(Draft202012Validator({**_DOCUMENT, "$defs": _DEFINITIONS}).iter_errors(document))
    if error is None:
        return ""
    told = error.message if len(error.message) <= _LONGEST else f"{error.message[:_LONGEST]}..."
    return f"{error.json_path}: {told}"
