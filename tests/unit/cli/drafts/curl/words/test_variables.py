"""Variables stay apart from text that only looks like them."""

import pytest

from awsit.cli.drafts.curl.words.variables import (
    as_template,
    filtered,
    has_variable,
    pieces,
    variable,
    variables_of,
    without_variables,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{variable('HOST')}/orders", "{{ env.HOST }}/orders"),
        (f"{variable('a')}{variable('b | int')}", "{{ env.a }}{{ env.b | int }}"),
        ("costs $5 or $LOWER", "costs $5 or $LOWER"),
        (f"{{{{ x }}}} {variable('A')}", "{{ '{{' }} x }} {{ env.A }}"),
        ({"a": [variable("A"), 1, None]}, {"a": ["{{ env.A }}", 1, None]}),
    ],
)
def test_variables_become_templates(text, shown):
    assert as_template(text) == shown


def test_a_text_is_known_by_its_variables():
    text = f"a{variable('B | urlencode')}c{variable('D')}"
    assert has_variable(text)
    assert not has_variable("a$B")
    assert variables_of(text) == {"B", "D"}
    assert without_variables(text) == "ac"
    assert pieces(text) == ["a", variable("B | urlencode"), "c", variable("D"), ""]
    assert filtered(variable("B"), "urlencode") == variable("B | urlencode")
