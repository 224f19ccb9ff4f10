from __future__ import annotations

from typing import Any

import pytest

from awsit.errors import ExpressionError
from awsit.expressions.assertions import assertion
from awsit.expressions.assertions.rendering import render
from awsit.model.json import Json

SCOPE: dict[str, object] = {
    "context": {"id": "a'b", "n": 1, "hostile": "'] | $..*", "path": "$.secret"},
    "vars": {"field": "total", "path": "$.items[0].id", "nested": "a.b"},
}


@pytest.mark.parametrize(
    ("spec", "rendered"),
    [
        (
            {"path": "$.items[?@.id == {{ context.id }}]", "equals": 1},
            {"path": r"$.items[?@.id == 'a\'b']", "equals": 1},
        ),
        ({"path": "$.a['{{ context.hostile }}']", "exists": True}, {"path": r"$.a['\'] | $..*']", "exists": True}),
        ({"path": "$.{{ vars.field }}", "equals": "{{ context.n }}"}, {"path": "$.total", "equals": 1}),
        ({"path": "{{ vars.path }}", "exists": True}, {"path": "$.items[0].id", "exists": True}),
        (
            {"path": "$.a", "json_path": "$.b[{{ context.n }}]", "exists": True},
            {"path": "$.a", "json_path": "$.b[1]", "exists": True},
        ),
        (
            {"json_path": ["$.a", "$[{{ context.id }}]"], "exists": True},
            {"json_path": ["$.a", r"$['a\'b']"], "exists": True},
        ),
        (
            {"any": {"not": {"or": [{"path": "$[{{ context.id }}]", "equals": "x"}]}}},
            {"any": {"not": {"or": [{"path": r"$['a\'b']", "equals": "x"}]}}},
        ),
        ({"path": "$", "equals": {"path": "$.x[{{ context.id }}]"}}, {"path": "$", "equals": {"path": "$.x[a'b]"}}),
    ],
)
def test_templates_of_paths_give_literals_and_those_of_operands_texts(spec: Json, rendered: Json) -> None:
    assert render(spec, SCOPE) == rendered


@pytest.mark.parametrize(
    ("path", "message", "hint"),
    [
        ("$.{{ vars.nested }}", '"a.b" is no name that may stand after a dot', "must be written out"),
        ("{{ vars.path }}.id", "never a part of its syntax", "write the path out"),
        ("{{ context.path }}", "what a service answered is no path", "write the path out"),
        ("$.a[{{ [1] }}]", "array [1] is no literal of a path", "numbers, texts"),
    ],
)
def test_a_value_that_would_be_syntax_is_refused(path: str, message: str, hint: str) -> None:
    with pytest.raises(ExpressionError, match=r".") as caught:
        render({"path": path, "exists": True}, SCOPE)

    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("path", "message", "mark"),
    [
        ("$.a[0]{{ vars.x }}.b", "never a part of its syntax", "{{ vars.x }}"),
        ("{{ vars.x }}.b", "never a part of its syntax", "{{ vars.x }}"),
        ("{{ context.x }}", "what a service answered is no path", None),
        ("$.a[{{ vars.x }}", "is not a JSONPath, whatever its template gives: `$.a[0`", None),
        ("$.a[?@.b = {{ vars.x }}]", "is not a JSONPath, whatever its template gives", None),
    ],
)
def test_a_path_that_no_value_makes_right_is_found_before_the_run(path: str, message: str, mark: str | None) -> None:
    (problem,) = assertion.problems({"path": path, "exists": True})

    assert problem.path == "path"
    assert message in problem.message
    assert mark is None or path[problem.offset : (problem.offset or 0) + problem.length] == mark


@pytest.mark.parametrize(
    "path",
    [
        "$.a[{{ vars.n }}:{{ vars.m }}]",
        "$.a[?@.b == {{ vars.x }} && @['{{ vars.y }}'] > {{ vars.z }}]",
        "$..{{ vars.name }}",
        "$.a_{{ vars.n }}",
        "{{ vars.path }}",
        "$[?length(@.{{ vars.x }}) > {{ vars.n }}]",
    ],
)
def test_a_path_that_a_value_makes_right_passes(path: str) -> None:
    assert assertion.problems({"path": path, "json_path": [path], "exists": True}) == []


def test_two_keys_that_become_one_are_refused() -> None:
    with pytest.raises(ExpressionError, match="become the same"):
        render({"{{ 'equals' }}": 1, "equals": 2}, {})


def test_markers_of_services_are_data_inside_elements_too() -> None:
    scope: dict[str, Any] = {"context": {"id": "#ignore"}}
    spec = render({"any": {"matches": {"id": "{{ context.id }}"}}}, scope)

    assert not assertion.check(spec, [{"id": "x"}]).passed
    assert assertion.check(spec, [{"id": "#ignore"}]).passed
