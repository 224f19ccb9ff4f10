"""The differences between two JSON documents."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsit.history.differences import differences

DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(document=DOCUMENTS)
def test_a_document_does_not_differ_from_itself(document):
    assert list(differences(document, document, "x")) == []


@given(before=DOCUMENTS, after=DOCUMENTS)
def test_documents_that_differ_have_a_place_where_they_do_and_both_ways_the_same(before, after):
    found = list(differences(before, after, "x"))
    back = list(differences(after, before, "x"))
    assert {each.path for each in found} == {each.path for each in back}
    assert bool(found) or before == after
    assert len({each.path for each in found}) == len(found)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, [("x.a.b[1]", 2, 3)]),
        ({"a": 1}, {}, [("x.a", 1, None)]),
        ([1], [1, {"k": 2}], [("x[1]", None, {"k": 2})]),
        ({"odd key": 1}, {"odd key": 2}, [("x['odd key']", 1, 2)]),
        ({"a": True}, {"a": 1}, [("x.a", True, 1)]),
        ({"a": Decimal("2.0")}, {"a": 2}, []),
        ({"a": "2"}, {"a": 2}, [("x.a", "2", 2)]),
        ({"a": None}, {"a": []}, [("x.a", None, [])]),
    ],
)
def test_where_documents_differ(before, after, expected):
    assert [(each.path, each.before, each.after) for each in differences(before, after, "x")] == expected
