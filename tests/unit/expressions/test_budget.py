"""What a scenario or an answer may cost. The limits are lowered, so that each of these ends at once."""

from __future__ import annotations

import time
from collections import deque

import pytest

from awsit.errors import ExpressionError
from awsit.expressions import budget, regex
from awsit.expressions.assertions.json_schema import validator
from awsit.expressions.jsonpath import query
from awsit.expressions.templates import template
from awsit.model.json import Json


@pytest.fixture(autouse=True)
def _little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_STEPS", 2_000)
    monkeypatch.setattr(budget, "MAX_CHARACTERS", 1_000_000)


def doubled(keyword: str, leaf: Json, **beside: Json) -> dict[str, Json]:
    """A schema of forty definitions, each of which refers twice to the next: 2**40 ways."""
    definitions: dict[str, Json] = {f"d{i}": {keyword: [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(40)}
    return {"$defs": definitions | {"d40": leaf}, "$ref": "#/$defs/d0", **beside}


@pytest.mark.parametrize(
    "schema",
    [
        doubled("allOf", {"type": "object"}),
        doubled("anyOf", {"type": "string"}),
        doubled("oneOf", {"type": "string"}),
        doubled("allOf", {"type": "object"}, unevaluatedProperties=False),
    ],
)
def test_a_schema_that_refers_to_itself_exponentially_ends(schema: Json) -> None:
    with pytest.raises(ExpressionError, match="more than 2000 steps") as error:
        list(validator.errors(schema, {"a": 1}, "$"))
    assert error.value.code == "too_large"
    assert "simpler" in error.value.hint


def test_a_schema_that_is_its_own_reference_is_named() -> None:
    with pytest.raises(ExpressionError, match=r"without an end|steps"):
        list(validator.errors({"$ref": "#"}, {"a": 1}, "$"))


def test_a_schema_inside_is_bounded_too_when_it_names_its_dialect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regex, "TIMEOUT_SECONDS", 0.05)
    inner = {"$schema": "https://json-schema.org/draft/2020-12/schema", "pattern": "(a|aa)+$"}
    with pytest.raises(ExpressionError, match="took longer"):
        list(validator.errors({"allOf": [inner]}, "a" * 40 + "b", "$"))


def test_the_values_of_an_enum_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_STEPS", 2000)
    schema: Json = {"items": {"enum": [f"k{number}" for number in range(3000)]}}
    with pytest.raises(ExpressionError, match="more than 2000 steps"):
        list(validator.errors(schema, ["none"] * 20, "$"))
    assert list(validator.errors(schema, ["k2999"] * 5, "$")) == []


def test_alternatives_of_a_schema_hold_as_they_did() -> None:
    either = [{"type": "string"}, {"minimum": 2}]
    verdicts = [
        not list(validator.errors({keyword: either}, value, "$"))
        for keyword in ("anyOf", "oneOf")
        for value in ("a", 3, 1)
    ]
    assert verdicts == [True, True, False, False, True, False]


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("$" + "[*,*,*,*,*,*,*,*]" * 7, [[[[[[[1]]]]]]]),
        ("$..*..*..*", [[[[[i]]]] for i in range(200)]),
        ("$[?$..x]", [[{"z": i}] for i in range(60)]),
        ("$[?count($..*) == 1]", [[{"z": i}] for i in range(60)]),
        ("$[?$ == $]", [[i] for i in range(100)]),
    ],
)
def test_a_path_that_multiplies_ends(path: str, document: Json) -> None:
    with pytest.raises(ExpressionError, match=r"more than 2000 steps \(in `\$") as error:
        query.find(path, document)
    assert error.value.code == "too_large"


def test_a_pattern_that_came_in_a_response_is_bounded_in_size_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regex, "TIMEOUT_SECONDS", 0.05)
    for pattern, message in (("((a{1000}){1000}){1000}", "too complex"), ("(a|aa)+$", "took longer")):
        with pytest.raises(ExpressionError, match=message):
            query.find("$[?search(@.text, @.pattern)]", [{"text": "a" * 40 + "b", "pattern": pattern}])


def test_the_texts_of_one_document_have_one_limit() -> None:
    document = ["{{ [vars.a * 60000] * 250 }}"] * 20
    with pytest.raises(ExpressionError, match=r"1? ?million characters") as error:
        template.render(document, {"vars": {"a": "abcd"}})
    assert error.value.code == "too_large"


def test_the_texts_of_an_attempt_have_one_limit() -> None:
    document = {"a": "x" * 250_000}
    with budget.attempt(60), pytest.raises(ExpressionError, match="million characters"):
        deque((template.render("{{ vars.a }}!", {"vars": document}) for _ in range(100)), maxlen=0)
    for _ in range(100):
        assert len(str(template.render("{{ vars.a }}!", {"vars": document}))) == 250_001


def test_evaluations_of_an_attempt_share_its_time_and_others_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "LEAST_SECONDS", 0.02)
    with budget.attempt(0.0), pytest.raises(ExpressionError, match="took too long"):
        deque((query.find("$..*", list(range(1500))) for _ in range(1000)), maxlen=0)
    assert len(query.find("$..*", list(range(1500))).values) == 1500


def test_many_large_patterns_of_a_response_are_counted_and_small_ones_are_not() -> None:
    items = [{"text": "a", "pattern": f"(a{{{number}}}){{1000}}"} for number in range(50, 99)]
    with pytest.raises(ExpressionError, match="million characters"):
        query.find("$[?search(@.text, @.pattern)]", items)
    small = [{"text": "a", "pattern": "(a{9}){9}"}] * 100
    assert query.find("$[?search(@.text, @.pattern)]", small).values == []


def test_searches_outside_an_evaluation_take_of_the_time_of_the_attempt() -> None:
    with budget.attempt(1.0):
        before = time.thread_time()
        for _ in range(5):
            with pytest.raises(ExpressionError):
                regex.found_in("(a|aa)+$", "a" * 40 + "b")
        assert time.thread_time() - before < 2.0


def test_an_evaluation_that_begins_when_the_time_of_the_attempt_is_over_is_refused() -> None:
    with budget.attempt(0.0):
        with budget.evaluation():
            ends = time.thread_time() + budget.LEAST_SECONDS
            while time.thread_time() <= ends:
                pass
        with pytest.raises(ExpressionError, match="took too long"):
            template.render("{{ 1 + 1 }}", {})
    assert template.render("{{ 1 + 1 }}", {}) == 2
