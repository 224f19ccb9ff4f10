from __future__ import annotations

import pytest
from pydantic_core import PydanticCustomError

from awsit.model.json import Json
from awsit.scenario.schema.matrix import expand_matrix, matrix_rows, matrix_variables


@pytest.mark.parametrize(
    ("matrix", "runs"),
    [
        (None, [("s", {})]),
        ([{"a": "book"}, {"a": "pen"}], [("s[book]", {"a": "book"}), ("s[pen]", {"a": "pen"})]),
        ([{"a": "x", "b": 2}], [("s[x,2]", {"a": "x", "b": 2})]),
        (
            {"a": [1, 2], "b": [True, None]},
            [
                ("s[1,true]", {"a": 1, "b": True}),
                ("s[1,null]", {"a": 1, "b": None}),
                ("s[2,true]", {"a": 2, "b": True}),
                ("s[2,null]", {"a": 2, "b": None}),
            ],
        ),
        ([{"a": 1}, {"a": 1}], [("s[1]", {"a": 1}), ("s[1]#2", {"a": 1})]),
        (
            [{"name": "a book", "a": 1}, {"a": 2}],
            [("s[a book]", {"a": 1}), ("s[2]", {"a": 2})],
        ),
        (
            [{"name": "x", "a": 1}, {"name": "y", "a": 1}],
            [("s[x]", {"name": "x", "a": 1}), ("s[y]", {"name": "y", "a": 1})],
        ),
        (
            [{"name": "", "a": 400}, {"name": None, "a": 400}],
            [("s[,400]", {"name": "", "a": 400}), ("s[null,400]", {"name": None, "a": 400})],
        ),
        (
            [{"name": "x", "a": 1}, {"name": "x", "a": 2}],
            [("s[x,1]", {"name": "x", "a": 1}), ("s[x,2]", {"name": "x", "a": 2})],
        ),
        (
            [{"name": 7, "q": 1}, {"name": 8, "q": 2}],
            [("s[7,1]", {"name": 7, "q": 1}), ("s[8,2]", {"name": 8, "q": 2})],
        ),
        ({"name": ["x"], "a": [1]}, [("s[x,1]", {"name": "x", "a": 1})]),
        ([{"a": "x" * 50}], [(f"s[{'x' * 39}…]", {"a": "x" * 50})]),
    ],
)
def test_each_row_is_a_run_named_after_its_values(matrix: Json, runs: list[tuple[str, Json]]) -> None:
    document = {"name": "s", "matrix": matrix} if matrix else {"name": "s"}
    assert expand_matrix(document) == runs


def test_the_variables_of_a_matrix() -> None:
    assert matrix_variables({"matrix": [{"a": 1, "b": 2}]}) == {"a", "b"}
    assert matrix_variables({"matrix": {"a": [1]}}) == {"a"}
    assert matrix_variables({"matrix": [{"name": "x", "a": 1}, {"name": "y", "a": 2}]}) == {"name", "a"}
    assert matrix_variables({"matrix": [{"name": "x", "a": 1}, {"a": 2}]}) == {"a"}
    assert matrix_variables({"matrix": [1]}) == matrix_variables({}) == set()


def test_rows_of_a_product_are_counted_before_they_are_built() -> None:
    document = {"name": "s", "matrix": {name: list(range(100)) for name in "abcdefgh"}}

    assert matrix_rows(document) == [{}]
    with pytest.raises(PydanticCustomError) as error:
        expand_matrix(document)

    assert (error.value.context or {})["words"] == "has more than 1000000000000 rows; the limit is 200"
