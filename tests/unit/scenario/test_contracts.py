"""Contracts before a run: followed to their files; what is wrong with them is told at its place."""

from pathlib import Path

import pytest

from awsit.model.files import MAX_FILE_BYTES
from awsit.openapi import document
from awsit.scenario.contracts import contract_files
from awsit.scenario.project import FileProblem, ProjectFolder

HEAD = "openapi: 3.0.3\n"


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Write files into a project's folder, and find those of a contract."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").mkdir()

    def written(name: str, **texts: str) -> dict[str, str]:
        for file, text in texts.items():
            (tmp_path / file.replace("__", "/").replace("_", ".")).write_text(text)
        return contract_files(name, ProjectFolder(Path("scenarios"), Path()))

    return written


def test_all_files_of_a_document_are_found(files, tmp_path):
    (tmp_path / "schemas").mkdir()
    found = files(
        "../openapi.yaml",
        openapi_yaml=f"{HEAD}paths: {{/a: {{get: {{responses: {{'200': {{$ref: './schemas/a.json#/A'}}}}}}}}}}",
        schemas__a_json='{"A": {"$ref": "b.yaml"}, "Back": {"$ref": "../openapi.yaml#/paths"}}',
        schemas__b_yaml="type: object",
    )

    assert found == {
        "../openapi.yaml": str(tmp_path / "openapi.yaml"),
        "../schemas/a.json": str(tmp_path / "schemas/a.json"),
        "../schemas/b.yaml": str(tmp_path / "schemas/b.yaml"),
    }


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("swagger: '2.0'\npaths: {}", "but of Swagger 2.0", (1, 1, 7)),
        (f"info: {{}}\n{HEAD.replace('3', '4')}", "it has `openapi: 4.0.4`", (2, 1, 7)),
        ("info: {}", "it has no `openapi`", (1, 1, 1)),
        ("", "it has no `openapi`", (1, 1, 1)),
        (f"{HEAD}paths: []", "`paths` is no mapping", (2, 1, 5)),
        (f"{HEAD}paths: {{\n  /a: [\n", "not valid YAML", (4, 1, 1)),
        (f"{HEAD}a:\n\t- b", "a tab is used here", (3, 1, 1)),
        (f"{HEAD}paths: {{}}\na: {{$ref: 'nothing.yaml#/A'}}", "there is no file nothing.yaml", (3, 12, 15)),
        (f"{HEAD}a: {{$ref: 'https://example.com/a'}}", "refers to https://example.com/a", (2, 12, 21)),
        (f"{HEAD}a: {{$ref: '../outside.yaml'}}", "is outside of", (2, 12, 15)),
    ],
)
def test_what_is_wrong_is_told_at_its_place(files, tmp_path, text, message, place):
    (tmp_path.parent / "outside.yaml").write_text("")
    with pytest.raises(FileProblem) as caught:
        files("../openapi.yaml", openapi_yaml=text)

    position = caught.value.position
    assert message in caught.value.message
    assert (position.file, position.line, position.column, position.length) == ("openapi.yaml", *place)
    assert caught.value.hint


def test_json_is_told_at_its_place(files):
    with pytest.raises(FileProblem, match="is not JSON") as caught:
        files("../openapi.json", openapi_json='{"openapi": "3.0.3",\n "paths": [}')
    assert (caught.value.position.line, caught.value.position.column) == (2, 12)


def test_a_broken_file_is_told_where_it_is_broken(files):
    with pytest.raises(FileProblem, match="not valid YAML") as caught:
        files("../openapi.yaml", openapi_yaml=f"{HEAD}a: {{$ref: b.yaml}}", b_yaml="a: [")
    assert caught.value.position.file == "b.yaml"


def test_a_document_that_is_too_large_does_not_travel(files, tmp_path):
    with (tmp_path / "openapi.json").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(FileProblem, match=r"openapi\.json has 20971521 bytes; the limit is 20 MiB"):
        files("../openapi.json")


def test_documents_are_followed_where_only_the_function_has_the_library(files, monkeypatch):
    def missing(*_):
        raise ImportError("jsonschema_path")

    monkeypatch.setattr(document, "_parse_yaml", missing)
    found = files("../openapi.yaml", openapi_yaml=f"{HEAD}200: {{$ref: b.yaml}}", b_yaml="on: 2020-01-01")
    assert found.keys() == {"../openapi.yaml", "../b.yaml"}
    with pytest.raises(FileProblem, match="not valid YAML"):
        files("../openapi.yaml", openapi_yaml="a: [")
