"""Values of parameters that CloudFormation would refuse."""

from typing import Any

import pytest

from awsit.aws.deployment.template.parameters import check_value
from awsit.errors import UsageError

BOUNDED = {"Type": "Number", "MinValue": -1, "MaxValue": 0.5}
WORDS = {"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"]}


@pytest.mark.parametrize(
    ("declared", "value"),
    [
        (BOUNDED, "-1"),
        (BOUNDED, "0.5"),
        ({"Type": "Number"}, "1e3"),
        ({"Type": "List<Number>"}, "1, 2"),
        (WORDS, "a,b"),
        ({"Type": "String", "AllowedValues": [True, 7]}, "7"),
        ({"Type": "String"}, "anything"),
        ({"Type": "CommaDelimitedList"}, ""),
    ],
)
def test_a_value_that_a_template_allows(declared: dict[str, Any], value: str) -> None:
    check_value("Size", declared, value)


@pytest.mark.parametrize(
    ("declared", "value", "said"),
    [
        (BOUNDED, "many", "cannot be many"),
        (BOUNDED, "", "cannot be empty"),
        (BOUNDED, "-2", "cannot be -2"),
        (BOUNDED, "0.51", "cannot be 0.51"),
        ({"Type": "Number"}, "NaN", "cannot be NaN"),
        ({"Type": "Number"}, "Infinity", "cannot be Infinity"),
        ({"Type": "List<Number>"}, "1,two", "cannot be 1,two"),
        (WORDS, "a,c", "cannot be a,c"),
    ],
)
def test_a_value_that_a_template_does_not_allow(declared: dict[str, Any], value: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check_value("Size", declared, value)


def test_the_bounds_are_named() -> None:
    with pytest.raises(UsageError) as refused:
        check_value("Size", BOUNDED, "many")

    assert refused.value.hint == "a number, at least -1, at most 0.5"
