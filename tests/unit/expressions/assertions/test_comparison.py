from decimal import Decimal
from typing import Any

import pytest

from awsit.expressions.assertions import assertion
from awsit.expressions.assertions.comparison import equal, sort_key

MOMENT = "2030-01-01T00:00:00Z"


def check(actual: Any, **spec: Any) -> str:
    return assertion.check(spec, actual).message


@pytest.mark.parametrize(
    "actual",
    [
        "2030-01-01T00:00:00+00:00",
        "2030-01-01T01:00:00.5+01:00",
        "2029-12-31T18:30:01-05:30",
        "2030-01-01T00:00:00.123456789Z",
        "2030-01-01 00:00:00",
        "2030-01-01",
        "20300101T000001Z",
        "20300101T020000+0200",
        "Tue, 01 Jan 2030 00:00:01 GMT",
        1893456001,
        Decimal("1893455999.5"),
    ],
)
def test_a_moment_in_any_form_is_within_the_tolerance(actual: Any) -> None:
    assert check(actual, equals=MOMENT, tolerance_seconds=1) == ""
    assert check(MOMENT, equals=actual, tolerance_seconds=1) == ""
    assert check(actual, less_or_equal=MOMENT, greater_or_equal=MOMENT, tolerance_seconds=1) == ""
    assert check(actual, equals="2030-01-01T00:00:02.6Z", tolerance_seconds=1) != ""


@pytest.mark.parametrize("actual", ["Tue, 01 Jan 2030 00:00:00 CET", "20309901T000000Z", "1893456000", True, None, {}])
def test_what_is_no_moment_is_never_near_one(actual: Any) -> None:
    message = check(actual, equals=MOMENT, tolerance_seconds=10**12)

    assert "only moments and numbers may be apart" in message


def test_without_a_tolerance_a_number_is_no_moment() -> None:
    assert "cannot be compared" in check(1893456000, less_than="2031-01-01T00:00:00Z")
    assert check("Tue, 01 Jan 2030 00:00:00 GMT", less_than="2030-01-01T00:00:01Z") == ""


def test_numbers_and_texts_that_are_spelled_alike_differ_at_any_depth() -> None:
    assert sort_key([1]) == sort_key([Decimal("1.0")]) != sort_key(["1e0"])
    assert equal([[1], ["1e0"]], [["1e0"], [Decimal("1.0")]], any_order=True)
