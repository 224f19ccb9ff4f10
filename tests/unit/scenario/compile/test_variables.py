from __future__ import annotations

from decimal import Decimal

import pytest
from tests.unit.scenario.conftest import Compile

from awsit.errors import InvalidInputError

WAIT = "actions: [{name: A, type: wait, params: {seconds: 1}}]\n"


def variables(compiled: Compile, text: str, **given: object) -> object:
    return compiled(f"name: s\nvariables: {text}\n{WAIT}", given, {"USER": "me"}).variables


def test_templates_are_rendered_once_in_order_and_keep_their_types(compiled: Compile) -> None:
    text = """
  price: 1.10
  double: "{{ vars.price * 2 }}"
  label: "{{ vars.double }} for {{ env.USER }} in {{ run.scenario }} {{ run.id }}"
  list: ["{{ vars.price }}", {deep: "{{ random_string(4) }}"}]
  id: "{{ uuid() }}"
  at: "{{ now() }}"
  started: "{{ run.started_at }}"
"""
    assert variables(compiled, text) == {
        "price": Decimal("1.10"),
        "double": Decimal("2.20"),
        "label": "2.20 for me in s run-1",
        "list": [Decimal("1.10"), {"deep": "abcd"}],
        "id": "00000000-0000-4000-8000-000000000000",
        "at": "2026-01-31T12:00:00.000Z",
        "started": "2026-01-31T12:00:00.000Z",
    }


def test_given_values_replace_the_scenarios_own_and_are_not_rendered(compiled: Compile) -> None:
    assert variables(compiled, '{a: 1, b: "{{ vars.a }}!"}', a="{{ env.USER }}") == {
        "a": "{{ env.USER }}",
        "b": "{{ env.USER }}!",
    }


def test_a_variable_that_is_not_the_scenarios(compiled: Compile) -> None:
    with pytest.raises(InvalidInputError) as caught:
        variables(compiled, "{quantity: 1}", quantiti=2)
    assert caught.value.problems[0].message == "the scenario has no variable `quantiti`; did you mean `quantity`?"


def test_a_scenario_without_variables_says_so(compiled: Compile) -> None:
    with pytest.raises(InvalidInputError) as caught:
        compiled(f"name: s\n{WAIT}", {"a": 1})
    assert caught.value.problems[0].message == "the scenario has no variable `a`; it has none"


def test_a_template_that_cannot_be_rendered(compiled: Compile) -> None:
    with pytest.raises(InvalidInputError) as caught:
        variables(compiled, '{a: 1, b: "{{ vars.a.deep.name }}"}')
    assert caught.value.message == "the variable `b` has no value"
    assert caught.value.problems[0].path == "variables.b"


def test_rows_of_a_matrix_are_variables_too(compiled: Compile) -> None:
    text = 'variables: {size: 1, label: "{{ vars.product }}"}\nmatrix: [{product: a, size: 2}]\n'
    plan = compiled(f"name: s\n{text}{WAIT}", {"product": "pen", "size": 3})
    assert plan.variables == {"product": "pen", "size": 3, "label": "pen"}


def test_a_matrix_needs_its_values(compiled: Compile) -> None:
    with pytest.raises(InvalidInputError) as caught:
        compiled(f"name: s\nmatrix: [{{product: a}}]\n{WAIT}")
    assert caught.value.problems[0].message == "the scenario takes `product` from its matrix, and no value was given"
    assert caught.value.hint == "give it as a variable of the run: --var product=..."
