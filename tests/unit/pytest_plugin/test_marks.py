"""Tags become marks that `-m` can name; names of runs stay on one line."""

import pytest

from awsit.pytest_plugin.marks import mark_name, printable


@pytest.mark.parametrize(
    ("tag", "mark"),
    [
        ("smoke", "smoke"),
        ("order-intake", "order_intake"),
        ("order intake", "order_intake"),
        ("größe", "größe"),
        ("1.0", "tag_1_0"),
        ("_internal", "tag__internal"),
        ("not", "tag_not"),
        ("skip", "tag_skip"),
        ("xfail", "tag_xfail"),
        ("", "tag_"),
    ],
)
def test_a_tag_becomes_a_mark_that_pytest_accepts_and_does_not_act_on(tag: str, mark: str) -> None:
    assert mark_name(tag) == mark


def test_a_name_is_one_printable_line() -> None:
    assert printable("order[book, größe,a\nb\x1b[31m]") == "order[book, größe,a\\nb\\x1b[31m]"
