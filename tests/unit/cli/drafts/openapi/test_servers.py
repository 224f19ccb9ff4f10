"""Where the requests of a draft go."""

import json

import pytest


def drafted(made, paths, **more):
    document = made(json.dumps({"openapi": "3.1.0", "paths": paths, **more})).document
    return document["variables"], [action["params"]["url"] for action in document["actions"]]


def test_the_server_of_an_operation_wins_over_that_of_its_path_and_of_the_document(made):
    item = {"servers": [{"url": "https://path.test/"}], "get": {}, "post": {"servers": [{"url": "https://own.test"}]}}
    variables, urls = drafted(made, {"/a": {"get": {}}, "/b": item}, servers=[{"url": "https://all.test/v1"}])
    assert variables == {
        "base_url": "https://all.test/v1",
        "base_url2": "https://path.test",
        "base_url3": "https://own.test",
    }
    assert urls == ["{{ vars.base_url }}/a", "{{ vars.base_url2 }}/b", "{{ vars.base_url3 }}/b"]


@pytest.mark.parametrize(
    ("server", "url"),
    [
        (
            {"url": "https://{a}.test/{b}", "variables": {"a": {"default": "x"}, "b": {"default": "v 1"}}},
            "https://x.test/v%201",
        ),
        ({"url": "https://{region}.test"}, "https://{{ env.REGION }}.test"),
        (
            {"url": "{scheme}://a.test", "variables": {"scheme": {"enum": ["https"], "default": "https"}}},
            "https://a.test",
        ),
        ({"url": "/v1"}, "{{ env.BASE_URL }}/v1"),
        ({"url": "v1"}, "{{ env.BASE_URL }}/v1"),
        ({"url": "/"}, "{{ env.BASE_URL }}"),
        ({"url": "//a.test/b"}, "https://a.test/b"),
        ({"url": 5}, "{{ env.BASE_URL }}"),
        ({"url": "https://a.test/{{b}}"}, "https://a.test/%7B{{ env.B }}%7D"),
    ],
)
def test_the_url_of_a_server(made, server, url):
    variables, _ = drafted(made, {"/a": {"get": {}}}, servers=[server])
    assert variables == {"base_url": url}


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/a b/ü", "/a%20b/%C3%BC"),
        ("/a%20b", "/a%20b"),
        ("a", "/a"),
        ("/a#other", "/a"),
        ("/a('{id}')", "/a('{{ vars.id }}')"),
        ("/{a}.{b}", "/{{ vars.a }}.{{ vars.b }}"),
        ("/{{x}}", "/%7B{{ vars.x }}%7D"),
    ],
)
def test_the_path_of_an_operation(made, path, url):
    _, urls = drafted(made, {path: {"get": {}}}, servers=[{"url": "https://a.test"}])
    assert urls == ["{{ vars.base_url }}" + url]


@pytest.mark.parametrize(
    ("example", "segment"),
    [("a/b c?d", "{{ vars.m | urlencode }}"), ("a-b_c.d~", "{{ vars.m }}"), (17, "{{ vars.m }}")],
)
def test_a_value_in_the_path_is_encoded_where_it_has_to_be(made, example, segment):
    path = {"/a/{m}": {"get": {"parameters": [{"name": "m", "in": "path", "required": True, "example": example}]}}}
    variables, urls = drafted(made, path, servers=[{"url": "https://a.test"}])
    assert variables["m"] == example
    assert urls == ["{{ vars.base_url }}/a/" + segment]
