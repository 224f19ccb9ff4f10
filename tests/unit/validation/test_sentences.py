from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from awsit.validation.problems import model_problems


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")

    count: int = 0
    items: list[int] = Field(default_factory=list, min_length=1, max_length=2)
    word: Annotated[str, Field(min_length=2, max_length=3, pattern="^[a-z]+$")] = "ab"
    choice: Literal["red", "green"] = "red"
    ratio: float = Field(default=1.0, multiple_of=0.5, lt=10, allow_inf_nan=False)
    moment: AwareDatetime | None = None
    switch: bool = False


@pytest.mark.parametrize(
    ("key", "value", "message", "hint"),
    [
        ("count", "x", '`count` must be a whole number, not "x"', ""),
        ("count", 1.5, "`count` must be a whole number, not 1.5", ""),
        ("items", [], "`items` must not be empty", ""),
        ("items", [1, 2, 3], "`items` takes at most 2 items; it has 3", ""),
        ("word", 12, "`word` must be text, not 12", "put it in quotes"),
        ("word", None, "`word` must be text, not null", ""),
        ("word", "a", "`word` needs at least 2 characters", ""),
        ("word", "abcd", "`word` takes at most 3 characters", ""),
        ("word", "AB", "`word` must look like ^[a-z]+$", ""),
        ("choice", "gren", '`choice` must be `red` or `green`, not "gren"', "did you mean `green`?"),
        ("choice", ["red"], "`choice` must be `red` or `green`", ""),
        ("ratio", 0.7, "`ratio` must be a multiple of 0.5", ""),
        ("ratio", 10, "`ratio` must be less than 10", ""),
        ("ratio", float("inf"), "`ratio` must be a finite number", ""),
        ("moment", "soon", "`moment` must be a date and time in ISO 8601", ""),
        ("moment", "2030-01-01T00:00:00", "`moment` must have an offset, such as `Z`", ""),
        ("switch", "maybe", '`switch` must be true or false, not "maybe"', ""),
        ("word", 10**70, "`word` must be text, not a number of 71 characters", "put it in quotes"),
    ],
)
def test_an_error_of_pydantic_is_a_sentence(key: str, value: Any, message: str, hint: str) -> None:
    (problem,) = model_problems(_Model, {key: value}, "", "it")

    assert (problem.message, problem.hint, problem.path) == (message, hint, key)


def test_what_is_expected_by_a_union_is_one_sentence() -> None:
    class Union(BaseModel):
        value: int | list[str] | None

    (problem,) = model_problems(Union, {"value": {}}, "a", "it")

    assert (problem.message, problem.path) == ("`value` must be a whole number or a list", "a.value")
