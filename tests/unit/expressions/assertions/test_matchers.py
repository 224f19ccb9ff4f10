from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsit.errors import ExpressionError
from awsit.expressions.assertions.comparison import equal
from awsit.expressions.assertions.matchers import MAX_UNORDERED, Rules, aligned, matches, mismatches
from awsit.expressions.values import ABSENT

UUID = "9b2e4c1a-1111-4222-8333-444455556666"
SIMPLE = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.decimals(-3, 3, places=1) | st.text("ab", max_size=2),
    lambda items: st.lists(items, max_size=3) | st.dictionaries(st.text("ab", max_size=1), items, max_size=3),
    max_leaves=8,
)


def found(pattern: Any, actual: Any, **rules: bool) -> list[str]:
    return list(mismatches(pattern, actual, "$", Rules(**rules)))


@pytest.mark.parametrize(
    ("marker", "good", "bad"),
    [
        ("#uuid", [UUID, UUID.upper()], [UUID[:-1], f"x{UUID}", 1, None]),
        ("#string", ["", "a"], [1, None]),
        ("#number", [1, Decimal("1.5")], [True, "1"]),
        ("#integer", [1, Decimal("2.0")], [Decimal("2.5"), True]),
        ("#boolean", [True, False], [1, "true"]),
        ("#array", [[]], [{}, "[]"]),
        ("#object", [{}], [[], None]),
        ("#null", [None], [0, ABSENT]),
        ("#present", [None, 0], [ABSENT]),
        ("#notpresent", [ABSENT], [None]),
        ("#ignore", [None, 1, ABSENT], []),
        ("#regex o-[0-9]+", ["o-12"], ["o-12x", "xo-12", 12, ABSENT]),
        ("#[]", [[], [1]], [{}, "a", ABSENT]),
        ("#[2]", [[1, "a"]], [[1], [1, 2, 3]]),
        ("#[] #string", [[], ["a"]], [["a", 1]]),
        ("#[2] #[1] #number", [[[1], [2]]], [[[1], ["a"]], [[1]]]),
        ("##string", ["a", None, ABSENT], [1]),
        ("##uuid", [UUID, None], ["x"]),
        ("##regex a+", ["aa", None, ABSENT], ["b"]),
        ("##[1]", [[1], None, ABSENT], [[]]),
        ("#12", ["#12"], ["#13", ABSENT]),
        ("# string", ["# string"], ["a"]),
    ],
)
def test_markers(marker: str, good: list[Any], bad: list[Any]) -> None:
    assert [actual for actual in good if found(marker, actual)] == []
    assert [actual for actual in bad if not found(marker, actual)] == []


@pytest.mark.parametrize(
    ("pattern", "actual", "messages"),
    [
        ({"a": {"b": [1, "#string"]}}, {"a": {"b": [1, 2]}}, ["$.a.b[1]: expected #string, got 2"]),
        ({"a": 1, "b": 2}, {"a": "1"}, ['$.a: expected 1, got "1"', "$.b: expected 2, but it is missing"]),
        ({"x-id": 1}, {"x-id": 2}, ["$['x-id']: expected 1, got 2"]),
        ([1, 2], [1], ["$: expected 2 items, got 1"]),
        ({"a": {}}, {"a": []}, ["$.a: expected {}, got []"]),
        ("#[] #number", [1, "a"], ['$[1]: expected #number, got "a"']),
        ("#[3]", [1], ["$: expected 3 items, got 1"]),
    ],
)
def test_a_mismatch_names_the_exact_place(pattern: Any, actual: Any, messages: list[str]) -> None:
    assert found(pattern, actual) == messages


def test_other_keys_are_fine_unless_strict() -> None:
    assert found({"a": 1}, {"a": 1, "b": 2}) == []
    assert found({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}, strict=True) == ["$.a.c: not expected, got 2"]
    assert found({"a": 1, "b": "##number"}, {"a": 1}, strict=True) == []


def test_an_array_in_any_order_needs_a_partner_for_each_item() -> None:
    assert found(["#string", "a"], ["a", "b"], any_order=True) == []
    assert found([1, 2, 2], [2, 1, 1], any_order=True) == ["$: expected an item 2, found none"]
    assert found([{"a": [1, 2]}], [{"a": [2, 1], "b": 0}], any_order=True) == []
    assert found([1], [1, 2], any_order=True) == ["$: expected 1 item, got 2"]


def test_the_greedy_choice_is_taken_back_when_another_item_needs_it() -> None:
    pattern = ["#ignore", "#string", "#regex a+", "aa"]

    assert found(pattern, ["aa", "a", "b", 1], any_order=True) == []
    assert found(pattern, ["aa", "a", 1, 1], any_order=True) != []


def test_any_order_has_a_limit() -> None:
    many = list(range(MAX_UNORDERED + 1))

    with pytest.raises(ExpressionError, match="at most 500 items"):
        found(many, many, any_order=True)


def test_the_aligned_pattern_keeps_only_what_does_not_hold() -> None:
    pattern = {"id": "#uuid", "n": "#string", "list": [1, "#number", 3], "gone": 1, "maybe": "##string"}
    actual = {"id": UUID, "n": 5, "list": [1, 2], "more": True}

    assert aligned(pattern, actual, Rules()) == {
        "id": UUID, "n": "#string", "list": [1, 2, 3], "gone": 1, "more": True,
    }  # fmt: skip


@given(SIMPLE)
def test_every_document_matches_and_equals_itself(document: Any) -> None:
    assert matches(document, document, Rules(strict=True))
    assert matches(document, document, Rules(any_order=True))
    assert equal(document, document)


@given(SIMPLE, SIMPLE)
def test_strict_matching_without_markers_is_equality(left: Any, right: Any) -> None:
    assert matches(left, right, Rules(strict=True)) == equal(left, right)


@given(st.lists(SIMPLE, max_size=4), st.randoms(use_true_random=False))
def test_shuffled_lists_are_equal_in_any_order(items: list[Any], random: Any) -> None:
    shuffled = random.sample(items, len(items))

    assert equal(items, shuffled, any_order=True)
    assert matches(items, shuffled, Rules(any_order=True))


@given(st.lists(SIMPLE, max_size=3), st.lists(SIMPLE, max_size=3))
def test_both_ways_of_ignoring_the_order_agree(left: list[Any], right: list[Any]) -> None:
    assert equal(left, right, any_order=True) == matches(left, right, Rules(strict=True, any_order=True))
