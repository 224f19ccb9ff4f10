import gc
import weakref
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from awsit.errors import ExpressionError
from awsit.expressions.jsonpath import query, rfc9535
from awsit.model import json

# github.com/jsonpath-standard/jsonpath-compliance-test-suite, cts.json at commit 7be7c1f
SUITE = json.loads((Path(__file__).parent / "data" / "jsonpath-cts.json").read_bytes())["tests"]


def verdict(case: dict[str, Any]) -> str:
    try:
        values = query.find(case["selector"], case.get("document")).values
    except ExpressionError as error:
        return "" if case.get("invalid_selector") else f"refused: {error}"
    if case.get("invalid_selector"):
        return "accepted"
    allowed = case["results"] if "results" in case else [case["result"]]
    return "" if values in allowed else f"selected {values}"


def test_the_whole_compliance_suite_of_rfc_9535_passes() -> None:
    wrong = {f"{case['name']}: {case['selector']}": verdict(case) for case in SUITE if verdict(case)}

    assert len(SUITE) == 703
    assert wrong == {}


@pytest.mark.parametrize(
    ("path", "document", "values"),
    [
        ("$", "a text, not JSON", ["a text, not JSON"]),
        ("$", '{"a": 1}', ['{"a": 1}']),
        ("$.a", '{"a": 1}', []),
        ("$..*", 5, []),
        ("$", None, [None]),
        ("$[?@ == 12345678901234567890]", [12345678901234567890, 12345678901234567891], [12345678901234567890]),
        ("$[?@ <= 1.10]", [Decimal("1.1"), Decimal("1.11"), True, "1"], [Decimal("1.1")]),
        ("$[?@ == 0.1]", [Decimal("0.1"), Decimal("0.10"), Decimal("0.1000000000000000055")], [Decimal("0.1")] * 2),
        ("$[?@ == 1e2]", [100, 10], [100]),
        ("$[?@ == -0]", [0, Decimal("-0.0"), False], [0, 0]),
        ("$[?@ == 1e999999999]", [1], []),
        ("$[?@.a == @.b]", [{"a": [1], "b": [True]}, {"a": [1], "b": [Decimal("1.0")]}], [{"a": [1], "b": [1]}]),
        ("$[?@.a >= @.b]", [{"a": True, "b": False}, {"a": None, "b": None}, {}], [{"a": None, "b": None}, {}]),
        ("$.\U0001f600", {"\U0001f600": 1}, [1]),
        ("$[?search(@, '\\\\p{Lu}')]", ["ж", "Ж"], ["Ж"]),
        ("$[*][0:1]", ["abc", ["d"]], ["d"]),
        ("$..[-1:]", ["abc"], ["abc"]),
    ],
)
def test_beyond_the_suite(path: str, document: Any, values: list[Any]) -> None:
    assert query.find(path, document).values == values


@pytest.mark.parametrize(
    ("path", "singular"),
    [
        ("$", True),
        ("$.a[0]['b'][-1]", True),
        ("$.a[*]", False),
        ("$..a", False),
        ("$['a','b']", False),
        ("$[0:1]", False),
    ],
)
def test_a_path_of_names_and_indexes_is_singular(path: str, singular: bool) -> None:
    assert query.find(path, {}).singular is singular


@pytest.mark.parametrize(
    ("path", "offset", "message"),
    [
        ("body.id", 0, "it does not begin with `$`"),
        ("", 0, "it does not begin with `$`"),
        ("$.a[", 4, "(at the end)"),
        ("$[?@.a=1]", 6, "unexpected token '=' (at character 7)"),
        ("$.x-request-id", 3, "unexpected token '-'"),
        ("$[?@.a <> 1]", 7, "write `!=`"),
        ("$[?nope(@)]", 3, "function 'nope' is not defined"),
        ("$[?@.a and @.b]", 7, "is not a JSONPath"),
        ("$.a | $.b", 4, "is not a JSONPath"),
        ("$[?@ == 01]", 8, "is not a JSONPath"),
        ("$[?@ == :1.5]", None, "is not a JSONPath"),
        ("$" + ".a" * 3000, None, "4096 characters"),
    ],
)
def test_a_bad_path_is_refused_with_its_place(path: str, offset: int | None, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        query.parse(path)

    assert (caught.value.code, caught.value.offset) == ("bad_path", offset)
    assert message in caught.value.message


def test_the_hint_shows_how_to_write_the_path() -> None:
    with pytest.raises(ExpressionError) as bare:
        query.parse("body.id")
    with pytest.raises(ExpressionError) as dashed:
        query.parse("$.headers.x-id")

    assert "`$.body.id`" in bare.value.hint
    assert "`$['a-b']`" in dashed.value.hint


def test_a_path_is_compiled_once() -> None:
    assert query.parse("$.a.b") is query.parse("$.a.b")


def test_a_document_that_is_too_deep_is_an_error_of_ours() -> None:
    deep: Any = []
    for _ in range(300):
        deep = [deep]

    with pytest.raises(ExpressionError, match="deeper") as caught:
        query.find("$..a", deep)
    assert caught.value.code == "too_large"


@pytest.mark.parametrize("function", ["match", "search"])
def test_a_regular_expression_of_a_path_ends_in_time(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("awsit.expressions.regex.TIMEOUT_SECONDS", 0.02)

    with pytest.raises(ExpressionError, match="took longer"):
        query.find(f"$[?{function}(@, '^(a|aa)+$')]", ["a" * 100 + "b"])


class Document(dict):
    """A document that can be watched."""


@pytest.mark.parametrize(
    "path", ["$", "$.status", "$.body.missing", "$..x", "$.items[*]", "$.items[0:2].x", "$['body']"]
)
@pytest.mark.parametrize("select", [query.find, query.matches])
def test_a_document_goes_with_its_last_user(path, select):
    document = Document(status=200, body={"x": 1}, items=[{"x": 1}, {"x": 2}])
    watched = weakref.ref(document)
    gc.collect()
    gc.disable()
    try:
        select(path, document)
        del document
        assert watched() is None
    finally:
        gc.enable()


KEYS = some.sampled_from(["a", "b", "'", "\\", "é", "a b", ""])
DOCUMENTS = some.recursive(
    some.none() | some.booleans() | some.integers(0, 3) | KEYS,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)
PATHS = some.sampled_from(
    [
        "$..*",
        "$..a",
        "$..[0]",
        "$..['a','b'][0]",
        "$..*..*",
        "$..[?@.a]",
        "$..[?@..a]",
        "$.a..b",
        "$[*]..[*]",
    ]
)


@given(PATHS, some.lists(DOCUMENTS, max_size=4) | some.dictionaries(KEYS, DOCUMENTS, max_size=4))
def test_the_nodes_of_a_counted_search_are_those_of_the_library(path, document):
    def of_library(node):
        return node.path, node.obj

    expected = [of_library(node) for node in rfc9535.environment().compile(path).finditer(document)]

    assert [(match.path, match.value) for match in query.matches(path, document)] == expected
    assert query.find(path, document).values == [value for _, value in expected]


def test_the_descendants_of_a_large_document_are_found():
    """Of two megabytes, as JSON: 180,000 nodes."""
    item = {"id": 1, "name": "a name of some length", "tags": ["a", "b"], "price": {"amount": 1, "currency": "EUR"}}

    assert len(query.find("$..*", {"items": [item] * 20_000}).values) == 1 + 20_000 * 9
