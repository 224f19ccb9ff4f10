"""What a file is, by its keys."""

import pytest

from awsit.scenario.reading.kinds import is_library, is_of_texts, is_scenario, known_kind, misspelt
from awsit.scenario.reading.load import load_text


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"name": "s", "actions": []}, True),
        ({"library": "l", "actions": {}}, False),
        ({"name": "package", "version": "1"}, False),
        (["actions"], False),
    ],
)
def test_what_is_meant_to_be_a_scenario(document: object, expected: bool) -> None:
    assert is_scenario(document) is expected


@pytest.mark.parametrize(
    ("document", "expected"), [({"library": "l"}, True), ({"name": "s", "actions": []}, False), (["library"], False)]
)
def test_what_is_meant_to_be_a_library(document: object, expected: bool) -> None:
    assert is_library(document) is expected


@pytest.mark.parametrize("key", ["actoins", "action", "Actions", "ations", "steps"])
def test_what_was_meant_to_be_one_is_told_at_its_key(key: str) -> None:
    problem = misspelt(load_text(f"name: s\n{key}:\n  - {{name: A, type: wait, params: {{seconds: 1}}}}\n"))
    assert problem is not None
    assert (problem.position.line, problem.position.column) == (2, 1)
    assert f"there is no key `{key}`" in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "name: s\nactions: []",
        "steps: [one, two]",
        "action: push",
        "options:\n  - {type: radio}",
        '[{"actions": "of something else"}]',
        "[]",
        "text",
    ],
)
def test_what_was_not_meant_to_be_one_is_left_alone(text: str) -> None:
    assert misspelt(load_text(text)) is None


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"openapi": "3.1.0", "info": {}}, "OpenAPI document"),
        ({"Resources": {}}, "CloudFormation template"),
        ({"StartAt": "A", "States": {}}, "state machine"),
        ({"apiVersion": "v2", "name": "chart", "version": "1.0.0"}, "Kubernetes or Helm file"),
        ({"services": {"web": {"image": "nginx"}}}, "Compose file"),
        ({"name": "p", "version": "1.0.0", "devDependencies": {}}, "npm package"),
        ({"anything": 1}, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_documents_that_say_what_they_are(document: object, kind: str) -> None:
    assert known_kind(document) == kind


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"name": "Name", "actions": {"save": "Save", "more": {"cut": "Cut"}}}, True),
        ({"actions": "Actions", "steps": "Steps"}, True),
        ({"name": "s", "actions": {"name": "A", "type": "http_call", "params": {"url": "http://x"}}}, False),
        ({"name": "s", "actions": {"name": "A", "use": "login"}}, False),
        ({"name": "s", "actions": {"A": {"type": "wait", "params": {"seconds": 1}}}}, False),
        ({"name": "s", "actions": []}, False),
        ({"name": "s", "actions": None}, False),
    ],
)
def test_files_of_translations_may_have_a_key_actions(document: object, expected: bool) -> None:
    assert is_of_texts(document) is expected
