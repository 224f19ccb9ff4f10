"""Wrong calls in expressions are told without Python's words."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from awsit.errors import ExpressionError
from awsit.expressions.templates import template
from awsit.expressions.templates.environment import environment
from awsit.expressions.templates.filters import FILTERS

SCOPE = {
    "vars": {"items": [{"a": 1}, {"a": "x"}], "number": 3, "text": "x y", "name": "nope"},
    "now": lambda: datetime(2030, 1, 1, tzinfo=UTC),
    "uuid": lambda: "u",
}
PYTHONS_WORDS = re.compile(
    r"argument|(?<!now)\(\)|positional|keyword|__|<lambda>|object is|instances|'(str|int|dict|list)'|named|operand"
)


def message(expression: str) -> str:
    with pytest.raises(ExpressionError) as raised:
        template.render(f"{{{{ {expression} }}}}", SCOPE)
    return raised.value.message.removesuffix(f" (in `{{{{ {expression} }}}}`)")


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("vars.items | map", "map: needs the name of a filter, or `attribute=` and a key"),
        ("vars.items | map(x='a')", "map: needs the name of a filter, or `attribute=` and a key"),
        ("vars.items | map(attribute='a', x=1)", "map: takes no `x`"),
        ("vars.items | map(vars.name)", "there is no filter `nope`"),
        ("vars.items | map(1)", "there is no filter 1"),
        ("vars.items | select(vars.name)", "there is no test `nope`"),
        ("vars.items | selectattr", "selectattr: needs a key in its parentheses"),
        ("vars.items | selectattr('a', 'gt', 0)", "gt: string and number have no order"),
        ("vars.items | select('divisibleby')", "divisibleby: needs `factor` in its parentheses"),
        ("vars.text | replace('a')", "replace: needs `new` in its parentheses"),
        ("vars.text | replace", "replace: needs `old` and `new` in its parentheses"),
        ("vars.text | replace('a', old='a')", "replace: has two values for `old`"),
        ("vars.items | sum(1, 2, 3)", "sum: has too many values in its parentheses"),
        ("vars.items | min(1, 2, 3)", "min: has too many values in its parentheses"),
        ("vars.items | sort(by='a')", "sort: takes no `by`"),
        ("vars.number | round('x')", "round: needs a number, not string"),
        ("vars.text.startswith()", "startswith: has too few values in its parentheses"),
        ("vars.text.startswith(1)", "startswith: a value in its parentheses is of the wrong type"),
        ("vars.text.split(1)", "a value in its parentheses is of the wrong type"),
        ("vars.text.split(1, 2, 3)", "split: has too many values in its parentheses"),
        ("vars.text.upper(1)", "upper: has too many values in its parentheses"),
        ("now(1)", "has too many values in its parentheses"),
        ("now().strftime()", "strftime: needs `format` in its parentheses"),
        ("range()", "range: has too few values in its parentheses"),
        ("range('a')", "needs a whole number, not string"),
        ("vars.number is odd(1)", "odd: has too many values in its parentheses"),
        ("vars.number is in 3", "in: number has no items"),
        ("vars.number + 'x'", "`+` does not work between number and string"),
    ],
)
def test_a_wrong_call_is_told_in_the_words_of_templates(expression: str, words: str) -> None:
    assert message(expression).startswith(words)


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_no_filter_tells_of_python(name: str) -> None:
    for call in (name, f"{name}(1, 2, 3, 4, 5)", f"{name}(no_such=1)", f"{name}([], {{}})"):
        for value in ("vars.items", "vars.number", "vars.text"):
            try:
                template.render(f"{{{{ {value} | {call} }}}}", SCOPE)
            except ExpressionError as error:
                told = error.message.replace(f"{{{{ {value} | {call} }}}}", "")
                assert not PYTHONS_WORDS.search(told), told


@pytest.mark.parametrize("name", sorted(name for name in environment().tests if name.isalpha()))
def test_no_test_tells_of_python(name: str) -> None:
    for call in (name, f"{name}(1, 2, 3)", f"{name}(no_such=1)", f"{name}([])"):
        for value in ("vars.items", "vars.number", "vars.text"):
            try:
                template.render(f"{{{{ {value} is {call} }}}}", SCOPE)
            except ExpressionError as error:
                told = error.message.replace(f"{{{{ {value} is {call} }}}}", "")
                assert not PYTHONS_WORDS.search(told), told
