"""Positions in an `awsit.toml`: of a setting, and of its value where that ends in its line."""

from pathlib import Path

import pytest

from awsit.config_places import position_of, value_position

FILE = Path("awsit.toml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("jobs = 3", "3"),
        ("# jobs = 1\n  jobs=-1.5e3  # as many", "-1.5e3"),
        ('"jobs" = "a # b \\" c"', '"a # b \\" c"'),
        ("jobs = 'it'  # 'x'", "'it'"),
        ('jobs = ["a", "b"]  # two', '["a", "b"]'),
        ("jobs = {a = 1}", "{a = 1}"),
        ('jobs = ""', '""'),
        ("jobs = 2030-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
    ],
)
def test_a_value_that_ends_in_its_line_is_marked(text: str, value: str) -> None:
    position = value_position("jobs", FILE, text)

    assert position is not None
    line = text.splitlines()[position.line - 1]
    assert line[position.column - 1 :][: position.length] == value


@pytest.mark.parametrize(
    "text",
    ['jobs = """\nx"""', "jobs = [\n  1,\n]", "jobs = [[1]]", "jobs = {a = {b = 1}}", "[jobs]\na = 1", "jobs.a = 1"],
)
def test_else_the_setting_is(text: str) -> None:
    position = value_position("jobs", FILE, text)

    assert position is not None
    assert position == position_of("jobs", FILE, text)
    assert position.length == len("jobs")


def test_what_is_not_there_has_no_place() -> None:
    assert value_position("jobs", FILE, "stack = 'jobs'") is None
