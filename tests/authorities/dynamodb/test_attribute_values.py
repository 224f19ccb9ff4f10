"""Plain JSON as DynamoDB's attribute values: boto3's own serializer decides."""

from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import at_least

from awsit.actions.dynamodb.attribute_values import decode, decode_exactly, encode, encode_map
from awsit.errors import ActionError

SERIALIZER, DESERIALIZER = TypeSerializer(), TypeDeserializer()

NUMBERS = st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.integers(-(10**45), 10**45)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
KEYS = TEXTS.filter(lambda key: not key.startswith("$"))
VALUES = st.recursive(
    st.none() | st.booleans() | TEXTS | NUMBERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def by_boto3(value: Any) -> Any:
    """The attribute value, or None for what boto3 refuses."""
    try:
        return SERIALIZER.serialize(value)
    except (ArithmeticError, TypeError):
        return None


ATTRIBUTES = st.recursive(
    st.builds(SERIALIZER.serialize, st.none() | st.booleans() | TEXTS | st.integers(-999, 999))
    | st.sets(TEXTS, min_size=1, max_size=3).map(lambda members: {"SS": sorted(members)})
    | st.sets(st.integers(-9, 9), min_size=1).map(lambda members: {"NS": [str(each) for each in sorted(members)]})
    | st.binary(max_size=4).map(lambda content: {"B": content}),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda members: {"L": members})
        | st.dictionaries(st.sampled_from(["$set", "$binary", "$map", "a"]), inner, max_size=2).map(
            lambda members: {"M": members}
        )
    ),
    max_leaves=12,
)
ITEMS = st.dictionaries(st.sampled_from(["$set", "$binary", "$map", "pk"]), ATTRIBUTES, min_size=1)
"""Items as DynamoDB has them. Their names may be those that awsit writes types with, as in documents for MongoDB."""


@given(VALUES)
@at_least(400)
def test_what_boto3_writes_is_what_awsit_writes(value: Any) -> None:
    expected = by_boto3(value)
    if expected is not None:
        assert encode(value) == expected
        assert DESERIALIZER.deserialize(encode(value)) == decode(expected)


@given(ITEMS)
@at_least(400)
def test_what_is_put_back_is_what_was_there(item: dict[str, Any]) -> None:
    assert encode_map(decode_exactly(item), "item") == item


@given(NUMBERS)
@at_least(400)
def test_a_number_that_boto3_refuses_is_refused_or_exact(number: Any) -> None:
    """boto3 refuses zeros behind the 38th digit, too, which DynamoDB holds."""
    if by_boto3(number) is not None:
        return
    try:
        written = encode(number)
    except ActionError:
        return
    assert Decimal(written["N"]) == number
    assert len(Decimal(number).normalize().as_tuple().digits) <= 38


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"$binary": "aGk="}, Binary(b"hi")),
        ({"$set": ["a"]}, {"a"}),
        ({"$set": [1, Decimal("2.5")]}, {1, Decimal("2.5")}),
        ({"$set": [{"$binary": "aGk="}]}, {Binary(b"hi")}),
    ],
)
def test_binaries_and_sets(ours: Any, theirs: Any) -> None:
    def comparable(value: Any) -> Any:
        return {kind: sorted(held) if isinstance(held, list) else held for kind, held in value.items()}

    assert comparable(encode(ours)) == comparable(SERIALIZER.serialize(theirs))
