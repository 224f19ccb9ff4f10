"""What awsit's own tables hold, as attribute values: boto3's own serializer decides."""

from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import at_least

from awsit.aws.runs.dynamodb.attributes import to_document, to_values

SERIALIZER, DESERIALIZER = TypeSerializer(), TypeDeserializer()

NUMBERS = st.integers(-(10**38) + 1, 10**38 - 1) | st.decimals(-(10**9), 10**9, places=6)
TEXTS = st.text(max_size=12)
HELD = st.recursive(
    st.none()
    | st.booleans()
    | TEXTS
    | NUMBERS
    | st.binary(max_size=8)
    | st.sets(TEXTS, min_size=1, max_size=4)
    | st.sets(NUMBERS, min_size=1, max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(TEXTS, HELD, max_size=4))
@at_least(400)
def test_awsit_reads_what_boto3_writes_and_boto3_what_awsit_writes(item: dict[str, Any]) -> None:
    by_boto3 = {name: SERIALIZER.serialize(held) for name, held in item.items()}
    assert to_document(by_boto3) == item
    assert {name: DESERIALIZER.deserialize(value) for name, value in to_values(item).items()} == item


@given(st.floats(-1e30, 1e30))
@at_least(100)
def test_a_float_is_kept_as_it_is(held: float) -> None:
    assert float(to_document(to_values({"at": held}))["at"]) == held
