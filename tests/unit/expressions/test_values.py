from decimal import Decimal
from typing import Any

import pytest

from awsit.expressions import datetimes
from awsit.expressions.assertions import comparison, diff
from awsit.expressions.values import kind, same, show
from awsit.suggestions import close_matches, suggestion


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [
        (2, Decimal("2.00"), True),
        (2, 2.0, True),
        (Decimal("0.1"), 0.1, True),
        (2, "2", False),
        (1, True, False),
        (0, False, False),
        (None, False, False),
        ([1, {"a": [True]}], [Decimal(1), {"a": [True]}], True),
        ([1, {"a": [True]}], [1, {"a": [1]}], False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        (10**40 + 1, Decimal("1e40"), False),
    ],
)
def test_values_are_the_same_by_type_and_value(left: Any, right: Any, alike: bool) -> None:
    assert same(left, right) is alike
    assert same(right, left) is alike


def test_each_type_has_its_json_name() -> None:
    values = [None, True, 1, Decimal(1), "", [], {}]

    assert [kind(value) for value in values] == ["null", "boolean", "number", "number", "string", "array", "object"]


def test_a_long_value_is_cut_in_messages() -> None:
    assert show("a" * 1000) == '"' + "a" * 199 + "… (1002 characters)"


def test_numbers_of_any_size_are_put_in_order() -> None:
    huge = Decimal("1e999999999")

    assert comparison.order(1, huge) == 1
    assert comparison.order(huge, 1) == -1
    assert comparison.equal([huge, 1], [1, Decimal("10e999999998")], any_order=True)
    assert comparison.order(Decimal("1.00000000000000000000000000000000000001"), 1) < 0


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-31", "2026-01-31T00:00:00.000Z"),
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000Z"),
        ("2026-01-31t12:00:00.1234567z", "2026-01-31T12:00:00.123Z"),
        ("2026-01-31 12:00", "2026-01-31T12:00:00.000Z"),
        ("2026-01-31T12:00:00-02:30", "2026-01-31T14:30:00.000Z"),
        ("20260131", None),
        ("2026-13-01", None),
        ("0001-01-01T00:00:00+23:00", None),
        ("2026-01-31 or so", None),
        ("12", None),
    ],
)
def test_moments_are_read_from_iso_8601(text: str, utc: str | None) -> None:
    moment = datetimes.parse(text)

    assert (datetimes.iso(moment) if moment else None) == utc


def test_numbers_that_are_equal_make_no_difference() -> None:
    expected = {"a": Decimal("2.0"), "b": Decimal("1.50"), "c": 1}
    actual = {"a": 2, "b": Decimal("1.5"), "c": 2}

    changed = [line for line in diff.unified(expected, actual).splitlines()[2:] if line[0] in "+-"]
    assert changed == ['-  "c": 1', '+  "c": 2']


@pytest.mark.parametrize(("left", "right"), [(1, 2), ([1], 2), ("a", "b"), (list(range(2000)), [1])])
def test_no_diff_where_it_would_not_help(left: Any, right: Any) -> None:
    assert diff.unified(left, right) == ""


def test_a_long_diff_is_cut() -> None:
    lines = diff.unified(list(range(200)), list(range(1000, 1200))).splitlines()

    assert len(lines) == diff.MAX_SHOWN + 1
    assert lines[-1].endswith("more lines")


def test_near_names_are_few_and_the_best_first() -> None:
    assert close_matches("equal", ["equals", "not_equals", "exists"]) == ("equals",)
    assert close_matches("ORDERID", ["orderId", "total"]) == ("orderId",)
    assert close_matches("zzz", ["orderId"]) == ()


@pytest.mark.parametrize(
    ("name", "known", "end"),
    [
        ("a", [], "; there are no names here"),
        ("zzz", ["b", "a"], "; known here: `a`, `b`"),
        ("zzz", [f"n{number:02}" for number in range(12)], "`n09` and 2 more"),
        ("ordr", ["order", "ordre"], "; did you mean `ordre` or `order`?"),
    ],
)
def test_a_suggestion_ends_the_message(name: str, known: list[str], end: str) -> None:
    assert suggestion(name, known).endswith(end)
