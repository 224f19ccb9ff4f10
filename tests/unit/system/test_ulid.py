"""ULIDs are those of the library."""

from hypothesis import given
from hypothesis import strategies as st
from ulid import ULID

from awsit.system.ulid import RANDOM_BITS, milliseconds_of, ulid


@given(milliseconds=st.integers(0, 2**48 - 1), random=st.integers(0, 2**RANDOM_BITS - 1))
def test_they_are_those_of_the_library(milliseconds, random):
    text = ulid(milliseconds, random)
    assert text == str(ULID.from_int((milliseconds << RANDOM_BITS) + random))
    assert milliseconds_of(text) == ULID.from_str(text).milliseconds == milliseconds


def test_they_sort_by_time():
    assert ulid(1, 2**RANDOM_BITS - 1) < ulid(2, 0) < ulid(2, 1)
