from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsit.actions.dynamodb.attribute_values import decode, encode
from awsit.errors import ActionError, ErrorKind

NUMBERS = st.integers(-(10**38) + 1, 10**38 - 1) | st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=20
)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.text() | NUMBERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text().filter(lambda key: key[:1] != "$"), inner),
    max_leaves=8,
)


@given(PLAIN)
def test_plain_values_come_back_as_they_were(value: Any) -> None:
    assert decode(encode(value)) == value


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("a", {"S": "a"}),
        (True, {"BOOL": True}),
        (1, {"N": "1"}),
        (Decimal("1.10"), {"N": "1.10"}),
        (Decimal("1E+2"), {"N": "1E+2"}),
        (None, {"NULL": True}),
        ({"$binary": "aGk="}, {"B": b"hi"}),
        ({"$set": ["a", "b"]}, {"SS": ["a", "b"]}),
        ({"$set": [1, Decimal("2.5")]}, {"NS": ["1", "2.5"]}),
        ({"$set": [{"$binary": "aGk="}]}, {"BS": [b"hi"]}),
        ({"a": [1, {"b": None}]}, {"M": {"a": {"L": [{"N": "1"}, {"M": {"b": {"NULL": True}}}]}}}),
    ],
)
def test_each_type_is_stored_as_its_own(value: Any, stored: Any) -> None:
    assert encode(value) == stored


def test_sets_are_read_in_order() -> None:
    assert decode({"NS": ["10", "9", "1.5"]}) == {"$set": [Decimal("1.5"), 9, 10]}
    assert decode({"SS": ["b", "a"]}) == {"$set": ["a", "b"]}
    assert decode({"BS": [b"b", b"a"]}) == {"$set": [{"$binary": "YQ=="}, {"$binary": "Yg=="}]}


def test_whole_numbers_are_read_as_whole_numbers() -> None:
    assert [type(decode({"N": text})) for text in ("5", "-5", "5.0", "1E+3")] == [int, int, Decimal, Decimal]


@pytest.mark.parametrize("number", [10**38 - 1, -(10**38) + 1, 10**60, Decimal("1E-130"), Decimal("1.0") / 8])
def test_numbers_within_the_limits_are_stored_digit_for_digit(number: Any) -> None:
    assert encode(number) == {"N": str(number)}


@pytest.mark.parametrize(
    "number", [10**38 + 1, Decimal("1E126"), Decimal("1E-170"), Decimal("NaN"), Decimal("Infinity")]
)
def test_numbers_over_the_limits_are_refused_with_their_place(number: Any) -> None:
    with pytest.raises(ActionError) as caught:
        encode({"rows": [1, number]}, "item")
    assert caught.value.kind is ErrorKind.VALIDATION
    assert caught.value.message.startswith("`item.rows[1]`: the number")
    assert "38 significant digits" in caught.value.hint


@pytest.mark.parametrize("members", [[], [1, "a"], [[1]], [True], "ab", None])
def test_a_set_that_dynamodb_does_not_have_is_refused(members: Any) -> None:
    with pytest.raises(ActionError, match=r"`value`: `\$set` must list"):
        encode({"$set": members})


@pytest.mark.parametrize("text", ["not base64!", 5, None])
def test_binary_must_be_base64(text: Any) -> None:
    with pytest.raises(ActionError, match="is not base64"):
        encode({"$binary": text})


@pytest.mark.parametrize(
    ("value", "place"), [("x\ud83dy", "item.a"), ({"x\ud83dy": 1}, "item.a"), ({"$set": ["x\ud83dy"]}, "item.a[0]")]
)
def test_text_that_utf_8_cannot_hold_is_refused_with_its_place(value: Any, place: str) -> None:
    with pytest.raises(ActionError) as error:
        encode(value, "item.a")
    assert error.value.kind is ErrorKind.VALIDATION
    assert error.value.message.startswith(f"`{place}`: it holds `\\ud83d`, half of a surrogate pair, at character 2")


@pytest.mark.parametrize("number", [Decimal("1e400"), Decimal("1e-400"), 10**400, Decimal("1." + "1" * 40)])
def test_a_number_that_dynamodb_does_not_keep_is_refused(number: Any) -> None:
    with pytest.raises(ActionError, match="does not fit"):
        encode(number)
