"""A record is changed by a copy."""

import pytest
from msgspec import Struct

from awsit.records import replace


class Order(Struct, frozen=True):
    name: str
    count: int = 1


def test_a_copy_has_other_values() -> None:
    order = Order("o")

    assert replace(order, count=2) == Order("o", 2)
    assert order == Order("o", 1)


def test_what_is_no_field_is_refused() -> None:
    with pytest.raises(TypeError, match="cost"):
        replace(Order("o"), cost=2)  # type: ignore[call-arg]
