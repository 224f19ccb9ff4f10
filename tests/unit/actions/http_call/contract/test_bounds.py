"""Contracts whose schemas are more work than there is time or memory for."""

from __future__ import annotations

import json

import pytest

from awsit.actions.http_call.contract.check import load
from awsit.errors import ActionError
from awsit.expressions import budget
from awsit.model.http import HttpResponse
from awsit.model.json import Json
from awsit.model.result import AssertionResult

URL = "https://api.example.com/x"


def results(version: str, schemas: Json, body: Json) -> tuple[AssertionResult, ...]:
    described = {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/s0"}}}}
    document = {
        "openapi": version,
        "info": {"title": "Work", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {"/x": {"get": {"responses": {"200": described}}}},
        "components": {"schemas": schemas},
    }
    contract = load(f"{version}.json", lambda _: json.dumps(document).encode())
    response = HttpResponse(200, {"content-type": "application/json"}, json.dumps(body).encode(), URL)
    return contract.check("GET", response).results


def doubled(keyword: str, leaf: Json, depth: int) -> dict[str, Json]:
    """Schemas, each of which refers twice to the next: 2**depth ways."""
    schemas = {f"s{i}": {keyword: [{"$ref": f"#/components/schemas/s{i + 1}"}] * 2} for i in range(depth)}
    return {**schemas, f"s{depth}": leaf}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
@pytest.mark.parametrize(
    ("keyword", "leaf"), [("allOf", {"type": "integer"}), ("oneOf", {"type": "string"}), ("anyOf", {"type": "string"})]
)
def test_a_schema_that_refers_to_itself_exponentially_ends(
    monkeypatch: pytest.MonkeyPatch, version: str, keyword: str, leaf: Json
) -> None:
    monkeypatch.setattr(budget, "MAX_CONTRACT_SECONDS", 0.05)
    with pytest.raises(ActionError, match=r"cannot be used for GET .*takes more than 0\.05 s") as error:
        results(version, doubled(keyword, leaf, 40), 1)
    assert "simpler" in error.value.hint


def test_the_errors_of_alternatives_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_CHARACTERS", 100_000)
    with pytest.raises(ActionError, match="too much memory"):
        results("3.1.0", doubled("anyOf", {"type": "string"}, 11), 1)


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_schema_that_is_its_own_reference_is_named(version: str) -> None:
    with pytest.raises(ActionError, match="refers to itself without an end") as error:
        results(version, {"s0": {"allOf": [{"$ref": "#/components/schemas/s0"}]}}, 1)
    assert "`$ref`" in error.value.hint


def test_a_large_response_has_more_than_an_assertion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_STEPS", 10)
    schemas = {"s0": {"type": "array", "items": {"$ref": "#/components/schemas/s1"}}, "s1": {"type": "integer"}}
    assert [result.passed for result in results("3.1.0", schemas, list(range(200)))] == [True]
    assert "and 195 more" in results("3.1.0", schemas, ["a"] * 200)[-1].message


def test_a_schema_is_held_to_the_dialect_that_it_names() -> None:
    old = {"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "integer"}, {"type": "string"}]}
    schemas = {"s0": {"allOf": [{"$ref": "#/components/schemas/s1"}]}, "s1": old}
    assert [results("3.1.0", schemas, body)[0].passed for body in ([1, "a"], ["a", 1])] == [True, False]
