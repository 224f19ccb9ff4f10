"""ULIDs are those of the library."""

from hypothesis import given
from hypothesis import strategies as st
from ulid import ULID

from awsit.system.ulid import RANDOM_BITS, ulid


@given(milliseconds=st.integers(0, 2**48 - 1), random=st.integers(0, 2**RANDOM_BITS - 1))
def test_they_are_those_of_the_library(milliseconds, random):
    assert ulid(milliseconds, random) == str(ULID.from_int((milliseconds << RANDOM_BITS) + random))


def test_they_sort_by_time():
    assert ulid(1, 2**RANDOM_BITS - 1) < ulid(2, 0) < ulid(2, 1)
