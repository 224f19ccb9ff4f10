"""A number and its noun agree."""

from __future__ import annotations

import pytest

from awsit.model.text.counts import count, none_of


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 runs"), (1, "1 run"), (2, "2 runs"), (1.0, "1.0 run"), (1234, "1234 runs")]
)
def test_a_noun_is_in_the_singular_for_one_alone(number: float, words: str) -> None:
    assert count(number, "run") == words


@pytest.mark.parametrize(("number", "words"), [(1, "1 entry"), (2, "2 entries")])
def test_a_plural_that_is_no_s_is_given(number: int, words: str) -> None:
    assert count(number, "entry", "entries") == words


@pytest.mark.parametrize(("number", "spec", "words"), [(1.0, "g", "1 start"), (0.5, "g", "0.5 starts")])
def test_a_number_is_formatted_as_it_is_asked_for(number: float, spec: str, words: str) -> None:
    assert count(number, "start", spec=spec) == words
    assert count(1234, "start", spec=",") == "1,234 starts"


def test_none_of_one_is_no_one() -> None:
    assert none_of(1, "scenario") == "no scenario"
    assert none_of(3, "scenario") == "none of 3 scenarios"
