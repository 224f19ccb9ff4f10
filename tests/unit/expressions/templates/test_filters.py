from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awsit.errors import ExpressionError
from awsit.expressions import values
from awsit.expressions.templates import template
from awsit.expressions.templates.filters import b64decode, b64encode, fromjson, tojson


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'12' | int", 12),
        ("'12.9' | int", 12),
        ("-1.5 | int", -1),
        ("'x' | int(0)", 0),
        ("true | int", 1),
        ("'1.50' | float", Decimal("1.50")),
        ("2 | float", Decimal(2)),
        ("'x' | float(0.5)", Decimal("0.5")),
        ("1.50 | string", "1.50"),
        ("[1, none] | string", "[1,null]"),
        ("'é' | b64encode", "w6k="),
        ("'w6k' | b64decode", "é"),
        ("{'a': 1.50} | tojson", '{"a":1.50}'),
        ("{'a': 1} | tojson(2)", '{\n  "a": 1\n}'),
        ("""'{"a": 1.50}' | fromjson""", {"a": Decimal("1.50")}),
        ("'Ab' | upper ~ 'Ab' | lower", "ABab"),
        ("' a ' | trim", "a"),
        ("'aaa' | replace('a', 'b', 2)", "bba"),
        ("[1, 2] | length + 'abc' | length + {'a': 1} | length", 6),
        ("[1, 2] | first", 1),
        ("'abc' | last", "c"),
        ("[1, 'a', true] | join(', ')", "1, a, true"),
        ("[{'n': 1}, {'n': 2}] | join('-', 'n')", "1-2"),
        ("'a b/ü' | urlencode", "a%20b%2F%C3%BC"),
        ("{'a': 1, 'b': 'x y'} | urlencode", "a=1&b=x%20y"),
        ("'' | sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("1.005 | round(2)", Decimal("1.01")),
        ("2.5 | round", 3),
        ("1250 | round(-2)", 1300),
        ("-3 | abs", 3),
        ("-1.50 | abs", Decimal("1.50")),
        ("'2026-01-31' | iso", "2026-01-31T00:00:00.000Z"),
        ("0 | iso", "1970-01-01T00:00:00.000Z"),
        ("'2026-01-31T13:00:00+01:00' | timestamp", 1769860800),
        ("'2026-01-31T12:00:00Z' | plus(-0.5) | timestamp", Decimal("1769860799.5")),
        ("{'b': 1, 'a': 2} | list", ["b", "a"]),
        ("'abc' | list", ["a", "b", "c"]),
        ("[3, 1.5, 2] | sort", [Decimal("1.5"), 2, 3]),
        ("[{'n': 2}, {'n': 1}] | sort(attribute='n')", [{"n": 1}, {"n": 2}]),
        ("[1, 2] | sort(reverse=true)", [2, 1]),
        ("[1, 1.0, true, '1'] | unique", [1, True, "1"]),
        ("[2, 0.5] | min", Decimal("0.5")),
        ("[2, 0.5] | max", 2),
        ("[0.1, 0.2] | sum", Decimal("0.3")),
        ("[{'p': {'n': [1.50]}}] | sum(attribute='p.n.0')", Decimal("1.50")),
        ("[{'a.b': 1}] | join(attribute='a.b')", "1"),
        ("[{'a': 1}, {'a': 1.0, 'b': 2}, {'a': '1'}] | unique('a')", [{"a": 1}, {"a": "1"}]),
        ("[{'n': 1.50}, {'n': 2}] | map(attribute='n')", [Decimal("1.50"), 2]),
        ("[{'n': {'x': [7]}}] | map(attribute='n.x.0')", [7]),
        ("[{'n': 1}, {}] | map(attribute='n', default=none)", [1, None]),
        ("[[1, 2], [3]] | map('sum')", [3, 3]),
        ("[[1], [2, 3]] | map('map', 'string')", [["1"], ["2", "3"]]),
        ("['1', 'x'] | map('int', 0)", [1, 0]),
        ("[1, 2, 3] | select('odd')", [1, 3]),
        ("[1, 2, 3] | reject('gt', 1)", [1]),
        ("[0, 1, none, ''] | select", [1]),
        ("[{'n': 1}, {'n': 2}] | selectattr('n', 'ge', 2)", [{"n": 2}]),
        ("[{'n': 1}, {}] | rejectattr('n', 'defined')", [{}]),
        ("[] | first | default('none') ~ [] | max | default(0)", "none0"),
        ("{'b': 1} | items", [["b", 1]]),
        ("'abc' | reverse ~ [1, 2] | reverse | first", "cba2"),
        ("[{'n': 1}, {'n': 2}] | sum('n')", 3),
    ],
)
def test_filters(expression: str, value: Any) -> None:
    rendered = template.render(f"{{{{ {expression} }}}}", {})

    assert rendered == value
    assert str(rendered) == str(value)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("'%' | b64decode", "b64decode: the text is not Base64"),
        ("'{' | fromjson", "fromjson: the text is not JSON"),
        ("1 | fromjson", "fromjson: needs a text, not number"),
        ("5 | length", "length: number has no length"),
        ("'a' | round", "round: needs a number, not string"),
        ("true | abs", "abs: needs a number, not boolean"),
        ("'yesterday' | iso", "iso: needs a moment"),
        ("[1, 'a'] | sort", "number and string have no order"),
        ("[{'a': 1}, {'a': 2}] | sort", "object and object have no order"),
        ("[{'n': none}, {'n': 2}] | min(attribute='n')", "null and number have no order"),
        ("[1, 'a'] | sum", "`+` does not work between number and string"),
        ("[{'name': 1}] | join('', 'nam')", "unknown name `nam`; did you mean `name`?"),
        ("1e999999 | plus(1)", "out of range"),
    ],
)
def test_a_filter_says_what_it_needs(expression: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        template.render(f"{{{{ {expression} }}}}", {})

    assert message in caught.value.message


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("0.1 + 0.2", "0.3"),
        ("1.10 * 3", "3.30"),
        ("0.1234567890123456789012345678901234567890 * 2", "0.2469135780246913578024691357802469135780"),
        ("-0.12345678901234567890123456789012345", "-0.12345678901234567890123456789012345"),
        ("6 / 3", "2"),
        ("10 / 4", "2.5"),
        ("1 / 3", "0." + "3" * 38),
        ("7 // 2", "3"),
        ("-7.5 // 2", "-4"),
        ("-7.5 % 2", "0.5"),
        ("-7 % 2", "1"),
        ("2 ** 10", "1024"),
        ("1.1 ** 2", "1.21"),
        ("2 ** -1", "0.5"),
        ("12345678901234567890123 + 1", "12345678901234567890124"),
        ("1_000.5 - 0.5", "1000.0"),
        ("0.1 + 0.2 == 0.3", "true"),
        ("2 == 2.0", "true"),
    ],
)
def test_arithmetic_is_exact(expression: str, text: str) -> None:
    assert template.render(f"={{{{ {expression} }}}}", {}) == f"={text}"


@settings(max_examples=60)
@given(st.text())
def test_base64_and_json_lead_back_to_the_text(text: str) -> None:
    assert b64decode(b64encode(text)) == text
    assert fromjson(tojson(text)) == text


@settings(max_examples=60)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=6), st.integers(-(10**20), 10**20))
def test_sums_and_differences_cancel(left: Decimal, right: int) -> None:
    scope = {"vars": {"a": left, "b": right}}

    assert template.render("{{ vars.a + vars.b - vars.b == vars.a }}", scope) is True


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("[{'name': 1}] | map(attribute='nme')", "unknown name `nme`; did you mean `name`?"),
        ("['a'] | map(attribute='upper')", "unknown name `upper`: a value of type string has no names"),
        ("[{}] | map(attribute='__class__')", "`__class__` is not data"),
        ("[{}] | selectattr('coupon')", "unknown name `coupon`"),
        ("[] | first", "first: the array is empty"),
        ("[{'a': 1}] | sum(attribute='a.b')", "an item of type number has no `b`"),
        ("3 | map('string')", "needs an array, not number"),
        ("{} | length | items", "needs an object, not number"),
    ],
)
def test_what_has_no_value_is_refused(expression: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        template.render("{{ " + expression + " }}", {})
    assert message in caught.value.message


@pytest.mark.parametrize(
    "expression",
    [
        "([range(10000)] * 10000) | map('sum')",
        "([range(10000)] * 10000) | map('select', 'undefined')",
        "range(10000) | select('in', range(10000))",
        "(['x' * 100000] * 10000) | map('upper')",
        "(['x' * 10] * 10000) | map('replace', 'x', 'y' * 10000)",
    ],
)
def test_work_on_every_item_is_bounded(expression: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "MAX_VALUES", 50_000)  # a million takes a second
    with pytest.raises(ExpressionError) as caught:
        template.render("{{ (" + expression + ") | length }}", {})
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("[1] | map('strng')", "unknown filter `strng`; did you mean `string`?"),
        ("[1] | select('od')", "unknown test `od`; did you mean `odd`?"),
        ("[1] | selectattr('a', 'eqq', 1)", "unknown test `eqq`; did you mean `eq`?"),
    ],
)
def test_a_misspelt_name_that_a_filter_takes_is_found_before_the_run(expression: str, message: str) -> None:
    [problem] = template.problems("{{ " + expression + " }}")
    assert message in problem.message
