from decimal import Decimal
from typing import Any

import pytest

from awsit.errors import ExpressionError
from awsit.expressions.assertions import assertion
from awsit.model.result import AssertionResult

DOCUMENT: dict[str, Any] = {
    "status": "rejected",
    "count": 3,
    "total": Decimal("19.90"),
    "paid": True,
    "note": None,
    "at": "2026-01-01T10:00:00.500Z",
    "items": [{"sku": "a", "price": Decimal("1.5")}, {"sku": "b", "price": "12"}],
    "tags": ["x", "y", "x"],
    "lines": "one\ntwo\nthree",
}


def result(path: str = "$", **spec: Any) -> AssertionResult:
    return assertion.check({"path": path, **spec}, DOCUMENT)


@pytest.mark.parametrize(
    ("path", "spec"),
    [
        ("$.status", {"equals": "rejected"}),
        ("$.count", {"equals": Decimal("3.00")}),
        ("$.total", {"equals": Decimal("19.9")}),
        ("$.note", {"equals": None}),
        ("$.count", {"not_equals": "3"}),
        ("$.paid", {"not_equals": 1}),
        ("$.status", {"contains": "jec"}),
        ("$.tags", {"contains": "y"}),
        ("$.tags", {"contains": ["y", "x"]}),
        ("$.items", {"contains": {"sku": "a", "price": Decimal("1.50")}}),
        ("$.items[0]", {"contains": {"sku": "a"}}),
        ("$", {"contains": "status"}),
        ("$.tags", {"not_contains": "z"}),
        ("$.tags", {"not_contains": ["z", "w"]}),
        ("$.count", {"not_contains": 3}),
        ("$.missing", {"exists": False}),
        ("$.note", {"exists": True}),
        ("$.items[?@.sku == 'z']", {"exists": False}),
        ("$.items[?@.sku == 'z']", {"length": 0}),
        ("$.items[*].sku", {"equals": ["a", "b"]}),
        ("$.status", {"matches_regex": "^rej"}),
        ("$.count", {"greater_than": 2, "less_than": Decimal("3.5")}),
        ("$.count", {"greater_or_equal": 3, "less_or_equal": 3}),
        ("$.status", {"greater_than": "accepted"}),
        ("$.at", {"greater_than": "2026-01-01T11:00:00+01:00"}),
        ("$.at", {"equals": "2026-01-01T11:00:00+01:00", "tolerance_seconds": Decimal("0.5")}),
        ("$.at", {"greater_than": "2026-01-01T10:00:01Z", "tolerance_seconds": 1}),
        ("$.at", {"less_or_equal": "2026-01-01T10:00:00Z", "tolerance_seconds": 1}),
        ("$.count", {"equals": 5, "tolerance_seconds": 2}),
        ("$.items", {"length": 2}),
        ("$.status", {"length": {"greater_than": 2, "less_than": 9}}),
        ("$.count", {"one_of": [1, 3]}),
        ("$.count", {"type": "integer"}),
        ("$.total", {"type": ["number", "null"]}),
        ("$.note", {"type": "null"}),
        ("$.tags", {"equals": ["x", "x", "y"], "any_order": True}),
        (
            "$.items",
            {"equals": [{"sku": "b", "price": "12"}, {"price": Decimal("1.50"), "sku": "a"}], "any_order": True},
        ),
        ("$.items[0]", {"matches": {"sku": "a"}}),
        ("$.missing", {"matches": "#notpresent"}),
        ("$.missing", {"matches": "##string"}),
        ("$.total", {"json_schema": {"type": "number", "multipleOf": Decimal("0.1"), "minimum": 19}}),
        ("$.count", {"json_schema": {"type": "integer"}}),
        ("$.at", {"json_schema": {"format": "date-time"}}),
    ],
)
def test_holds(path: str, spec: dict[str, Any]) -> None:
    checked = result(path, **spec)

    assert checked.passed, checked.message
    assert (checked.message, checked.diff) == ("", "")


@pytest.mark.parametrize(
    ("path", "spec", "message"),
    [
        ("$.status", {"equals": "created"}, '$.status should equal "created", but is "rejected"'),
        ("$.count", {"equals": "3"}, '$.count should equal "3", but is 3 (number, not string)'),
        ("$.paid", {"equals": 1}, "$.paid should equal 1, but is true (boolean, not number)"),
        ("$.missing", {"equals": 1}, "$.missing should equal 1, but there is nothing at this path"),
        ("$.missing", {"not_equals": 1}, "$.missing should not equal 1, but there is nothing at this path"),
        ("$.Status", {"equals": 1},
         "$.Status should equal 1, but there is nothing at this path; $ has no `Status`; did you mean `status`?"),
        ("$.items.sku", {"exists": True},
         ("$.items.sku should exist, but there is nothing at this path; $.items is an array of 2: "
          "name an element, as in `$.items[0]`, or all of them, `$.items[*]`")),
        ("$.itms[*].sku", {"contains": "a"},
         '$.itms[*].sku should contain "a", but is []; $ has no `itms`; did you mean `items`?'),
        ("$.count", {"not_equals": 3}, "$.count should not equal 3, but is 3"),
        ("$.tags", {"contains": "z"}, '$.tags should contain "z", but is ["x","y","x"]'),
        ("$.tags", {"contains": ["x", "z"]}, '$.tags should contain ["x","z"], but is ["x","y","x"]'),
        ("$.tags", {"not_contains": ["z", "x"]}, '$.tags should not contain ["z","x"], but is ["x","y","x"]'),
        ("$.missing", {"exists": True}, "$.missing should exist, but there is nothing at this path"),
        ("$.count", {"exists": False}, "$.count should not exist, but is 3"),
        ("$.status", {"matches_regex": "^a"}, '$.status should match the regular expression "^a", but is "rejected"'),
        ("$.count", {"matches_regex": "3"}, '$.count should match the regular expression "3", but is 3'),
        ("$.count", {"greater_than": 3}, "$.count should be greater than 3, but is 3"),
        ("$.count", {"greater_or_equal": 4}, "$.count should be at least 4, but is 3"),
        ("$.count", {"less_than": "4"}, '$.count should be less than "4", but number 3 cannot be compared with it'),
        ("$.at", {"less_or_equal": "2026-01-01T09:00:00Z", "tolerance_seconds": 1},
         '$.at should be at most "2026-01-01T09:00:00Z", but is "2026-01-01T10:00:00.500Z"'),
        ("$.items", {"length": 3}, "$.items should have the length 3, but has 2"),
        ("$.items", {"length": {"greater_than": 2}}, "the length of $.items should be greater than 2, but is 2"),
        ("$.count", {"length": 1}, "$.count should have the length 1, but number 3 has none"),
        ("$.note", {"length": 1}, "$.note should have the length 1, but null has none"),
        ("$.note", {"less_than": 4}, "$.note should be less than 4, but null cannot be compared with it"),
        ("$.count", {"one_of": [1, "3"]}, '$.count should be one of [1,"3"], but is 3'),
        ("$.count", {"type": "string"}, '$.count should be of type "string", but is 3 of type number'),
        ("$.items[?@.sku == 'z']", {"exists": True},
         "$.items[?@.sku == 'z'] should exist, but there is nothing at this path"),
        ("$.items", {"matches": [{"price": "#number"}, {"price": "#number"}]},
         '$.items[1].price: expected #number, got "12"'),
        ("$.items[1]", {"json_schema": {"properties": {"price": {"type": "number"}}, "required": ["id"]}},
         '$.items[1].price: "12" does not satisfy `type: "number"`; $.items[1]: \'id\' is a required property'),
        ("$.count", {"json_schema": False}, "$.count: nothing is allowed here, got 3"),
        ("$.status", {"json_schema": {"pattern": "^acc"}}, '$.status: "rejected" does not satisfy `pattern: "^acc"`'),
        ("$.count", {"less_than": 2, "type": "string"},
         '$.count should be less than 2, but is 3; $.count should be of type "string", but is 3 of type number'),
    ],
)  # fmt: skip
def test_a_failure_is_one_readable_sentence(path: str, spec: dict[str, Any], message: str) -> None:
    checked = result(path, **spec)

    assert not checked.passed
    assert checked.message == message


def test_the_result_tells_path_operator_expected_and_actual() -> None:
    checked = result("$.status", name="is created", equals="created")

    assert checked == AssertionResult(
        passed=False,
        operator="equals",
        path="$.status",
        name="is created",
        expected="created",
        actual="rejected",
        message='$.status should equal "created", but is "rejected"',
    )


def test_nothing_at_the_path_is_not_null() -> None:
    assert not result("$.missing", equals=None).passed
    assert not result("$.missing", equals=None).actual_present
    assert result("$.note", equals=None).actual_present


def test_of_several_operators_the_failed_ones_are_named() -> None:
    checked = result("$.count", equals=3, less_than=2, type="string")

    assert checked.operator == "less_than, type"
    assert checked.expected == {"less_than": 2, "type": "string"}


def test_the_path_defaults_to_the_whole_document() -> None:
    assert assertion.check({"equals": [1]}, [1]).passed


def test_documents_are_compared_line_by_line() -> None:
    checked = result("$.items[1]", equals={"sku": "b", "price": 12})

    assert checked.diff.splitlines() == [
        "--- expected",
        "+++ actual",
        "@@ -1,4 +1,4 @@",
        " {",
        '-  "price": 12,',
        '+  "price": "12",',
        '   "sku": "b"',
        " }",
    ]


def test_long_texts_are_compared_line_by_line() -> None:
    assert "-zwei\n+two" in result("$.lines", equals="one\nzwei\nthree").diff


def test_the_diff_of_a_match_shows_only_what_does_not_hold() -> None:
    checked = result("$", matches={"count": "#string", "items": "#[2]", "total": "#number"})
    changed = [line for line in checked.diff.splitlines()[2:] if line[0] in "+-"]

    assert changed == ['-  "count": "#string",', '+  "count": 3,']


@pytest.mark.parametrize(
    ("spec", "passed", "message"),
    [
        ({"and": [{"path": "$.count", "equals": 3}, {"path": "$.paid", "equals": True}]}, True, ""),
        (
            {"and": [{"path": "$.count", "equals": 3}, {"path": "$.paid", "equals": False}]},
            False,
            "$.paid should equal false, but is true",
        ),
        ({"path": "$.count", "or": [{"equals": 1}, {"equals": 3}]}, True, ""),
        (
            {"path": "$.count", "or": [{"equals": 1}, {"path": "$.paid", "equals": 3}]},
            False,
            ("none of 2 alternatives holds: (1) $.count should equal 1, but is 3; "
            "(2) $.paid should equal 3, but is true (boolean, not number)"),
        ),
        ({"path": "$.count", "or": [{"equals": 1}]}, False,
         "no alternative holds: (1) $.count should equal 1, but is 3"),
        ({"not": {"path": "$.count", "equals": 4}}, True, ""),
        (
            {"not": {"path": "$.count", "equals": 3, "or": [{"type": "number"}, {"not": {"exists": True}}]}},
            False,
            ("should not hold, but does: $.count should equal 3 and "
            '($.count should be of type "number" or not ($.count should exist))'),
        ),
        ({"path": "$.count", "less_than": 9, "not": {"equals": 3}}, False,
         "should not hold, but does: $.count should equal 3"),
    ],
)  # fmt: skip
def test_assertions_combine(spec: dict[str, Any], passed: bool, message: str) -> None:
    checked = assertion.check(spec, DOCUMENT)

    assert (checked.passed, checked.message) == (passed, message)


@pytest.mark.parametrize(
    ("spec", "path", "message"),
    [
        ({"equal": 1}, "equal", "unknown key `equal`; did you mean `equals`?"),
        ({"path": "$.a", "matchs": {}}, "matchs", "unknown key `matchs`; did you mean `matches`?"),
        ({"pth": "$", "equals": 1}, "pth", "unknown key `pth`; did you mean `path`?"),
        ({"path": "$.a"}, "", "the assertion has no operator"),
        (5, "", "an assertion is an object such as `{path: $.status, equals: created}`, not number"),
        ({"path": "body", "equals": 1}, "path", "`body` is not a JSONPath: it does not begin with `$`"),
        ({"path": 1, "equals": 1}, "path", "`path` must be a text, not number"),
        ({"one_of": 1}, "one_of", "`one_of` needs a list of values, not number"),
        ({"exists": "yes"}, "exists", "`exists` needs true or false, not string"),
        ({"greater_than": [1]}, "greater_than", "`greater_than` needs a number or a text, not array"),
        ({"length": -1}, "length", "`length` needs a whole number"),
        ({"length": {"equal": 1}}, "length.equal", "`length` has no operator `equal`; did you mean `equals`?"),
        ({"length": {}}, "length", "`length` has no operator in it"),
        ({"type": "strng"}, "type", "there is no type `strng`; did you mean `string`?"),
        ({"type": None}, "type", "`type` needs the name of a type"),
        ({"matches_regex": "a("}, "matches_regex", "missing ) (at character 3)"),
        ({"matches_regex": 1}, "matches_regex", "`matches_regex` needs a regular expression as a text, not number"),
        ({"matches": {"a": ["#strng"]}}, "matches.a[0]", "unknown marker `#strng`; did you mean `#string`?"),
        ({"matches": "#regex ("}, "matches", "the regular expression is not valid"),
        ({"matches": "#[] string"}, "matches", "what follows `#[]` must be a marker"),
        ({"json_schema": {"type": "foo"}}, "json_schema", "the JSON Schema is not valid at ['type']"),
        ({"json_schema": []}, "json_schema", "`json_schema` needs a JSON Schema"),
        ({"equals": 1, "strict": True}, "strict", "`strict` works beside matches only"),
        ({"matches": {}, "strict": "yes"}, "strict", "`strict` needs true or false, not string"),
        ({"equals": "x", "tolerance_seconds": -1}, "tolerance_seconds", "needs a number of seconds, 0 or more"),
        ({"and": []}, "and", "`and` needs a list of assertions, not an empty list"),
        ({"or": [{"equals": 1}, {"equal": 1}]}, "or[1].equal", "did you mean `equals`?"),
        ({"not": {"path": "$"}}, "not", "the assertion has no operator"),
    ],
)
def test_a_wrong_assertion_is_found_without_a_document(spec: Any, path: str, message: str) -> None:
    (problem,) = assertion.problems(spec)

    assert problem.path == path
    assert message in problem.message


@pytest.mark.parametrize(
    "spec",
    [
        {"path": "{{ vars.path }}", "equals": "{{ vars.x }}"},
        {"length": "{{ vars.n }}", "type": "{{ vars.t }}", "one_of": "{{ vars.l }}", "exists": "{{ vars.b }}"},
        {"matches": {"a": "#{{ vars.x }}"}, "strict": "{{ vars.s }}"},
        {"matches_regex": "^{{ vars.x }}(", "json_schema": {"type": "{{ vars.t }}"}},
        {"greater_than": "{{ now() }}", "tolerance_seconds": "{{ vars.s }}"},
    ],
)
def test_a_template_may_stand_for_any_operand(spec: dict[str, Any]) -> None:
    assert assertion.problems(spec) == []


def test_nesting_has_an_end() -> None:
    spec: dict[str, Any] = {"equals": 1}
    for _ in range(2000):
        spec = {"not": spec}

    assert [problem.code for problem in assertion.problems(spec)] == ["too_deep"]


def test_a_wrong_assertion_cannot_be_checked() -> None:
    with pytest.raises(ExpressionError, match="did you mean `equals`") as caught:
        assertion.check({"equal": 1}, {})

    assert caught.value.code == "invalid_assertion"


def test_data_that_looks_like_a_marker_is_compared_as_it_is() -> None:
    assert assertion.check({"matches": {"id": "#1234"}}, {"id": "#1234"}).passed
    assert not assertion.check({"matches": {"id": "#1234"}}, {"id": "#1235"}).passed


def test_a_schema_never_reaches_for_the_network() -> None:
    with pytest.raises(ExpressionError, match="which is not in it") as caught:
        assertion.check({"json_schema": {"$ref": "http://127.0.0.1:9/schema.json"}}, {})

    assert caught.value.code == "bad_schema"


def test_a_regular_expression_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("awsit.expressions.regex.TIMEOUT_SECONDS", 0.02)

    with pytest.raises(ExpressionError, match=r"took longer than 0\.02 s") as caught:
        assertion.check({"matches_regex": "^(a|aa)+$"}, "a" * 100 + "b")
    assert "nested repetitions" in caught.value.hint


def test_a_document_that_is_too_deep_is_an_error_of_ours() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]

    with pytest.raises(ExpressionError) as caught:
        assertion.check({"equals": deep}, deep)
    assert caught.value.code == "too_large"


@pytest.mark.parametrize("spec", [{"equals": "caf\u00e9"}, {"matches": "caf\u00e9"}])
def test_texts_that_look_the_same_are_said_to_be_in_another_form(spec: dict[str, str]) -> None:
    checked = assertion.check(spec, "cafe\u0301")
    assert not checked.passed
    assert checked.message.endswith('"cafe\u0301": the same characters in another normalization form of Unicode')
    assert "form" not in assertion.check(spec, "cafe").message
