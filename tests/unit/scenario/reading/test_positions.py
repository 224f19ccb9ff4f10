"""Problems mark the characters that are meant, however the text is written."""

from __future__ import annotations

import pytest
from tests.unit.scenario.marking import ACTION, Find, marked


@pytest.mark.parametrize(
    ("written", "mark"),
    [
        ("x {{ foo }} {{ run.id }}", "foo"),
        ("'x {{ run.id | foo }}'", "foo"),
        ('"x {{ context.foo.bar }}"', "context.foo"),
        ("\"\\u00e9 {{ run.id }} é {{ context['foo'] }}\"", "\"\\u00e9 {{ run.id }} é {{ context['foo'] }}\""),
        ("'it''s {{ foo }}'", "'it''s {{ foo }}'"),
        ("'{{ foo }} it''s'", "foo"),
        ("'😀 {{ vars.foo }}'", "vars.foo"),
        ("|\n          first\n\n            {{ run.id }} {{ foo }}\n", "foo"),
        ("|2\n          first {{ foo }}\n", "|"),
        (">\n          first {{ foo }}\n", ">"),
        ("'first\n          {{ foo }}'", "'"),
        ("'{{ run.id '", "{{"),
        ("'{{ run.id + }}'", "run.id +"),
    ],
)
def test_the_spot(find: Find, written: str, mark: str) -> None:
    text = ACTION.replace('{url: "http://x"}', f"\n      url: http://x\n      headers:\n        b: {written}")
    (problem,) = find(text)
    assert marked(text, problem) == mark


def test_a_key_with_a_template_is_marked_as_a_whole(find: Find) -> None:
    text = ACTION.replace(
        '{url: "http://x"}', '{url: "http://x", headers: {"{{ vars.nothing }}": "{{ vars.nobody }}"}}'
    )
    assert [marked(text, problem) for problem in find(text)] == ['"{{ vars.nobody }}"', "vars.nobody"]


def test_windows_line_ends(find: Find) -> None:
    text = ACTION.replace('{url: "http://x"}', "\n      url: |\n        a\n        {{ foo }}").replace("\n", "\r\n")
    (problem,) = find(text)
    assert marked(text, problem) == "foo"


def test_a_path(find: Find) -> None:
    text = f"{ACTION}    pass_to_context: {{id: $.items[?@.a = 1]}}\n".replace(
        "$.items[?@.a = 1]", '"$.items[?@.a = 1]"'
    )
    (problem,) = find(text)
    assert marked(text, problem) == "="
