from __future__ import annotations

from typing import Any

import pytest

from awsit.actions.operations import Takes, check_operation
from awsit.actions.params import Params


class Painting(Params):
    operation: str = "paint"
    wall: str = "north"
    colour: str | None = None
    coats: int = 1
    room: str | None = None


TAKES = {
    "paint": Takes(frozenset({"colour"}), frozenset({"coats"})),
    "look": Takes(),
    "furnish": Takes(frozenset({"room"})),
}


@pytest.mark.parametrize("params", [{"colour": "red"}, {"colour": "red", "coats": 2}])
def test_an_operation_takes_its_own(params: dict[str, Any]) -> None:
    check_operation(Painting(wall="south", **params), "paint", TAKES, "wall")


@pytest.mark.parametrize(
    ("operation", "params", "said"),
    [
        ("paint", {"coats": 2}, "paint needs `colour`"),
        ("paint", {"colour": None}, "paint needs `colour`"),
        (
            "look",
            {"colour": "red", "coats": 1},
            "look does not take `coats`, `colour`; with `coats`, `colour` it is paint$",
        ),
        ("look", {"coats": 1}, "look does not take `coats`$"),
        ("paint", {"room": "hall"}, "paint needs `colour`; with `room` it is furnish$"),
    ],
)
def test_an_operation_lacks_or_does_not_take_a_param(operation: str, params: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check_operation(Painting(**params), operation, TAKES, "wall")
