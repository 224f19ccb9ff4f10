"""ULIDs are those of the library."""

from hypothesis import given
from hypothesis import strategies as st
from ulid import ULID

from awsit.system.ulid import RANDOM_BITS, time_of, ulid

LATEST = 253_402_300_799_999
"""The last millisecond of the year 9999, which a datetime can tell."""


@given(milliseconds=st.integers(0, LATEST), random=st.integers(0, 2**RANDOM_BITS - 1))
def test_they_are_those_of_the_library(milliseconds, random):
    text = ulid(milliseconds, random)
    assert text == str(ULID.from_int((milliseconds << RANDOM_BITS) + random))
    assert time_of(text) == ULID.from_str(text).datetime


def test_they_sort_by_time():
    assert ulid(1, 2**RANDOM_BITS - 1) < ulid(2, 0) < ulid(2, 1)
