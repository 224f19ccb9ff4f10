from decimal import Decimal
from typing import Any

import pytest

from awsit.errors import ExpressionError
from awsit.expressions import regex
from awsit.expressions.assertions import assertion

GOOD_AND_BAD = {
    "date-time": (
        ["2030-01-01T00:00:00Z", "2030-01-01t23:59:60.5+01:00"],
        ["2030-01-01", "2030-01-01T00:00:00", "2030-02-30T00:00:00Z", "2030-01-01T25:00:00Z", ""],
    ),
    "date": (["2030-01-31"], ["2030-02-30", "20300131"]),
    "time": (["12:30:00Z", "12:30:00.25+02:00"], ["12:30", "25:00:00Z"]),
    "duration": (["P1D", "PT1H30M", "P2W", "P1Y2M3DT4H5M6S"], ["P", "PT", "1D", "P1S", "P1DT"]),
    "email": (["a@b.c"], ["a"]),
    "hostname": (["a", "a-1.example.com"], ["-a", "a..b", "a_b", "a" * 64]),
    "ipv4": (["10.0.0.1"], ["300.0.0.1"]),
    "ipv6": (["::1"], ["10.0.0.1"]),
    "uri": (["https://a.example/b?c=%20#d", "urn:a:b"], ["not a uri", "/only/a/path", "https://a/%2", "http://ä"]),
    "uuid": (["7f3c1e6a-58c2-4d0e-9b1a-2f6d4c8e7a90"], ["7f3c"]),
    "regex": (["^a+$"], ["("]),
    "int32": (["only a remark"], []),
}


def passes(schema: Any, document: Any) -> bool:
    return assertion.check({"json_schema": schema}, document).passed


@pytest.mark.parametrize("name", GOOD_AND_BAD)
def test_formats_are_checked(name: str) -> None:
    good, bad = GOOD_AND_BAD[name]

    assert [text for text in good if not passes({"format": name}, text)] == []
    assert [text for text in bad if passes({"format": name}, text)] == []
    assert passes({"format": name}, 17)


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"patternProperties": {"^n_": {"type": "number"}}}, [{"n_a": 1, "b": ""}, []], [{"n_a": ""}]),
        (
            {"properties": {"a": {}}, "patternProperties": {"^x-": {}}, "additionalProperties": False},
            [{}, {"a": 1, "x-b": 2}, "text"],
            [{"b": 1}, {"a": 1, "b": 1, "c": 2}],
        ),
        ({"additionalProperties": {"type": "number"}}, [{"a": 1}], [{"a": "1"}]),
        ({"additionalProperties": True}, [{"a": 1}], []),
        ({"propertyNames": {"pattern": "^a"}}, [{"ab": 1}], [{"b": 1}]),
        ({"pattern": "^(a$|b\\$|[c$])$"}, ["a", "b$", "c", "$"], ["a\n", "b$\n", "b", "c\n"]),
        ({"pattern": "(?m)^a$"}, ["a\nb"], ["b"]),
        ({"patternProperties": {"^a$": {"type": "number"}}}, [{"a\n": ""}], [{"a": ""}]),
        ({"uniqueItems": True}, [[1, "1", True, [1], ["1"], ["1e0"]], "aa"], [[1, Decimal("1.0")], [{"a": 1}] * 2]),
        ({"uniqueItems": False}, [[1, 1]], []),
        ({"unevaluatedProperties": False, "allOf": [{"properties": {"a": {}}}]}, [{"a": 1}], [{"b": 1}]),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"const": Decimal("0.1")}}}, [Decimal("0.10")], [Decimal("0.11")]),
        (
            {"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 1, "exclusiveMinimum": True},
            [Decimal("1.1")],
            [1],
        ),
    ],
)
def test_keywords(schema: Any, good: list[Any], bad: list[Any]) -> None:
    assert [document for document in good if not passes(schema, document)] == []
    assert [document for document in bad if passes(schema, document)] == []


def test_a_name_that_was_not_allowed_is_told() -> None:
    checked = assertion.check({"json_schema": {"additionalProperties": False}}, {"a": 1, "b": 2})

    assert checked.message == "$: Additional properties are not allowed ('a', 'b' were unexpected)"


@pytest.mark.parametrize(
    ("keyword", "document"),
    [
        ({"pattern": "(a|aa)+$"}, "a" * 100 + "b"),
        ({"patternProperties": {"(a|aa)+$": {}}}, {"a" * 100 + "b": 1}),
        ({"patternProperties": {"(a|aa)+$": {}}, "additionalProperties": False}, {"a" * 100 + "b": 1}),
        ({"propertyNames": {"pattern": "(a|aa)+$"}}, {"a" * 100 + "b": 1}),
    ],
)
def test_regular_expressions_end_in_time(keyword: Any, document: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regex, "TIMEOUT_SECONDS", 0.02)

    with pytest.raises(ExpressionError, match="took longer") as error:
        passes(keyword, document)
    assert error.value.code == "bad_regex"


def test_many_items_are_compared_in_little_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[Any] = []
    monkeypatch.setattr("jsonschema._utils.equal", lambda *pair: compared.append(pair))

    assert passes({"uniqueItems": True}, [{"number": number} for number in range(5000)])
    assert compared == []


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"patternProperties": {"(": {}}}, "at ['patternProperties']: '(' is not a 'regex'"),
        ({"properties": {"a": {"items": {"pattern": "(a{9999}){99}"}}}}, "is not a 'regex'"),
        ({"patternProperties": {}, "unevaluatedProperties": False}, "use `additionalProperties`"),
    ],
)
def test_what_cannot_be_checked_is_told_before_anything_runs(schema: Any, message: str) -> None:
    (problem,) = assertion.problems({"json_schema": schema})

    assert problem.code == "bad_schema"
    assert message in problem.message


@pytest.mark.parametrize(
    ("factor", "number", "expected"),
    [
        (Decimal("1e-300"), 10**300, True),
        (Decimal("1e-4200"), Decimal("1e4200"), True),
        (3, Decimal("1e4200"), False),
        (Decimal("0.1"), Decimal("0.3"), True),
        (Decimal("0.25"), Decimal("1e-4200"), False),
    ],
)
def test_numbers_of_any_size_are_divided_exactly(factor: Any, number: Any, expected: bool) -> None:
    assert passes({"multipleOf": factor}, number) is expected


@pytest.mark.parametrize(
    ("schema", "verdicts"),
    [
        ({"$ref": "urn:old"}, [True, False]),
        ({"allOf": [{"$ref": "urn:old"}]}, [True, False]),
        (
            {"not": {"$schema": "http://json-schema.org/draft-07/schema#", "allOf": [{"$ref": "urn:old"}]}},
            [False, True],
        ),
    ],
)
def test_a_schema_inside_is_held_to_the_dialect_that_it_names(schema: Any, verdicts: list[bool]) -> None:
    old = {"$id": "urn:old", "$schema": "http://json-schema.org/draft-07/schema#", "dependencies": {"a": ["b"]}}
    schema = {**schema, "$defs": {"old": old}}
    assert [passes(schema, value) for value in ({"a": 1, "b": 2}, {"a": 1})] == verdicts
