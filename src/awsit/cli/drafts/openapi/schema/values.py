"""Examples of values, and what to expect of them, from the schemas of an OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from awsit.cli.drafts.draft import literal
from awsit.cli.drafts.openapi.document import OpenApi
from awsit.model.json import Json

DEEPEST = 5
"""Objects inside one another; schemas that refer to themselves end here at the latest."""
MOST = 100
"""Items and characters in a value that is made up."""

Trail = tuple[str, ...]
"""The references on the way to a schema, empty for one without."""

_FORMATS = {
    "uuid": "{{ uuid() }}",
    "date-time": "2030-01-01T12:00:00Z",
    "date": "2030-01-01",
    "time": "12:00:00Z",
    "email": "someone@example.com",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "byte": "dGV4dA==",
    "password": "{{ random_string(16) }}",
}
_SIMPLE = {"string", "integer", "number", "boolean", "array", "object", "null"}
_ABSENT: Any = object()


def example_of(api: OpenApi, schema: Json, trail: Trail = ()) -> Json:
    """A value that the schema allows, as a scenario would send it: the document's own example, or a made one."""
    detail = merged(api, schema)
    given = given_example(detail)
    if given is not _ABSENT:
        return literal(given)
    for key in ("oneOf", "anyOf"):
        options = [each for each in detail.get(key, ()) if kinds_of(merged(api, each)) != ["null"]]
        if options:
            return example_of(api, options[0], trail)
    kind = next((each for each in kinds_of(detail) if each != "null"), "null")
    if kind == "object":
        return _object(api, detail, _further(schema, trail))
    if kind == "array":
        further = _further(schema, trail)
        items = [] if _is_over(detail.get("items"), further) else [example_of(api, detail.get("items", {}), further)]
        return items * max(1, _whole(detail.get("minItems"), 1))
    return _scalar(kind, detail)


def given_example(detail: Mapping[str, Json]) -> Json:
    """The example that a schema, a parameter or a media type gives; `_ABSENT` when it gives none."""
    if "example" in detail:
        return detail["example"]
    examples = detail.get("examples")
    if isinstance(examples, list) and examples:
        return examples[0]
    for key in ("default", "const"):
        if key in detail:
            return detail[key]
    return detail["enum"][0] if detail.get("enum") else _ABSENT


def has_example(detail: Mapping[str, Json]) -> bool:
    """Whether the document itself says what a value looks like."""
    return given_example(detail) is not _ABSENT


def merged(api: OpenApi, schema: Json) -> dict[str, Json]:
    """The schema with its reference resolved and the parts of its `allOf` put together."""
    detail = api.resolve(schema)
    if not isinstance(detail, Mapping):
        return {}
    whole: dict[str, Json] = {key: value for key, value in detail.items() if key != "allOf"}
    for part in detail.get("allOf", ()):
        inner = merged(api, part)
        properties = {**inner.pop("properties", {}), **whole.get("properties", {})}
        required = [*inner.pop("required", ()), *whole.get("required", ())]
        whole = {**inner, **whole, **({"properties": properties} if properties else {})}
        whole |= {"required": required} if required else {}
    return whole


def kinds_of(detail: Mapping[str, Json]) -> list[str]:
    """The JSON types that a schema allows; OpenAPI 3.0 says `nullable` where 3.1 lists `null`."""
    given = detail.get("type")
    kinds = [given] if isinstance(given, str) else list(given or ())
    if not kinds and "properties" in detail:
        kinds = ["object"]
    if not kinds and "items" in detail:
        kinds = ["array"]
    if detail.get("nullable") is True:
        kinds.append("null")
    return [kind for kind in kinds if kind in _SIMPLE]


def _object(api: OpenApi, detail: Mapping[str, Json], trail: Trail) -> dict[str, Json]:
    """The required properties, and those with an example; all of them where none is required."""
    properties = detail.get("properties") or {}
    required = set(detail.get("required", ()))
    found: dict[str, Json] = {}
    for name, schema in properties.items():
        inner = merged(api, schema)
        wanted = name in required or not required or has_example(inner)
        if wanted and inner.get("readOnly") is not True and not _is_over(schema, trail):
            found[literal(name)] = example_of(api, schema, trail)
    return found


def _further(schema: Json, trail: Trail) -> Trail:
    return (*trail, str(schema.get("$ref", "")) if isinstance(schema, Mapping) else "")


def _is_over(schema: Json, trail: Trail) -> bool:
    """Whether a schema is inside itself here, or too deep."""
    reference = schema.get("$ref") if isinstance(schema, Mapping) else None
    return len(trail) >= DEEPEST or (reference is not None and reference in trail)


def _scalar(kind: str, detail: Mapping[str, Json]) -> Json:
    if kind in {"integer", "number"}:
        return _number(detail)
    if kind == "boolean":
        return True
    if kind == "null":
        return None
    text = _FORMATS.get(str(detail.get("format")), "text")
    longest = _whole(detail.get("maxLength"), len(text))
    return text if "{{" in text else text[:longest].ljust(_whole(detail.get("minLength"), 0), "x")


def _number(detail: Mapping[str, Json]) -> Json:
    """The least value that is allowed, else the greatest, else 1; `exclusiveMinimum` is a flag in 3.0."""
    least, above = detail.get("minimum"), detail.get("exclusiveMinimum")
    most, below = detail.get("maximum"), detail.get("exclusiveMaximum")
    step = detail.get("multipleOf") or 1
    if least is not None and above is not True:
        return least
    bottom = least if above is True else above
    if bottom is not None:
        return bottom + step
    top = most if below is True or most is not None else below
    if top is None or top > step:
        return step
    return top - step if below is not None and below is not False else top


def _whole(value: Json, otherwise: int) -> int:
    return min(max(value, 0), MOST) if isinstance(value, int) and not isinstance(value, bool) else otherwise


def expected_of(api: OpenApi, schema: Json, trail: Trail = (), *, optional: bool = False) -> Json:
    """What `matches` says of a value of the schema: markers for its types, objects key by key."""
    detail = merged(api, schema)
    detail, nullable = _without_null(api, detail)
    kinds = [kind for kind in kinds_of(detail) if kind != "null"]
    choices = [detail["const"]] if "const" in detail else detail.get("enum")
    nullable = nullable or (choices is not None and None in choices)
    hash_marks = "##" if optional or nullable else "#"
    if choices:
        return _one_of(choices, hash_marks)
    if len(kinds) != 1:
        return f"{hash_marks}ignore" if optional or nullable or not kinds else "#present"
    if kinds[0] == "object" and hash_marks == "#" and detail.get("properties") and not _is_over(schema, trail):
        return _expected_object(api, detail, _further(schema, trail))
    if kinds[0] == "array":
        each = expected_of(api, detail.get("items", {}), ("",) * DEEPEST)
        return f"{hash_marks}[] {each}" if isinstance(each, str) and each.startswith("#") else f"{hash_marks}array"
    return hash_marks + ("uuid" if detail.get("format") == "uuid" else kinds[0])


def _expected_object(api: OpenApi, detail: Mapping[str, Json], trail: Trail) -> dict[str, Json]:
    required = set(detail.get("required", ()))
    return {
        literal(name): expected_of(api, schema, trail, optional=name not in required)
        for name, schema in detail["properties"].items()
        if merged(api, schema).get("writeOnly") is not True
    }


def _without_null(api: OpenApi, detail: dict[str, Json]) -> tuple[dict[str, Json], bool]:
    """The schema, or its only alternative beside `null`; and whether null is allowed."""
    for key in ("oneOf", "anyOf"):
        options = [merged(api, each) for each in detail.get(key, ())]
        others = [each for each in options if kinds_of(each) != ["null"]]
        if options and len(others) == 1:
            return others[0], len(others) < len(options) or "null" in kinds_of(others[0])
    return detail, "null" in kinds_of(detail)


def _one_of(choices: list[Json], hash_marks: str) -> Json:
    """An enumeration: the value itself where there is one only, else a pattern of the texts."""
    texts = [each for each in choices if isinstance(each, str)]
    if len(choices) == 1 and hash_marks == "#" and not (texts and texts[0].startswith("#")):
        return literal(choices[0])
    if len(texts) == len([each for each in choices if each is not None]):
        return f"{hash_marks}regex {literal('|'.join(map(re.escape, texts)))}"
    return f"{hash_marks}present" if hash_marks == "#" else "##ignore"
