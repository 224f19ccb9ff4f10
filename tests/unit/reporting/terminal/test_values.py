"""Documents as a person reads them."""

from decimal import Decimal

import pytest

from awsit.reporting.terminal import values
from awsit.reporting.terminal.terminal import duration
from awsit.reporting.terminal.values import Limits, document, mapping


def test_a_small_document_stands_on_one_line():
    assert document({"a": 1, "b": [True, None]}, 60, Limits()) == ['{"a": 1, "b": [true, null]}']


def test_numbers_keep_their_digits():
    assert document({"total": Decimal("22.50")}, 60, Limits()) == ['{"total": 22.50}']


def test_a_larger_one_is_indented_and_cut():
    lines = document({"items": list(range(50))}, 40, Limits(lines=5))
    assert lines[0] == "{"
    assert lines[-1] == "... 49 more lines"


@pytest.mark.parametrize(("value", "text"), [("", '""'), (None, "null"), ([], "[]"), ({}, "{}"), ("ü", '"ü"')])
def test_small_values(value, text):
    assert document(value, 60, Limits()) == [text]


def test_only_the_lines_that_are_shown_are_made_visible(monkeypatch):
    lines = []
    monkeypatch.setattr(values, "plain", lambda line: lines.append(line) or line)

    assert document(list(range(5000)), 80, Limits(lines=3)) == ["[", "  0,", "  1,", "... 4999 more lines"]
    assert len(lines) == 3


def test_a_value_that_is_no_document_is_shown_all_the_same():
    assert document(
        {
            1,
        },
        60,
        Limits(),
    ) == ["{1}"]


def test_empty_and_omitted_fields_are_left_out():
    shown = mapping({"status": 200, "headers": {"a": "b"}, "body": None}, 2, Limits(omitted=frozenset({"headers"})))
    assert shown.plain == "  status  200"


def test_text_of_several_lines_hangs_below_the_first():
    assert mapping({"body": "a\nb", "status": 200}, 2, Limits()).plain == "  body    a\n          b\n  status  200"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0.00 s"), (0.214, "0.21 s"), (4.31, "4.3 s"), (59.96, "1 m 00 s"), (64, "1 m 04 s"), (7380, "2 h 03 m")],
)
def test_durations(seconds, text):
    assert duration(seconds) == text
