from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from awsit.expressions.assertions import assertion
from awsit.expressions.assertions.elements import MAX_COMPARED
from awsit.model.result import AssertionResult

DOCUMENT: dict[str, Any] = {
    "orders": [
        {"id": "a", "total": 10, "lines": [{"sku": "book", "n": 1}], "state": {"paid": True, "sent": False}},
        {"id": "b", "total": Decimal("24.90"), "lines": [{"sku": "pen", "n": 2}, {"sku": "ink", "n": 0}],
         "state": {"paid": True, "sent": True}},
        {"id": "c", "total": -3, "lines": [], "state": {"paid": False, "sent": False}},
    ],
    "empty": [],
    "nothing": None,
    "texts": ["one", "two"],
    "object": {"id": "a"},
    "bodies": [json.dumps({"n": 1}), json.dumps({"n": 2})],
    "body": json.dumps([{"n": 1}]),
    "unreadable": ['{"n": 1}', "no"],
}  # fmt: skip


def result(path: str, **spec: Any) -> AssertionResult:
    return assertion.check({"path": path, **spec}, DOCUMENT)


@pytest.mark.parametrize(
    ("path", "spec"),
    [
        ("$.orders", {"any": {"matches": {"id": "b", "total": "#number"}}}),
        ("$.orders", {"any": {"path": "$.total", "less_than": 0}}),
        ("$.orders", {"all": {"path": "$.state.paid", "type": "boolean"}}),
        ("$.orders", {"none": {"path": "$.id", "equals": "z"}}),
        ("$.orders", {"any": {"path": "$.lines", "any": {"path": "$.sku", "equals": "ink"}}}),
        ("$.orders", {"all": {"path": "$.lines", "all": {"path": "$.n", "greater_or_equal": 0}}}),
        ("$.orders", {"all": {"or": [{"path": "$.total", "greater_than": 0}, {"path": "$.lines", "length": 0}]}}),
        ("$.orders", {"none": {"and": [{"path": "$.id", "equals": "a"}, {"path": "$.total", "equals": 11}]}}),
        ("$.orders", {"any": {"not": {"path": "$.state.paid", "equals": True}}, "length": 3}),
        ("$.orders", {"not": {"all": {"path": "$.total", "greater_than": 0}}}),
        ("$.orders[*].id", {"any": {"equals": "c"}}),
        ("$.texts", {"all": {"matches_regex": "^[a-z]+$"}}),
        ("$.empty", {"all": {"equals": 1}, "none": {"equals": 1}}),
        ("$.bodies", {"any": {"json_path": "$.n", "equals": 2}}),
        ("$.body", {"json_path": "$", "any": {"path": "$.n", "equals": 1}}),
        ("$.bodies[*]", {"json_path": "$.n", "all": {"type": "integer"}}),
    ],
)
def test_elements_fit(path: str, spec: dict[str, Any]) -> None:
    checked = result(path, **spec)

    assert (checked.message, checked.passed) == ("", True)


@pytest.mark.parametrize(
    ("path", "spec", "message"),
    [
        ("$.orders", {"any": {"path": "$.total", "greater_than": 30}},
         ("$.orders should have an element that fits, but none of its 3 does; "
         "the closest is [1]: $.total should be greater than 30, but is 24.90")),
        ("$.orders[?@.id == 'a']", {"any": {"path": "$.total", "equals": 11}},
         ("$.orders[?@.id == 'a'] should have an element that fits, but its only one does not; "
         "the closest is [0]: $.total should equal 11, but is 10")),
        ("$.empty", {"any": {"equals": 1}}, "$.empty should have an element that fits, but is empty"),
        ("$.orders", {"all": {"path": "$.total", "greater_than": 0}},
         "all elements of $.orders should fit, but 1 of 3 does not: [2]: $.total should be greater than 0, but is -3"),
        ("$.orders", {"all": {"path": "$.sku", "exists": True} },
         ("all elements of $.orders should fit, but 3 of 3 do not: "
         "[0]: $.sku should exist, but there is nothing at this path; "
         "[1]: $.sku should exist, but there is nothing at this path; "
         "[2]: $.sku should exist, but there is nothing at this path")),
        ("$.texts", {"none": {"type": "string"}},
         'no element of $.texts should fit, but 2 of 2 do: [0] is "one"; [1] is "two"'),
        ("$.object", {"any": {"equals": 1}},
         '$.object should be an array, as `any` needs one, but is object {"id":"a"}'),
        ("$.nothing", {"any": {"equals": 1}}, "$.nothing should be an array, as `any` needs one, but is null"),
        ("$.nowhere", {"none": {"equals": 1}},
         "$.nowhere should be an array, as `none` needs one, but there is nothing at this path"),
        ("$.object", {"not": {"any": {"equals": 1}}},
         '$.object should be an array, as `any` needs one, but is object {"id":"a"}'),
        ("$.body", {"any": {"path": "$.n", "equals": 1}},
         (r'$.body should be an array, as `any` needs one, but is string "[{\"n\": 1}]"; '
         "$.body is a text that holds JSON: read it with `path: $.body, json_path: $`")),
        ("$.unreadable", {"none": {"json_path": "$.n", "equals": 2}},
         ("no element of $.unreadable should fit, but of [1] it cannot be told: "
         '$ is no JSON, the parser stopped at character 1 (Expecting value): "no"')),
        ("$.texts", {"not": {"none": {"equals": "three"}}},
         'should not hold, but does: none of $.texts ($ should equal "three")'),
    ],
)  # fmt: skip
def test_elements_that_do_not_fit_are_told(path: str, spec: dict[str, Any], message: str) -> None:
    checked = result(path, **spec)

    assert not checked.passed
    assert checked.message == message


def test_more_offenders_than_are_shown_are_counted() -> None:
    message = assertion.check({"all": {"less_than": 2}}, list(range(10))).message

    assert message.startswith(
        "all elements of $ should fit, but 8 of 10 do not: [2]: $ should be less than 2, but is 2;"
    )
    assert message.endswith("[4]: $ should be less than 2, but is 4; and 5 more")


def test_the_closest_element_has_the_fewest_mismatches_and_its_diff_is_shown() -> None:
    pattern = {"id": "c", "state": {"paid": True, "sent": True}}
    checked = result("$.orders", any={"matches": pattern})
    changed = [line for line in checked.diff.splitlines()[2:] if line[0] in "+-"]

    assert 'the closest is [1]: $.id: expected "c", got "b"' in checked.message
    assert changed == ['-  "id": "c",', '+  "id": "b",']


def test_of_elements_with_equally_many_mismatches_the_smallest_diff_is_closest() -> None:
    large, small = {"a": {str(n): n for n in range(9)}}, {"a": 2}

    assert "the closest is [1]" in assertion.check({"any": {"equals": {"a": {"0": 0}}}}, [large, small]).message


def test_of_texts_the_one_that_looks_most_alike_is_closest() -> None:
    states = [{"state": state} for state in ("created", "procesed", "rejected")]

    for spec in ({"path": "$.state", "equals": "processed"}, {"matches": {"state": "processed"}}):
        assert "the closest is [1]" in assertion.check({"any": spec}, states).message


def test_the_whole_array_is_the_actual_value() -> None:
    checked = result("$.texts", any={"equals": "three"})

    assert (checked.operator, checked.path, checked.expected) == ("any", "$.texts", {"equals": "three"})
    assert checked.actual == ["one", "two"]


def test_diffs_are_made_of_few_elements_only(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    monkeypatch.setattr("awsit.expressions.assertions.diff.unified", lambda *pair: made.append(pair) or "")
    nested = [{"inner": [{"n": n}, {"n": -n}]} for n in range(1, 200)]

    assert not assertion.check({"any": {"path": "$.inner", "any": {"matches": {"n": 0}}}}, nested).passed
    assert len(made) <= 2 * MAX_COMPARED


def test_a_text_without_json_fails_the_json_path() -> None:
    checked = assertion.check({"path": "$.texts[0]", "json_path": ["$", "$.a"], "equals": 1, "length": 2}, DOCUMENT)

    assert (checked.passed, checked.operator, checked.expected) == (False, "json_path", ["$", "$.a"])
    assert (checked.path, checked.actual) == ("$.a in $ in $.texts[0]", "one")
    assert checked.message.startswith("$.texts[0] is no JSON, the parser stopped at character 1")


@pytest.mark.parametrize("spec", [{"equals": {"n": 1}}, {"matches": {"n": 1}}, {"length": 3}, {"greater_than": 0}])
def test_a_text_in_the_place_of_a_document_shows_how_to_read_it(spec: dict[str, Any]) -> None:
    assert "read it with `path: $.body, json_path: $`" in result("$.body", **spec).message


def test_a_text_that_is_compared_with_a_text_needs_no_advice() -> None:
    assert "json_path" not in result("$.body", equals="text").message


@pytest.mark.parametrize(
    ("spec", "path", "message"),
    [
        ({"any": 1}, "any", "an assertion is an object"),
        ({"all": {"path": "$.a"}}, "all", "the assertion has no operator"),
        ({"none": {"path": "a", "equals": 1}}, "none.path", "`a` is not a JSONPath"),
        ({"any": {"matchs": 1}}, "any.matchs", "did you mean `matches`?"),
        ({"alll": {"equals": 1}}, "alll", "did you mean `all`?"),
        ({"any": [{"equals": 1}]}, "any", "an assertion is an object"),
        ({"equals": 1, "json_path": []}, "json_path", "`json_path` must name a path"),
        ({"equals": 1, "json_path": ["$", "b"]}, "json_path[1]", "`b` is not a JSONPath"),
    ],
)
def test_a_wrong_assertion_for_elements_is_found(spec: Any, path: str, message: str) -> None:
    (problem,) = assertion.problems(spec)

    assert problem.path == path
    assert message in problem.message
