"""Drafts say in YAML exactly what they hold, and nothing in them is taken for a template by mistake."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsit.cli.drafts.draft import Draft, action_name, as_yaml, scenario_name
from awsit.expressions.templates.template import literal, render
from awsit.model.text.visible import visible
from awsit.scenario.reading.load import load_text

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30) | st.sampled_from(
    [
        "yes",
        "on",
        "1e3",
        "1_000",
        "012",
        "0x1F",
        "~",
        "null",
        "2030-01-01",
        "1:30",
        "#uuid",
        "{{ x }}",
        "- a",
        "a: b",
        "\r\n\t",
        "a\n::add-mask::b\n",
        "##vso[task.complete]\u202ea\u2028b\x9b",
        "section_start:1:a\nb",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.decimals(-1000, 1000, places=3) | TEXTS
DOCUMENTS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=12
)


@given(DOCUMENTS)
def test_what_is_written_is_read_again(value):
    document = {"name": "a", "value": value}
    assert load_text(as_yaml(Draft(document)), "a.yaml").document == document


@given(DOCUMENTS)
def test_a_literal_value_is_rendered_as_it_was(value):
    assert render(literal(value), {}) == value


@given(DOCUMENTS)
def test_nothing_in_a_draft_steers_a_terminal_or_a_ci_server(value):
    text = as_yaml(Draft({"name": "a", "value": value}))
    assert visible(text) == text


def test_numbers_keep_their_digits():
    assert "price: 12.50\n" in as_yaml(Draft({"name": "a", "price": Decimal("12.50")}))
    assert "seconds: 5\n" in as_yaml(Draft({"name": "a", "seconds": Decimal(5)}))


@pytest.mark.parametrize(
    ("text", "action", "scenario"),
    [
        ("POST /orders", "PostOrders", "post_orders"),
        ("listOrders", "ListOrders", "list_orders"),
        ("GET /v1/orders/{order-id}", "GetV1OrdersOrderId", "get_v1_orders_order_id"),
        ("3rd party", "Action_3rdParty", "scenario_3rd_party"),
        ("---", "Action", "scenario"),
    ],
)
def test_names_are_made_from_any_text(text, action, scenario):
    assert (action_name(text), scenario_name(text)) == (action, scenario)
