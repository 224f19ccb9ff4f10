from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from awsit.expressions.jsonpath import lookup
from awsit.expressions.jsonpath.lookup import Lookup
from awsit.expressions.jsonpath.query import Found

INNER = {"detail": {"id": 7}, "tags": ["a", "b"]}
DOCUMENT: dict[str, Any] = {
    "Body": json.dumps({"status": "done", "Message": json.dumps(INNER)}),
    "Messages": [{"Body": json.dumps({"n": n})} for n in (1, 2)],
    "Data": base64.b64encode(json.dumps({"batch": "b"}).encode()).decode(),
    "Url": base64.urlsafe_b64encode(json.dumps({"batch": "bÿÿÿ?>"}, ensure_ascii=False).encode()).decode().rstrip("="),
    "plain": "hello world",
    "mixed": ["{}", "no"],
    "object": {"a": 1},
    "empty": "",
    "nothing": None,
    "deep": "[" * 200 + "]" * 200,
    "marked": '\ufeff{"a": 1}',
    "cut": '{"a": 1, ',
}


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        ("$.object.a", Found([1], singular=True)),
        ({"path": "$.Body", "json_path": "$.status"}, Found(["done"], singular=True)),
        ({"path": "$.Body", "json_path": ["$.Message", "$.detail.id"]}, Found([7], singular=True)),
        ({"path": "$.Body", "json_path": ["$.Message", "$.tags[*]"]}, Found(["a", "b"], singular=False)),
        ({"path": "$.Messages[*].Body", "json_path": "$.n"}, Found([1, 2], singular=False)),
        ({"path": "$.Messages[?@.n].Body", "json_path": "$.n"}, Found([], singular=False)),
        ({"path": "$.Data", "json_path": "$.batch"}, Found(["b"], singular=True)),
        ({"path": "$.Url", "json_path": "$.batch"}, Found(["bÿÿÿ?>"], singular=True)),
        ({"path": "$.marked", "json_path": "$.a"}, Found([1], singular=True)),
        ({"path": "$.nowhere", "json_path": "$.a"}, Found([], singular=True)),
        ({"path": "$.Body", "json_path": "$.nowhere"}, Found([], singular=True)),
    ],
)
def test_paths_lead_into_the_json_of_texts(spec: Any, found: Found) -> None:
    assert Lookup.of(spec).find(DOCUMENT) == found


def test_without_a_path_the_whole_document_is_the_text() -> None:
    assert Lookup.of({"json_path": "$.a"}).find('{"a": 1}') == Found([1], singular=True)


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        (
            {"path": "$.plain", "json_path": "$.a"},
            '$.plain is no JSON, the parser stopped at character 1 (Expecting value): "hello world"',
        ),
        (
            {"path": "$.cut", "json_path": "$.a"},
            (
                "$.cut is no JSON, the parser stopped at character 10 "
                "(Expecting property name enclosed in double quotes): "
                r'"{\"a\": 1, "'
            ),
        ),
        ({"path": "$.mixed[*]", "json_path": "$.a"}, "[1] of $.mixed[*] is no JSON, the parser stopped at"),
        ({"path": "$.object", "json_path": "$.a"}, "$.object is an object, not a text: `json_path` reads JSON inside"),
        ({"path": "$.nothing", "json_path": "$.a"}, "$.nothing is null, not a text"),
        ({"path": "$.empty", "json_path": "$.a"}, "$.empty is no JSON: it is an empty text"),
        ({"path": "$.deep", "json_path": "$[0]"}, "$.deep is JSON that is nested more than 100 levels deep"),
        ({"path": "$.Body", "json_path": ["$.status", "$.a"]}, "$.status in $.Body is no JSON"),
        ({"path": "$.Body", "json_path": ["$", "$.a"]}, "$ in $.Body is an object, not a text"),
    ],
)
def test_a_text_without_json_is_told(spec: Any, problem: str) -> None:
    assert Lookup.of(spec).find(DOCUMENT).problem.startswith(problem)


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ("$.Body.status", "$.Body is a text that holds JSON: read it with `path: $.Body, json_path: $.status`"),
        ("$['Body']", "$.Body is a text that holds JSON: read it with `path: $.Body, json_path: $`"),
        (
            "$.Messages[*].Body.n",
            '$.Messages[*].Body is a text that holds JSON: read it with `path: "$.Messages[*].Body", json_path: $.n`',
        ),
        (
            "$.Messages[0].Body['a b'][?@.x == 'y']",
            (
                "$.Messages[0].Body is a text that holds JSON: read it with "
                """`path: "$.Messages[0].Body", json_path: "$['a b'][?@.x == 'y']"`"""
            ),
        ),
        ("$.Data.batch", "$.Data is a text that holds base64 of JSON: read it with `path: $.Data, json_path: $.batch`"),
        (
            {"path": "$.Body", "json_path": "$.Message.detail.id"},
            (
                "$.Message in $.Body is a text that holds JSON: read it with "
                "`path: $.Body, json_path: [$.Message, $.detail.id]`"
            ),
        ),
        (
            {"path": "$.Body.Message", "json_path": "$.detail.id"},
            "$.Body is a text that holds JSON: read it with `path: $.Body, json_path: [$.Message, $.detail.id]`",
        ),
        ("$.deep[0]", "$.deep is JSON that is nested more than 100 levels deep, and was kept as text"),
        ("$.plain.a", ""),
        ("$.object.b", ""),
        ("$.nowhere.b", ""),
        ("$..Body.status", "$..Body is a text that holds JSON: read it with `path: $..Body, json_path: $.status`"),
    ],
)
def test_a_path_that_meets_json_in_a_text_shows_how_to_read_it(spec: Any, sentence: str) -> None:
    assert Lookup.of(spec).obstacle(DOCUMENT) == sentence


def test_a_whole_document_may_be_such_a_text() -> None:
    assert Lookup.of("$.a").obstacle('{"a": 1}').endswith("read it with `path: $, json_path: $.a`")


@pytest.mark.parametrize(
    ("spec", "place", "message"),
    [
        ({"path": 1}, "a.path", "`path` must be a text, not number"),
        ({"json_path": {}}, "a.json_path", "`json_path` must be a path or a list of paths, not object"),
        ({"json_path": ["$", 2]}, "a.json_path[1]", "`json_path` must be a path or a list of paths, not number"),
        ({"json_path": []}, "a.json_path", "`json_path` must name a path"),
    ],
)
def test_a_wrong_form_is_found(spec: Any, place: str, message: str) -> None:
    assert [(problem.path, problem.message) for problem in lookup.problems(spec, "a")] == [(place, message)]
