"""What the one pass reads, held to the way over nodes, which knows every message."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import at_least

from awsit.model.json import Json
from awsit.scenario.limits import MAX_DEPTH
from awsit.scenario.reading.nodes import NodeReader
from awsit.scenario.reading.plain_yaml import NotPlain, document_of
from awsit.scenario.reading.yaml_nodes import UnreadableText, compose

ROOT = Path(__file__).parents[4]
FILES = sorted(
    path for folder in ("examples", "tests/conformance/scenarios") for path in (ROOT / folder).rglob("*.yaml")
)
PIECES = [
    *("a", "b", "- ", ": ", "? ", "\n", "\n  ", "\n    ", "{", "}", "[", "]", ", ", "'", '"', "|\n", ">\n", "#", " "),
    *("1", "-1.50", "1e3", ".inf", "~", "null", "true", "<<", "&x ", "*x", "!!str ", "! ", "---\n", "...\n", "\t", "%"),
]


def by_nodes(text: str) -> Json:
    """The document, or NotPlain when there is anything to tell."""
    reader = NodeReader("s.yaml", text)
    try:
        document = reader.read(compose(text, "s.yaml"))
    except UnreadableText:
        return NotPlain
    return NotPlain if reader.problems else document


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_reads_what_the_nodes_say(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    try:
        document = document_of(text)
    except NotPlain:
        assert any(sign in text for sign in ("&", "*", "!", "<<"))
    else:
        assert repr(document) == repr(by_nodes(text))


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@at_least(1500)
def test_whatever_it_reads_has_no_problem_and_is_the_same_document(text: str) -> None:
    try:
        document = document_of(text)
    except NotPlain:
        return
    assert repr(document) == repr(by_nodes(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# a comment",
        "a: 1\na: 2",
        "a: &x 1\nb: *x",
        "a: !!str 1",
        "a: .inf",
        "a: <<",
        "<<: {a: 1}",
        "1: a",
        "? [a]\n: b",
        "a: 1\n---\nb: 2",
        "a: \x07",
        "a: 'b",
        "a: {{ b }}",
        "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
        f"a: {'9' * 5000}",
    ],
)
def test_what_needs_a_message_is_left_to_the_nodes(text: str) -> None:
    with pytest.raises(NotPlain):
        document_of(text)


def test_the_deepest_document_is_read() -> None:
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert document_of(text) == by_nodes(text)


def test_every_value_is_as_json_has_it() -> None:
    text = 'a: 1\nb: 1.50\nc: [true, ~, "2", 012, yes, 2020-01-01]\nd:\n  e: |\n    x\n'
    assert repr(document_of(text)) == (
        "{'a': 1, 'b': Decimal('1.50'), 'c': [True, None, '2', '012', 'yes', '2020-01-01'], 'd': {'e': 'x\\n'}}"
    )
