"""What is written is read as it was, and written again the same: scenarios, plans, and values that templates give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import at_least
from tests.properties.mutated import ROOT, seeds
from tests.properties.odd_values import TEXTS

from awsit.actions.registry import BY_TYPE
from awsit.cli.drafts.draft import Draft, as_yaml
from awsit.errors import InvalidInputError
from awsit.expressions.templates import template
from awsit.expressions.templates.substitution import as_source
from awsit.forecast.placeholders import ReachableStacks
from awsit.model.codec import decode, encode
from awsit.model.json import Json, dumps, loads
from awsit.model.plan import Plan
from awsit.scenario.checks.validate import validate
from awsit.scenario.compile.compile import PlanInputs, compile_plan, needed_env
from awsit.scenario.reading.load import load_file, load_text
from awsit.scenario.schema.matrix import expand_matrix
from awsit.system.randomness import SystemRandomness

PLAIN_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20)
ODD_TEXTS = st.sampled_from([text for text in TEXTS if text.isprintable()])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(-(10**15), 10**15, places=3) | PLAIN_TEXTS | ODD_TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLAIN_TEXTS, inner, max_size=4),
    max_leaves=12,
)


def _readable() -> list[Path]:
    found = []
    for seed in seeds():
        try:
            load_file(ROOT / seed)
        except InvalidInputError:  # one of docs/errors
            continue
        found.append(seed)
    return found


READABLE = _readable()
VALID = [seed for seed in READABLE if not validate(load_file(ROOT / seed), BY_TYPE)]


def compiled(document: Json) -> Plan:
    _, row = expand_matrix(document)[0]
    env = dict.fromkeys(needed_env(document), "x")
    inputs = PlanInputs("run-1", "2026-01-31T12:00:00.000Z", row, env)
    return compile_plan(document, inputs, ReachableStacks(None, document), SystemRandomness(), BY_TYPE)


@given(VALUES)
@at_least(300)
def test_any_document(value: Json) -> None:
    document = {"name": "a", "value": value}
    for file, write in (("s.yaml", lambda read: as_yaml(Draft(read))), ("s.json", dumps)):
        written = write(document)
        read = load_text(written, file).document
        assert dumps(read) == dumps(document)
        assert write(read) == written


@pytest.mark.parametrize("seed", READABLE, ids=str)
def test_every_scenario(seed: Path) -> None:
    document = load_file(ROOT / seed).document
    as_written = as_yaml(Draft(document))

    read = load_text(as_written, "s.yaml").document

    assert read == document == load_text(dumps(document), "s.json").document
    assert as_yaml(Draft(read)) == as_written


@pytest.mark.parametrize("seed", VALID, ids=str)
def test_every_plan(seed: Path) -> None:
    plan = compiled(load_file(ROOT / seed).document)
    stored = dumps(encode(plan))

    read = decode(Plan, loads(stored))

    assert read == plan
    assert dumps(encode(read)) == stored


@given(VALUES)
@at_least(300)
def test_what_a_template_gives_is_never_rendered_again(value: Json) -> None:
    def no_secret(_: str) -> Any:
        raise AssertionError("a template inside data was rendered")

    scope = {"context": {"value": value}, "secret": no_secret, "parameter": no_secret}
    once = template.render({"body": "{{ context.value }}"}, scope)

    assert dumps(once) == dumps({"body": value})
    assert template.render({"again": "{{ context.value.body }}"}, {"context": {"value": once}}) == {"again": value}


@given(VALUES.filter(lambda value: not list(template.texts(value))))
@at_least(300)
def test_a_value_written_as_an_expression_is_that_value(value: Json) -> None:
    assert template.render("{{ " + as_source(value) + " }}", {}) == value
