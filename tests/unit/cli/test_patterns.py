"""Which scenarios a name or a pattern means."""

import pytest

from awsit.cli.patterns import base_name, is_like, is_meant, is_pattern


@pytest.mark.parametrize(("name", "expected"), [("orders_*", True), ("order?", True), ("priced[book]", False)])
def test_only_stars_and_question_marks_make_a_pattern(name, expected):
    assert is_pattern(name) is expected


@pytest.mark.parametrize(
    ("name", "pattern", "expected"),
    [
        ("orders_are_sent", "orders_*", True),
        ("orders", "orders?", False),
        ("Orders_x", "orders_*", False),
        ("two\nlines", "two*", True),
        ("a.b", "a?b", True),
        ("axb", "a.b*", False),
        ("priced[book]", "priced[*]", True),
    ],
)
def test_the_whole_name_must_be_like_the_pattern(name, pattern, expected):
    assert is_like(name, pattern) is expected


@pytest.mark.parametrize(
    ("scenario", "name", "expected"),
    [
        ("priced", "priced", True),
        ("priced[book]", "priced", True),
        ("priced[book]", "priced[book]", True),
        ("priced[pen]", "priced[book]", False),
        ("priced", "priced[book]", False),
        ("priced[book]", "pri*", True),
        ("priced[book]", "*ced", True),
    ],
)
def test_a_name_means_the_scenario_and_every_row_of_it(scenario, name, expected):
    assert is_meant(scenario, name) is expected


def test_the_base_name_is_what_stands_before_the_row():
    assert base_name("priced[book,2]") == base_name("priced") == "priced"
