"""The rows of OpenAPI's table of styles (3.0.4 and 3.1.1, Parameter Object, Style Examples), sent over a socket.

The table stands here as the specification prints it. Its cells "n/a" are undefined; a list or an object that is
exploded under a style with delimiters is one of them. A path is `/1/v{color}`, for a segment that is `.`
alone would not be sent.
"""

import json
import re
from typing import Any

import pytest
from tests.authorities.openapi import authority
from tests.authorities.openapi.recording import RecordingHandler, Request, awsit, served

from awsit.cli.drafts.openapi.document import OpenApi
from awsit.model.http import HttpRequest

EMPTY = ""
TEXT = "blue"
LIST = ["blue", "black", "brown"]
OBJECT = {"R": 100, "G": 200, "B": 150}

# style, explode, place, then the text for EMPTY, TEXT, LIST and OBJECT; None for what is undefined
TABLE = [
    ("matrix", False, "path", ";color", ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"),
    ("matrix", True, "path", ";color", ";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"),
    ("label", False, "path", ".", ".blue", ".blue,black,brown", ".R,100,G,200,B,150"),
    ("label", True, "path", ".", ".blue", ".blue.black.brown", ".R=100.G=200.B=150"),
    ("simple", False, "path", None, "blue", "blue,black,brown", "R,100,G,200,B,150"),
    ("simple", True, "path", None, "blue", "blue,black,brown", "R=100,G=200,B=150"),
    ("simple", False, "header", "", "blue", "blue,black,brown", "R,100,G,200,B,150"),
    ("simple", True, "header", "", "blue", "blue,black,brown", "R=100,G=200,B=150"),
    ("form", False, "query", "color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"),
    ("form", True, "query", "color=", "color=blue", "color=blue&color=black&color=brown", "R=100&G=200&B=150"),
    ("form", False, "cookie", "color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"),
    ("form", True, "cookie", "color=", "color=blue", None, None),
    (
        "spaceDelimited",
        False,
        "query",
        None,
        None,
        "color=blue%20black%20brown",
        "color=R%20100%20G%20200%20B%20150",
    ),
    ("pipeDelimited", False, "query", None, None, "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"),
    ("deepObject", True, "query", None, None, None, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
]
ROWS = [
    (style, explode, place, value, text)
    for style, explode, place, *texts in TABLE
    for value, text in zip((EMPTY, TEXT, LIST, OBJECT), texts, strict=True)
    if text is not None
]
SCHEMAS: dict[type, dict[str, Any]] = {
    str: {"type": "string"},
    list: {"type": "array", "items": {"type": "string"}},
    dict: {"type": "object", "properties": {name: {"type": "integer"} for name in OBJECT}},
}
CANNOT_READ = {
    ("matrix", str, ";color"): "it takes a value that is empty for one that is missing",
    ("form", dict, "R=100&G=200&B=150"): "it looks for one parameter of the object's own name",
    ("spaceDelimited", list, "color=blue%20black%20brown"): "it splits at `%20`, after that was decoded",
    ("spaceDelimited", dict, "color=R%20100%20G%20200%20B%20150"): "it splits at `%20`, after that was decoded",
}
"""Rows that openapi-core does not read as the specification says, and why."""


def operation(style: str, explode: bool, place: str, value: Any) -> dict[str, Any]:
    parameter = {"name": "color", "in": place, "required": True, "style": style, "explode": explode}
    parameter |= {"schema": SCHEMAS[type(value)], "example": value}
    if place == "query":
        parameter["allowEmptyValue"] = True
    return {"parameters": [parameter], "responses": {"200": {"description": "ok"}}}


def path_of(number: int, place: str) -> str:
    return f"/{number}/v{{color}}" if place == "path" else f"/{number}"


def document(server: str) -> dict[str, Any]:
    """An operation for each row."""
    paths = {path_of(number, row[2]): {"get": operation(*row[:4])} for number, row in enumerate(ROWS)}
    return {"openapi": "3.1.0", "info": {"title": "T"}, "servers": [{"url": server}], "paths": paths}


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[OpenApi, str, dict[str, Request]]:
    """The document, the server's address, and the request of each row by its number."""
    folder = tmp_path_factory.mktemp("styles")
    with served(RecordingHandler) as (address, requests):
        api = OpenApi(document(address), "api.json")
        (folder / "api.json").write_text(json.dumps(api.document), encoding="utf-8")
        awsit(folder, "new", "scenario", "rows", "--from-openapi", "api.json", "--output", "rows.yaml")
        awsit(folder, "run", "rows.yaml", "--engine", "local")
    return api, address, {re.split("[/?]", request.target)[1]: request for request in requests}


@pytest.mark.parametrize(("number", "row"), list(enumerate(ROWS)), ids=[f"{row[0]}-{row[2]}-{row[4]}" for row in ROWS])
def test_a_row_of_the_table(sent: Any, number: int, row: tuple[str, bool, str, Any, str]) -> None:
    api, address, requests = sent
    style, _, place, value, text = row
    request = requests[str(number)]
    assert text_in(request, place) == text
    if (style, type(value), text) in CANNOT_READ:
        return
    described = next(each for each in api.operations() if each.path == path_of(number, place))
    headers = {name.title(): value for name, value in request.headers.items()}
    wire = HttpRequest(request.method, address + request.target, headers, request.body)
    assert authority.problems(api, described, wire, address) == []


def text_in(request: Request, place: str) -> str:
    """What stands in the request for the parameter."""
    if place == "path":
        return request.target.partition("/v")[2]
    if place == "query":
        return request.target.partition("?")[2]
    return request.headers["cookie" if place == "cookie" else "color"]
