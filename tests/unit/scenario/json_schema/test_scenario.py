from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.unit.scenario.compile.test_compile import NESTED, PLAIN

from awsit.actions.registry import BY_TYPE
from awsit.model.action.protocol import Action
from awsit.model.json import dumps, loads
from awsit.scenario.json_schema.scenario import library_schema, scenario_schema, suite_schema
from awsit.scenario.reading.load import load_text


@pytest.fixture
def validator(actions: dict[str, Action]) -> Draft202012Validator:
    schema = loads(dumps(scenario_schema(actions)))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def one(**keys: Any) -> dict[str, Any]:
    return {"name": "s", "actions": [{"name": "A", "type": "wait", "params": {"seconds": 1}, **keys}]}


@pytest.mark.parametrize("text", [PLAIN, NESTED])
def test_good_scenarios_fit(validator: Draft202012Validator, text: str) -> None:
    assert list(validator.iter_errors(load_text(text).document)) == []


@pytest.mark.parametrize(
    "document",
    [
        one(params={"seconds": "{{ vars.x }}"}),
        one(type="http_call", params={"url": "x", "method": "{{ vars.x }}", "verify": "{{ vars.x }}"}),
        one(type="http_call", params={"url": "x", "auth": {"basic": "{{ secret('x') }}"}, "headers": "{{ vars.x }}"}),
        one(type="http_call", params={"url": "x", "expected_status": ["{{ vars.x }}", 200]}),
        one(cleanup=[{"type": "wait", "params": {"seconds": 1}}], retry={"retry_on": [503, "timeout"]}),
        {"matrix": {"a": [1]}, **one()},
    ],
)
def test_templates_may_stand_for_values_of_params(validator: Draft202012Validator, document: Any) -> None:
    assert list(validator.iter_errors(document)) == []


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"name": "s"}, []),
        ({"name": "1", **{key: value for key, value in one().items() if key != "name"}}, ["name"]),
        ({"nam": 1, **one()}, []),
        ({"timeout_seconds": 0, **one()}, ["timeout_seconds"]),
        ({"variables": {"a-b": 1}, **one()}, ["variables"]),
        (one(type="wat"), ["actions", 0, "type"]),
        (one(params={}), ["actions", 0, "params"]),
        (one(params={"seconds": "one"}), ["actions", 0, "params", "seconds"]),
        (one(type="http_call", params={"url": "x", "method": "PUT"}), ["actions", 0, "params", "method"]),
        (one(type="http_call", params={"url": "x", "headrs": {}}), ["actions", 0, "params"]),
        (one(retry={"max_attempts": 21}), ["actions", 0, "retry"]),
        (one(**{"assert": [{"equls": 1}]}), ["actions", 0, "assert", 0]),
        (one(cleanup=[{"type": "choice"}]), ["actions", 0, "cleanup", 0, "type"]),
        (one(type="parallel", params={"branches": [[]]}), ["actions", 0, "params", "branches", 0]),
        (one(type="choice", params={"when": True, "then": [{"name": "B", "type": "wat"}]}), None),
        (one(type="parallel", retry={}, params={"branches": [one()["actions"]]}), ["actions", 0]),
    ],
)
def test_wrong_scenarios_do_not_fit(validator: Draft202012Validator, document: Any, place: list[Any] | None) -> None:
    places = [list(error.absolute_path) for error in validator.iter_errors(document)]
    assert places == [["actions", 0, "params", "then", 0, "type"] if place is None else place]


@pytest.mark.parametrize("schema", [scenario_schema, library_schema, suite_schema])
def test_an_editor_has_something_to_say_of_every_key(schema: Callable[[Any], Any]) -> None:
    document = schema(BY_TYPE)
    assert [key for key, each in keys_in(document) if not description_of(each, document["$defs"])] == []


def keys_in(schema: Any) -> Iterator[tuple[str, Any]]:
    """The keys that a schema describes, at any depth; what `if` and `then` choose by is described elsewhere."""
    if isinstance(schema, Mapping):
        yield from schema.get("properties", {}).items()
        for key, each in schema.items():
            if key not in {"if", "then"}:
                yield from keys_in(list(each.values()) if key == "properties" else each)
    elif isinstance(schema, list):
        for each in schema:
            yield from keys_in(each)


def description_of(schema: Any, definitions: Any) -> str:
    target = definitions.get(schema.get("$ref", "").rpartition("/")[2], {})
    return str(schema.get("description") or target.get("description") or "")
