"""Paths of names and indexes, held to python-jsonpath."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import at_least

from awsit.errors import ExpressionError
from awsit.expressions import budget
from awsit.expressions.jsonpath import plain, query

NAMES = st.sampled_from(["a", "b", "c_1", "and", "true", "length", "$"])
SEGMENTS = st.one_of(
    NAMES.map(lambda name: f".{name}"),
    st.sampled_from(["a", "b-c", "content type", "", "é", "\\n", '"', "a]"]).map(lambda name: f"['{name}']"),
    st.sampled_from(["0", "1", "2", "-1", "01", "9007199254740993"]).map(lambda index: f"[{index}]"),
    st.sampled_from(["..a", ".*", "[*]", "[0:1]", "[?@.a]", " .a", '["a"]', ".", "["]),
)
PATHS = st.lists(SEGMENTS, max_size=4).map(lambda segments: f"${''.join(segments)}")
SCALARS = st.sampled_from([None, True, 1, "text", ""])
DOCUMENTS: Any = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "b-c", "length", "0"]), inner, max_size=3)
    ),
)


@given(PATHS, DOCUMENTS)
@at_least(1000)
def test_a_plain_path_selects_what_the_library_selects(path: str, document: Any) -> None:
    if plain.keys_of(path) is None:
        return
    parsed = query.parse(path)
    assert query.problem(path, "") is None
    assert parsed.singular_query()
    if isinstance(document, dict | list):
        found = [(match.path, match.obj) for match in parsed.finditer(document)]
        assert [(match.path, match.value) for match in query.matches(path, document)] == found
        assert query.find(path, document).values == [value for _, value in found]


@pytest.mark.parametrize("path", ["$", "$.a", "$['content-type']", "$.items[0].id", "$.a['b c'][12]"])
def test_it_knows_names_and_indexes(path: str) -> None:
    assert plain.keys_of(path) is not None


@pytest.mark.parametrize(
    "path", ["", "a", "$.", "$..a", "$[-1]", "$[01]", "$['it\\'s']", '$["a"]', "$.a.*", "$.é", "$ .a"]
)
def test_anything_else_is_left_to_the_library(path: str) -> None:
    assert plain.keys_of(path) is None


def test_a_path_takes_a_step_of_the_budget_for_each_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_STEPS", 3)
    with budget.evaluation():
        assert query.find("$.a.b", {"a": {"b": 1}}).values == [1]
    with pytest.raises(ExpressionError, match=r"steps \(in `\$\.a\.b\.c`\)"), budget.evaluation():
        query.find("$.a.b.c", {"a": {"b": {"c": 1}}})
