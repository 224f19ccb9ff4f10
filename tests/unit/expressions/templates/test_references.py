import sys
from collections.abc import Iterator
from typing import Any

import pytest

from awsit.expressions.templates import template
from awsit.expressions.templates.template import References


@pytest.fixture
def usual_depth() -> Iterator[None]:
    """Python's own limit of recursion: libraries that other tests use raise it for the whole process."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    yield
    sys.setrecursionlimit(before)


def test_every_literal_name_is_found_wherever_it_stands() -> None:
    document = {
        "{{ vars.key }}": [
            "{{ context.a ~ context['b'] }} {{ actions.Find.result.x }}{{ actions['Make'].result }}",
            {"url": "{{ stack('orders').ApiUrl }}/{{ env.STAGE }}"},
            "{{ secret('token') }} {{ secret(vars.id) }} {{ parameter('/limit') }}",
            "{{ context[vars.dynamic] }}",
            "no template",
            7,
        ]
    }

    assert template.references(document) == References(
        context=frozenset({"a", "b"}),
        vars=frozenset({"key", "id", "dynamic"}),
        env=frozenset({"STAGE"}),
        actions=frozenset({"Find", "Make"}),
        stacks=frozenset({"orders"}),
        outputs=frozenset({("orders", "ApiUrl")}),
        secrets=frozenset({"token"}),
        parameters=frozenset({"/limit"}),
        whole=frozenset({"context"}),
    )


def test_names_that_have_a_default_are_optional() -> None:
    found = template.references("{{ context.a.b | default(1) }}{{ env.X is defined }}{{ vars.y }}")

    assert found.optional == {"context.a", "env.X"}


def test_a_text_that_cannot_be_parsed_names_nothing() -> None:
    assert template.references(["{{ context.a", "{{ context.b + }}"]) == References()


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("{{ cntext.x }}", "unknown_name", "unknown name `cntext`; did you mean `context`?"),
        ("{{ uuuid() }}", "unknown_name", "did you mean `uuid`?"),
        ("{{ self }}", "unknown_name", "unknown name `self`"),
        ("{{ run.idd }}", "unknown_name", "`run` has no `idd`; did you mean `id`?"),
        ("{{ stack(vars.name).X }}", "not_literal", "`stack()` needs the stack's name as a literal text"),
        ("{{ stack().X }}", "not_literal", "`stack()` needs"),
        ("{{ env[vars.name] }}", "not_literal", "`env` needs a literal name"),
        ("{{ actions | tojson }}", "not_literal", "`actions` needs a literal name"),
        ("{{ now }}", "not_called", "`now` is a function; call it with `()`"),
        ("{{ stack.orders }}", "not_called", "`stack` is a function"),
        ("{{ context('x') }}", "not_a_function", "`context` is not a function; write `context.key`"),
        ("{{ 'a' | uper }}", "unknown_filter", "unknown filter `uper`; did you mean `upper`?"),
        ("{{ 1 if false else ('a' | uper) }}", "unknown_filter", "did you mean `upper`?"),
        ("{{ 1 is ood }}", "unknown_test", "unknown test `ood`; did you mean `odd`?"),
        ("{{ ''.__class__ }}", "forbidden", "`__class__` is not data"),
        ("{{ vars.x + }}", "syntax", "the expression ends too early (in `{{ vars.x + }}`)"),
        ("{{ 1, 2 }}", "syntax", "more after the end"),
        ("{% if x %}", "forbidden", "`{% %}` is not allowed; only `{{ expression }}` is (at character 1)"),
        ("a {# x #}", "forbidden", "`{# #}` is not allowed; only `{{ expression }}` is (at character 3)"),
        ("{{ a" + ".b" * 3000 + " }}", "too_large", "the expression is too complex"),
    ],
)
@pytest.mark.usefixtures("usual_depth")
def test_a_problem_is_found_without_evaluating(text: str, code: str, message: str) -> None:
    (problem,) = template.problems({"body": {"items": ["fine", text]}})

    assert (problem.code, problem.path) == (code, "body.items[1]")
    assert message in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "{{ stack('orders').ApiUrl }}",
        "{{ secret(vars.name) ~ parameter('/' ~ vars.name) }}",
        "{{ context[vars.key] | default(now() | plus(60) | iso) }}",
        "{{ range(3) | join(random_string(2)) ~ uuid() ~ run.id ~ run.started_at ~ null }}",
        "{{ vars.__typename }}",
        "{{ '{%' }} } {{ {'a': {}} }}",
    ],
)
def test_good_expressions_have_no_problems(text: str) -> None:
    assert template.problems(text) == []


@pytest.mark.parametrize(
    ("value", "places"),
    [
        ("{{ a }}", [""]),
        (["{{ a }}"], ["[0]"]),
        ({"a": {"b": ["x", {"c": "{{ a }}"}]}}, ["a.b[1].c"]),
        ({"{{ a }}": "{{ b }}"}, ["{{ a }}", "{{ a }}"]),
        ([{"x": 1}, None], []),
    ],
)
def test_the_place_of_a_template_is_told(value: Any, places: list[str]) -> None:
    assert [place for place, _ in template.texts(value)] == places


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("stack('orders').ApiUrl", {("orders", "ApiUrl")}),
        ("stack('orders')['ApiUrl'] + stack('stock').Table.x", {("orders", "ApiUrl"), ("stock", "Table")}),
        ("stack('orders').ApiUrl | default('x')", set()),
        ("stack('orders').ApiUrl is defined", set()),
        ("stack('orders').A if stack('orders').B else 1", set()),
        ("stack('orders').A or stack('orders').B", set()),
        ("stack('orders')[vars.name]", set()),
    ],
)
def test_outputs_that_are_read_in_every_case(expression, expected):
    assert template.references(f"{{{{ {expression} }}}}").outputs == expected
