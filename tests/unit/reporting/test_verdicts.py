"""The words that all reports share."""

import pytest
from tests.unit.reporting.runs import (
    CANCELLED,
    ERROR,
    FAILED,
    LEFT,
    NEVER_BEGAN,
    OVERDUE,
    PASSED,
    REFUSED,
    SOFT,
)

from awsit.model.result import AssertionResult
from awsit.reporting.verdicts import check_reason, reason


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (PASSED, ""),
        (FAILED, "OrderIsStored: the order has its total: total: expected 29.90, got 24.90"),
        (
            ERROR,
            f"CreateInvalidOrder: {REFUSED}",
        ),
        (SOFT, 'TitleIsThere: title: "Bestellungen" does not contain "Orders"'),
        (LEFT, "left behind: DeleteOrder"),
        (CANCELLED, "Interrupted by Ctrl-C."),
        (NEVER_BEGAN, "There is no scenario `order_is_stord`."),
        (OVERDUE, "the run did not end within 300 s"),
    ],
    ids=lambda value: getattr(value, "run_id", None),
)
def test_the_reason_is_one_line(result, words):
    assert reason(result) == words


@pytest.mark.parametrize(
    ("check", "words"),
    [
        ({"message": "$.a should equal 1,\n  but is 2"}, "$.a should equal 1, but is 2"),
        ({"message": "$.a should equal 1", "name": "sum"}, "sum: $.a should equal 1"),
        ({"expected": 1, "actual": "x" * 100}, f'$.a equals: expected 1, got "{"x" * 79}...'),
        ({"expected": 1, "actual_present": False}, "$.a equals: expected 1, got nothing"),
    ],
)
def test_an_assertion_says_why_it_does_not_hold(check, words):
    assert check_reason(AssertionResult(passed=False, operator="equals", path="$.a", **check)) == words


def test_two_long_documents_are_told_apart_by_their_first_difference():
    expected, actual = ({"id": n, "text": "x" * 40, "total": total} for n, total in ((1, 2), (2, 3)))
    message = f"$.body should equal {expected}, but is {actual}, {'and so on ' * 20}"
    check = AssertionResult(False, "equals", "$.body", "priced", expected, actual, message=message)
    assert check_reason(check) == "priced: $.body.id: expected 1, got 2 and 1 more"


def test_documents_that_differ_in_what_was_masked_keep_their_message():
    check = AssertionResult(False, "equals", "$.body", "", {"key": "***"}, {"key": "***"}, message="m" * 200)
    assert check_reason(check) == "m" * 200


def test_a_name_of_several_lines_is_told_in_one():
    named = AssertionResult(False, "equals", name="the total\r\nis right\n", message="expected 1, got\n2")

    assert check_reason(named) == "the total is right: expected 1, got 2"
