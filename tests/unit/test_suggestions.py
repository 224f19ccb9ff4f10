import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import at_least

from awsit import suggestions
from awsit.suggestions import close_matches, suggestion

NAMES = st.text("abc_", min_size=1, max_size=6)


@given(NAMES, st.lists(NAMES, max_size=12, unique=True))
@at_least(500)
def test_the_names_are_those_of_difflib(name: str, known: list[str]) -> None:
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.6)
    offered = list(close_matches(name, known))
    assert offered == near[: len(offered)]
    assert bool(offered) == bool(near)


def test_similar_names_are_offered_as_long_as_there_is_time_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggestions, "MAX_COMPARISONS", 1000)
    known = [f"variable_{number}" for number in range(20)]
    for _ in range(2):  # each file begins with all of its time
        with suggestions.limited():
            offers = [close_matches("variabel_1", known) for _ in range(40)]
            end = suggestion("variabel_1", known)
        assert all(offers[:20])
        assert not any(offers[-20:])
        assert end == ""
    assert suggestion("variabel_1", known).startswith("; did you mean `variable_1`")
