"""Documents: their operations, and the files that they refer to."""

import pytest

from awsit.errors import ActionError
from awsit.openapi.document import Document, other_files, parse, read_files, version_of


def test_operations_are_listed_in_the_order_of_the_document():
    files = {
        "api/openapi.yaml": "paths: {/b: {put: {}, get: {}, parameters: []}, /a: {$ref: 'items/a.yaml#/A'}, /c: 1}",
        "api/items/a.yaml": "A: {post: {}, summary: text}",
    }
    contents = read_files("api/openapi.yaml", lambda name: files[name].encode())
    document = Document("api/openapi.yaml", {name: parse(name, content) for name, content in contents.items()})

    assert list(document.operations()) == ["PUT /b", "GET /b", "POST /a"]


@pytest.mark.parametrize("paths", [None, [], "text"])
def test_a_document_without_paths_has_no_operations(paths):
    assert list(Document("a", {"a": {"paths": paths}}).operations()) == []


@pytest.mark.parametrize(
    "document",
    [
        {"example": {"$ref": "a.yaml"}},
        {"examples": {"one": {"value": {"$ref": "https://example.com/Groups/2819c223"}}}},
        {"components": {"schemas": {"User": {"example": {"$ref": "a.yaml"}, "default": {"$ref": "a.yaml"}}}}},
        {"x-made-by": {"$ref": "a.yaml"}},
        {"schema": {"properties": {"$ref": {"type": "string"}}}},
        {"schema": {"const": {"$ref": "a.yaml"}, "enum": [{"$ref": "a.yaml"}]}},
    ],
)
def test_values_of_the_api_are_no_references(document):
    assert other_files("openapi.yaml", document) == ()


@pytest.mark.parametrize(
    "document",
    [
        {"responses": {"default": {"$ref": "a.yaml"}}},
        {"headers": {"x-rate": {"$ref": "a.yaml"}}},
        {"properties": {"example": {"$ref": "./a.yaml#/A"}, "enum": {"$ref": "a%2Eyaml"}}},
        {"properties": {"properties": {"properties": {"a": {"$ref": "b/../a.yaml"}}}}},
        {"allOf": [{"$ref": "a.yaml"}, {"$ref": "#/own"}]},
    ],
)
def test_references_lead_to_files(document):
    assert other_files("openapi.yaml", document) == ("a.yaml",)


@pytest.mark.parametrize(
    ("root", "message"),
    [
        ({"swagger": "2.0", "paths": {}}, "but of Swagger 2.0"),
        ({"openapi": "2.9"}, "it has `openapi: 2.9`"),
        ({"info": {}}, "it has no `openapi`"),
        (None, "it has no `openapi`"),
        ([{"openapi": "3.0.0"}], "it has no `openapi`"),
        ({"openapi": "3.0.0", "paths": []}, "its `paths` is no mapping"),
    ],
)
def test_what_is_no_document_of_a_known_version(root, message):
    with pytest.raises(ActionError, match=r"a is no OpenAPI document.*") as caught:
        version_of("a", root)
    assert message in caught.value.message


@pytest.mark.parametrize("version", ["3.0.0", "3.0.4", "3.1.0", "3.1.1", "3.2.0"])
def test_the_version_of_a_document(version):
    assert version_of("a", {"openapi": version}) == version[:3]


def test_a_json_file_is_told_by_the_words_of_json():
    with pytest.raises(ActionError, match=r"openapi.json is not JSON: Expecting"):
        parse("openapi.json", b'{"a": [}')
    assert parse("openapi.json", b"a: 1") == {"a": 1}
