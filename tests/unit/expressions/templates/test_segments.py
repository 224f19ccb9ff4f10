"""Texts that are split without Jinja2, held to its lexer and its compiler."""

from hypothesis import assume, given
from hypothesis import strategies as st
from tests.examples import at_least

from awsit.errors import ExpressionError
from awsit.expressions.templates import evaluate, template
from awsit.expressions.templates.segments import Part, has_names_only, is_template, split, tokens

PIECES = [
    *("{{ ", " }}", "{{", "}}", "{", "}", "%", "#", "{%", "a", "é", " ", "\n", "\r\n", "-", "+", "'", '"', "(", ")"),
    *("vars.x", "context.a.b", "stack('a').B", "{{ vars.x }}", "{{ run.id }}/", "| upper", "~", "1", ".", "\\", ","),
]
OPERANDS = ["1", "1.5", "'s'", '"q"', "vars.a", "context.b.c", "null", "now()", "range(3)", "[1]", "(2)", "''"]
OPERATORS = [" + ", "-", " ~ ", " and ", " or ", " if ", "**", " in ", " == "]
SUFFIXES = ["", " | upper", " is defined", ".c", "['k']", ", 1", "("]


def by_lexer(text: str) -> list[Part]:
    parts, begun = [], 0
    for offset, token, lexeme in tokens(text):
        if token == "data":
            parts.append(Part(lexeme, offset, expression=False))
        elif token == "variable_begin":
            begun = offset + len(lexeme)
        elif token == "variable_end":
            parts.append(Part(text[begun:offset], begun, expression=True))
    return parts


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
@at_least(500)
def test_a_text_is_split_as_the_lexer_of_jinja2_splits_it(text: str) -> None:
    assume(is_template(text) and "\r" not in text)
    try:
        parts = list(split(text))
    except ExpressionError:
        assert not has_names_only(text)
        return
    assert parts == by_lexer(text)


VALUES = st.builds(str.__add__, st.sampled_from(OPERANDS), st.sampled_from(SUFFIXES))
REST = st.lists(st.builds(str.__add__, st.sampled_from(OPERATORS), VALUES), max_size=4).map("".join)


@given(st.builds(str.__add__, VALUES, REST))
@at_least(200)
def test_an_expression_without_a_problem_can_be_compiled(source: str) -> None:
    if not template.problems(f"{{{{ {source} }}}}"):
        assert evaluate.compiled(f" {source} ")
