from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.examples import at_least

from awsit.errors import ActionError, ExpressionError
from awsit.expressions.templates import template
from awsit.model import json

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.text(),
    lambda items: st.lists(items, max_size=3) | st.dictionaries(st.text(max_size=5), items, max_size=3),
    max_leaves=8,
)


def failure(text: str, scope: dict[str, Any]) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        template.render(text, scope)
    return caught.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{ vars.quantity }}", 2),
        ("{{ vars.price }}", Decimal("1.10")),
        ("{{ vars.items }}", [3, 1, 2]),
        ("{{ vars.nothing }}", None),
        ("{{ vars.yes }}", True),
        ("{{ null }}", None),
        ("{{ context.nested }}", {"a": {"b": 1}}),
        ("{{ actions.Find.result.items[0].sku }}", "a"),
        ("{{ actions['Find'].result.count }}", 1),
        ("{{ stack('orders').ApiUrl }}/orders", "https://api.example/orders"),
        ("{{ vars.__typename }}", "Order"),
        ("{{ now() }}", "2026-01-31T12:00:00.250Z"),
        ("at {{ now() | plus(60) }}", "at 2026-01-31T12:01:00.250Z"),
        ("{{ now() | timestamp }}", Decimal("1769860800.25")),
        ("{{ {'a': {'b': [1, 2.50]}} }}", {"a": {"b": [1, Decimal("2.50")]}}),
        ("{{ '}}' }}{{ '{%' }}", "}}{%"),
        ("{{ secret('token') }}", "hunter2"),
        ("{{ random_string(3) }}", "xxx"),
        ("{{ range(3) }}", [0, 1, 2]),
        ("{{ 'yes' if vars.yes else 'no' }}", "yes"),
        ("{{ vars.items[1:] }}", [1, 2]),
        ("{{ 'a-b'.split('-') }}", ["a", "b"]),
        ("a\r\n{{ vars.quantity }}\r\n", "a\r\n2\r\n"),
        ("{{ vars.quantity }} ", "2 "),
    ],
)
def test_an_expression_that_stands_alone_keeps_its_type(text: str, value: Any, scope: dict[str, Any]) -> None:
    rendered = template.render(text, scope)

    assert rendered == value
    assert type(rendered) is type(value)


def test_inside_a_text_values_are_written_as_json_writes_them(scope: dict[str, Any]) -> None:
    text = "{{ vars.yes }} {{ vars.nothing }} {{ vars.price }} {{ vars.items }} {{ context.nested }} {{ 'é' }}"

    assert template.render(text, scope) == 'true null 1.10 [3,1,2] {"a":{"b":1}} é'
    assert template.render("{{ 1 ~ true ~ none ~ 1.50 }}", scope) == "1truenull1.50"


@pytest.mark.parametrize("text", ["{{ context.injected }}", "x{{ context.injected }}"])
def test_what_a_value_holds_is_never_rendered(text: str, scope: dict[str, Any]) -> None:
    assert template.render(text, scope).endswith("{{ vars.quantity }}")


def test_keys_are_rendered_as_text(scope: dict[str, Any]) -> None:
    document = {"{{ vars.quantity }}": ["{{ context.total }}", {"n-{{ context.order_id }}": None}]}

    assert template.render(document, scope) == {"2": [5, {"n-o-1": None}]}


def test_two_keys_that_become_one_are_an_error(scope: dict[str, Any]) -> None:
    with pytest.raises(ExpressionError, match="become `2`") as caught:
        template.render({"2": "a", "{{ vars.quantity }}": "b"}, scope)

    assert caught.value.code == "duplicate_key"


@pytest.mark.parametrize(
    ("text", "message", "marked"),
    [
        ("{{ cntext.order_id }}", "unknown name `cntext`; did you mean `context`?", "cntext"),
        ("id {{ context.ordr_id }}", "unknown name `ordr_id`; did you mean `order_id`?", "ordr_id"),
        ("{{ context['ordr_id'] }}", "unknown name `ordr_id`; did you mean `order_id`?", "ordr_id"),
        ("{{ actions.Find.result.itms }}", "unknown name `itms`; did you mean `items`?", "itms"),
        ("{{ stack('orders').ApiUr }}", "unknown name `ApiUr`; did you mean `ApiUrl`?", "ApiUr"),
        ("{{ vars.zzz }}", "known here: `__typename`, `items`", "zzz"),
        ("{{ [context.missing] }}", "unknown name `missing`", "missing"),
        ("{{ {'a': context.missing} }}", "unknown name `missing`", "missing"),
        ("{{ context.missing.deeper + 1 }}", "unknown name `missing`", "missing"),
        ("{{ context.missing | int }}", "unknown name `missing`", "missing"),
        ("{{ 1 + context.missing }}", "unknown name `missing`", "missing"),
        ("{{ context.missing ~ 'a' }}", "unknown name `missing`", "missing"),
        ("{{ context.missing == 1 }}", "unknown name `missing`", "missing"),
        ("{{ stack(context.missing) }}", "unknown name `missing`", "missing"),
        ("{{ vars.items[7] }}", "there is no item 7; the array has 3", None),
        ("{{ vars.quantity.foo }}", "a value of type number has no names", None),
        ("{{ vars.items.append(1) }}", "unknown name `append`", "append"),
    ],
)
def test_an_unknown_name_lists_the_near_ones(
    text: str, message: str, marked: str | None, scope: dict[str, Any]
) -> None:
    error = failure(text, scope)

    assert error.code == "unknown_name"
    assert message in error.message
    if marked:
        assert error.offset is not None
        assert text[error.offset : error.offset + error.length] == marked


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{ context.missing | default('z') }}", "z"),
        ("{{ context.missing.deeper['still'] | default(3) }}", 3),
        ("{{ context.total | default(3) }}", 5),
        ("{{ '' | default('z', true) }}", "z"),
        ("{{ context.missing is defined }}", False),
        ("{{ vars.items[9] | default(0) }}", 0),
    ],
)
def test_what_is_missing_may_have_a_default(text: str, value: Any, scope: dict[str, Any]) -> None:
    assert template.render(text, scope) == value


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__ }}",
        "{{ vars.__class__ }}",
        "{{ ''['__class__'] }}",
        "{{ context._private }}",
        "{{ stack.__globals__ }}",
        "{{ now.__self__ }}",
        "{{ ().__class__.__mro__ }}",
        "{% if vars.yes %}",
        "{# note #}",
        "{% raw %}{{ x }}{% endraw %}",
        "{# not closed",
        "{{- vars.quantity }}",
        "{{ vars.quantity -}}",
    ],
)
def test_anything_but_an_expression_on_data_is_forbidden(text: str, scope: dict[str, Any]) -> None:
    assert failure(text, scope).code == "forbidden"


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'a' * 300000 }}",
        "{{ [1] * 20000 }}",
        "{{ ('a' * 200000) ~ ('a' * 200000) }}",
        "{{ ('a' * 200000) + ('a' * 200000) }}",
        "{{ 'a' * 200000 }}{{ 'a' * 200000 }}",
        "{{ ('a' * 200000) | replace('a', 'aa') }}",
        "{{ range(10000) | join('-' * 100) }}",
        "{{ range(10001) }}",
        "{{ range(100000000000000000000) }}",
        "{{ 9 ** 9999 }}",
        "{{ 2 ** 99999999999 }}",
        "{{ 1e999999999 | int }}",
        "{{ 1e999999999 | round }}",
        "{{ " + "(" * 900 + "1" + ")" * 900 + " }}",
        "{{ a" + ".b" * 5000 + " }}",
        "{{ " + "9" * 5000 + " }}",
        "{{ '" + "a" * 20000 + "' }}",
    ],
)
def test_no_expression_can_fill_the_memory(text: str, scope: dict[str, Any]) -> None:
    assert failure(text, scope).code == "too_large"


def test_a_large_value_that_keeps_its_type_passes(scope: dict[str, Any]) -> None:
    body = "a" * 1_000_000

    assert template.render("{{ context.body }}", scope | {"context": {"body": body}}) == body


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("a {{ 1 + }}", "the expression ends too early", 4),
        ("{{ x", "`{{` has no `}}`", 0),
        ("{{ 1 $ 2 }}", "unexpected '$'", 5),
        ("{{ 1 \ufeff 2 }}", "unexpected '\\ufeff'", 5),
        ("{{ }}", "holds no expression", 2),
        ("{{ 1 'a' }}", "more after the end of the expression", 2),
        ("{{ 1, 2 }}", "more after the end of the expression", 2),
        ("{{ (1 }}", "unexpected", 6),
    ],
)
def test_bad_syntax_says_what_and_where(text: str, message: str, offset: int, scope: dict[str, Any]) -> None:
    error = failure(text, scope)

    assert (error.code, error.offset) == ("syntax", offset)
    assert message in error.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ 'a' + 1 }}", "`+` does not work between string and number; `~` joins texts"),
        ("{{ true + 1 }}", "`+` does not work between boolean and number"),
        ("{{ '%99999999d' % 1 }}", "`%` does not work between string and number"),
        ("{{ 'x' | int }}", '"x" is not a number'),
        ("{{ vars.quantity() }}", "a value of type number is not a function"),
        ("{{ [] | first }}", "first: the array is empty"),
    ],
)
def test_an_expression_without_a_value_says_why(text: str, message: str, scope: dict[str, Any]) -> None:
    error = failure(text, scope)

    assert error.code == "evaluation"
    assert message in error.message


def test_a_function_that_is_not_called_is_no_value(scope: dict[str, Any]) -> None:
    assert "call it with `()`" in failure("{{ now }}", scope).message


@pytest.mark.parametrize("text", ["{{ secret('token') | int }}", "{{ secret('token') + 1 }}"])
def test_an_error_never_shows_a_secret(text: str, scope: dict[str, Any]) -> None:
    assert "hunter2" not in failure(text, scope).message


def test_an_error_of_a_function_of_the_scope_passes_unchanged(scope: dict[str, Any]) -> None:
    def secret(_: str) -> str:
        raise ActionError("no such secret")

    with pytest.raises(ActionError, match="no such secret"):
        template.render("{{ secret('x') }}", scope | {"secret": secret})


def test_a_moment_in_another_zone_is_written_in_utc(scope: dict[str, Any]) -> None:
    there = datetime.fromisoformat("2026-01-31T13:00:00+01:00")

    assert template.render("{{ now() }}", scope | {"now": lambda: there}) == "2026-01-31T12:00:00.000Z"
    assert datetime(2026, 1, 31, 12, tzinfo=UTC) == there


@settings(max_examples=80)
@given(JSON_VALUES)
def test_data_passes_through_an_expression_unchanged(value: Any) -> None:
    rendered = template.render(["{{ context.value }}"], {"context": {"value": value}})

    assert json.dumps(rendered) == json.dumps([value])


@settings(max_examples=80)
@given(st.text(), st.text(), st.text())
def test_text_around_an_expression_is_kept_to_the_last_character(before: str, value: str, after: str) -> None:
    assume(not before.endswith("{") and not template.is_template(before) and not template.is_template(after))
    text = f"{before}{{{{ context.value }}}}{after}"

    assert template.render(text, {"context": {"value": value}}) == before + value + after


@given(st.text(alphabet="{}%#-'\"ab.|()[] 1+\\\r\n", max_size=20))
@at_least(200)
def test_any_text_is_rendered_or_refused_with_an_error_of_ours(text: str) -> None:
    source = "{{" + text
    scope = {name: {"b": 1} for name in ("a", "b", "ab")}
    try:
        template.render(source, scope)
    except ExpressionError:
        refused = True
    else:
        refused = False

    syntax = [problem for problem in template.problems(source) if problem.code in {"syntax", "too_large"}]
    assert refused or not syntax
