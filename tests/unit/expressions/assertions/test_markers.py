from typing import Any

import pytest

from awsit.errors import ExpressionError
from awsit.expressions.assertions import assertion
from awsit.expressions.assertions.markers import Marker, find
from awsit.model.codec import encode
from awsit.model.json import dumps

SCOPE: dict[str, Any] = {
    "vars": {"kind": "#string", "pattern": {"a": "#ignore"}, "text": "{{ x }}"},
    "context": {"kind": "#string", "any": "#ignore", "all": {"a": ["#ignore"]}, "braces": "{{ x }}", "name": "matches"},
    "actions": {"Read": {"result": {"kind": "##null"}}},
    "secret": lambda _: "#ignore",
}


def passes(spec: Any, document: Any) -> bool:
    return assertion.check(assertion.render(spec, SCOPE), document).passed


@pytest.mark.parametrize(
    "pattern", ["#string", "{{ vars.kind }}", "##{{ 'string' }}", "#regex {{ context.kind[1] }}.*"]
)
def test_what_the_scenario_says_is_a_marker(pattern: str) -> None:
    assert passes({"matches": {"a": pattern}}, {"a": "some text"})
    assert not passes({"matches": {"a": pattern}}, {"a": 1})


@pytest.mark.parametrize(
    ("pattern", "same"),
    [
        ("{{ context.kind }}", "#string"),
        ("{{ context['any'] }}", "#ignore"),
        ("{{ vars.kind if context.any else '' }}", "#string"),
        ("{{ 'no' if vars.text == '' else context.any }}", "#ignore"),
        ("#{{ context.any[1:] }}", "#ignore"),
        ("#[] {{ context.any }}", "#[] #ignore"),
        ("{{ actions.Read.result.kind }}", "##null"),
        ("{{ actions['Read'].result | tojson | fromjson }}", {"kind": "##null"}),
        ("{{ context.all }}", {"a": ["#ignore"]}),
        ("{{ [context.any] }}", ["#ignore"]),
        ("{{ secret('any') }}", "#ignore"),
    ],
)
def test_what_a_service_gave_is_data(pattern: str, same: Any) -> None:
    others: list[Any] = ["some text", None, {"kind": None}, {"a": ["some text"]}, ["some text"], [1]]

    for spec in ({"matches": {"x": pattern}}, {"path": "$.x", "matches": pattern, "strict": True, "any_order": True}):
        assert passes(spec, {"x": same})
        assert [other for other in others if passes(spec, {"x": other})] == []
        assert [other for other in others if passes({"not": {"or": [spec]}}, {"x": other})] == others


def test_reports_show_data_as_the_text_that_it_is() -> None:
    result = assertion.check(assertion.render({"matches": "{{ context.any }}"}, SCOPE), 1)

    assert result.message == '$: expected "#ignore", got 1'
    assert '"expected":"#ignore"' in dumps(encode(result))


@pytest.mark.parametrize(
    "spec",
    [
        {"path": "$.nothing", "exists": "{{ context.braces }}"},
        {"length": "{{ vars.text }}"},
        {"type": "{{ context.braces }}"},
        {"one_of": "{{ context.braces }}"},
        {"json_schema": "{{ context.braces }}"},
        {"matches": {}, "strict": "{{ context.braces }}"},
        {"equals": 1, "tolerance_seconds": "{{ vars.text }}"},
    ],
)
def test_braces_in_data_are_no_template_that_stands_for_the_right_kind(spec: Any) -> None:
    with pytest.raises(ExpressionError) as error:
        passes(spec, {})

    assert error.value.code == "invalid_assertion"


def test_texts_that_are_no_markers() -> None:
    assert isinstance(find("#uuid"), Marker)
    assert find("#uid") is find("uuid") is None
