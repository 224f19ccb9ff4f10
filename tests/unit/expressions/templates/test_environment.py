from datetime import UTC, datetime
from typing import Any

import pytest

from awsit.errors import ExpressionError
from awsit.expressions import values
from awsit.expressions.datetimes import since_1970
from awsit.expressions.templates import template
from awsit.expressions.templates.random_string import MAX_LENGTH, random_strings
from awsit.system.randomness import SeededRandomness

SCOPE: dict[str, Any] = {
    "vars": {"text": "a", "big": "y" * 200_000, "list": [1, 2], "object": {"items": 5, "__class__": 7}},
    "now": lambda: datetime(2030, 1, 1, tzinfo=UTC),
    "random_string": random_strings(SeededRandomness()),
    "stack": {}.__getitem__,
}


def code(expression: str) -> str:
    with pytest.raises(ExpressionError) as error:
        template.render("{{ " + expression + " }}", SCOPE)
    return error.value.code


@pytest.mark.parametrize(
    "expression",
    [
        "vars.text.__class__",
        "vars['text']['__cl' ~ 'ass__']",
        "''.__class__.__mro__[1].__subclasses__()",
        "stack.__self__",
        "now.__globals__",
        "now().__reduce__()",
        "random_string.__closure__",
        "1.5.__class__",
        "[].__class__",
    ],
)
def test_attributes_of_python_are_out_of_reach(expression: str) -> None:
    assert code(expression) == "forbidden"


@pytest.mark.parametrize(
    "expression",
    [
        "vars.text.format(1)",
        "vars.list.append(3)",
        "vars.object.pop('items')",
        "now().timestamp()",
        "1.5.as_tuple()",
        "self.x",
        "cycler('a')",
        "namespace(a=1)",
    ],
)
def test_and_so_is_what_is_not_permitted(expression: str) -> None:
    assert code(expression) == "unknown_name"


def test_a_key_of_data_is_found_whatever_its_name() -> None:
    assert template.render(["{{ vars.object.items }}", "{{ vars.object.__class__ }}"], SCOPE) == [5, 7]


@pytest.mark.parametrize(
    "expression",
    [
        "'a' * 10 ** 9",
        "[0] * 10 ** 8",
        "10 ** 9999",
        "range(10 ** 30)",
        "vars.big ~ vars.big",
        "vars.big | replace('', 'z')",
        "[vars.big, vars.big] | join",
        "vars.big.split('y')",
        "now().strftime('%Y' * 100000)",
        "(vars.big | replace('y', 'ß')).upper()",
        "[[[[0] * 9999] * 9999] * 9999] * 9999",
        "[vars.big] * 9999",
        "([vars.big] * 5000) | tojson",
        "([[vars.big] * 500] * 9) ~ ''",
        "'1e999999' | float | int",
        "1 | round(10 ** 9)",
    ],
)
def test_what_would_fill_the_memory_is_refused(expression: str) -> None:
    assert code(expression) == "too_large"


def test_a_document_that_a_service_gave_is_passed_on_whatever_its_size() -> None:
    large = {"items": [{"text": "x" * 100, "number": number} for number in range(20_000)]}

    assert template.render("{{ context.large }}", {"context": {"large": large}}) == large
    assert values.MAX_VALUES > 60_000


@pytest.mark.parametrize("length", ["10 ** 9", "-1", "0", "'7'", "1.5", "true", "null", str(MAX_LENGTH + 1)])
def test_a_random_string_has_a_length_within_reason(length: str) -> None:
    assert code(f"random_string({length})") == "evaluation"


def test_random_strings() -> None:
    texts = template.render(["{{ random_string(1) }}", f"{{{{ random_string({MAX_LENGTH}) }}}}"], SCOPE)

    assert list(map(len, texts)) == [1, MAX_LENGTH]


@pytest.mark.parametrize("seconds", ["1e18", "-1e18", "10 ** 300", "999999999999", "1e999999"])
def test_a_number_that_no_calendar_holds_is_no_moment(seconds: str) -> None:
    assert code(f"({seconds}) | iso") == "too_large"


def test_numbers_are_moments_to_the_microsecond() -> None:
    assert since_1970(1893456000) == datetime(2030, 1, 1, tzinfo=UTC)
    assert template.render("{{ 0.000001 | plus(1893456000) | timestamp }}", SCOPE) == values.plain(1893456000.000001)
