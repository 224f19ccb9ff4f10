"""Names of the rows of a matrix."""

from __future__ import annotations

import pytest
from tests.unit.scenario.marking import Find, marked

SCENARIO = """\
name: s
matrix:
  - {name: book, total: 1}
  - {%s, total: 2}
actions: [{name: A, type: http_call, params: {url: "http://x/{{ vars.%s }}"}}]
"""
WITH_A_ROW_WITHOUT = SCENARIO.replace("actions:", "  - {total: 3}\nactions:")


@pytest.mark.parametrize(
    ("entry", "mark", "message"),
    [
        ("name: pen", None, None),
        ("name: book", "book", "the row `matrix[0]` is called `book` too"),
        ("name: 7", "7", "the name of a row must be text"),
        ("name: null", "null", "the name of a row must be text"),
        ("name: 'a[1]'", "'a[1]'", "the name of a row must be text"),
        ("nam: pen", "{", "has rows with different variables"),
    ],
)
def test_a_row_has_a_name_of_its_own(find: Find, entry: str, mark: str | None, message: str | None) -> None:
    text = WITH_A_ROW_WITHOUT % (entry, "total")
    problems = find(text)
    assert [marked(text, each) for each in problems] == ([mark] if mark else [])
    assert all(message in each.message for each in problems if message)


@pytest.mark.parametrize("read", ["name", "total"])
@pytest.mark.parametrize("entry", ["name: book", "name: 7", "name: null", "name: ''", "name: 'a[1]'", "name: [a]"])
def test_a_variable_that_is_called_name_has_any_value(find: Find, entry: str, read: str) -> None:
    assert find(SCENARIO % (entry, read)) == []


def test_a_variable_is_one_of_every_row(find: Find) -> None:
    (problem,) = find(WITH_A_ROW_WITHOUT % ("name: pen", "name"))
    assert problem.message.startswith("there is no variable `name`")
