"""Attribute values that awsit's own tables do not hold."""

import pytest

from awsit.aws.runs.dynamodb.attributes import to_document, to_values


def test_what_no_attribute_can_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="a complex is no attribute value"):
        to_values({"at": [1j]})


def test_a_number_comes_back_digit_for_digit() -> None:
    assert str(to_document({"at": {"N": "1900000300.2500"}})["at"]) == "1900000300.2500"
