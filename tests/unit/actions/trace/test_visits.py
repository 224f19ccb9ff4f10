from __future__ import annotations

import json

import pytest
from tests.unit.actions.trace.recorded import segment, whole

from awsit.actions.trace.documents import read
from awsit.actions.trace.graph import graph_of
from awsit.actions.trace.visits import unvisited

GRAPH = graph_of(read(json.dumps(each) for each in whole())[0])
CALLS = "the calls are orders/prod → PlaceOrder, PlaceOrder → orders, PlaceOrder → placed, PlaceOrder → payments.test"
CIRCLE = graph_of(read(json.dumps(each) for each in (segment(1, "A", under=2), segment(2, "B", under=1)))[0])


@pytest.mark.parametrize(
    "visits",
    [
        [],
        ["orders"],
        ["orders/prod", "PlaceOrder", "orders"],
        ["orders/prod", "orders"],
        ["PlaceOrder", "payments.test"],
    ],
)
def test_each_is_called_by_the_one_before_directly_or_through_others(visits: list[str]) -> None:
    assert unvisited(visits, GRAPH) == ""


def test_services_that_call_each_other_are_visited_in_either_order() -> None:
    assert unvisited(["A", "B", "A", "B"], CIRCLE) == ""
    assert "no service" not in unvisited(["A", "C"], CIRCLE)


@pytest.mark.parametrize(
    ("visits", "message"),
    [
        (["orders/prod", "PlaceOrders"], "the trace does not visit 'PlaceOrders'; did you mean `PlaceOrder`?"),
        (["orders", "placed"], f"the trace visits 'placed', and not by a call of 'orders': {CALLS}"),
        (["PlaceOrder", "orders/prod"], f"the trace visits 'orders/prod', and not by a call of 'PlaceOrder': {CALLS}"),
        (["PlaceOrder"] * 2, f"the trace visits 'PlaceOrder', and not by a call of 'PlaceOrder': {CALLS}"),
    ],
)
def test_what_is_not_visited_is_shown_with_what_is(visits: list[str], message: str) -> None:
    assert unvisited(visits, GRAPH) == message


def test_a_trace_of_one_service_has_no_calls() -> None:
    one = graph_of(read([json.dumps(segment(1, "A"))])[0])
    assert unvisited(["A", "A"], one) == "the trace visits 'A', and not by a call of 'A': no service called another"
