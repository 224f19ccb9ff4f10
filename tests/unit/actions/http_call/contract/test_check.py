"""The check of responses: each way to break a contract is found and named, and what keeps it passes."""

from __future__ import annotations

import json
from posixpath import normpath

import pytest
import yaml

from awsit.actions.http_call.contract.check import MOST_FAILURES, load
from awsit.errors import ActionError
from awsit.model.http import HttpResponse

PETS = """
openapi: 3.0.3
info: {title: Pets, version: "1"}
servers: [{url: https://api.example.com/v1}]
paths:
  /pets:
    get:
      responses:
        "200":
          description: All pets
          content:
            application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Pet"}}}
            application/xml: {schema: {type: object}}
    post: {responses: {2XX: {description: Made}, default: {$ref: "#/components/responses/Problem"}}}
  /pets/{id}:
    get:
      responses:
        "200":
          description: One pet
          headers:
            X-Rate: {required: true, schema: {type: integer, maximum: 9}}
          content:
            application/json: {schema: {$ref: "#/components/schemas/Pet"}}
        "404": {$ref: "#/components/responses/Problem"}
    head: {responses: {"200": {description: It is there, content: {application/json: {schema: {type: object}}}}}}
    delete: {responses: {"204": {description: Gone}}}
  /pets/mine:
    get: {responses: {"200": {description: Mine, content: {text/csv: {schema: {type: string, minLength: 3}}}}}}
components:
  responses:
    Problem:
      description: A problem
      content:
        application/problem+json: {schema: {type: object, required: [title]}}
  schemas:
    Pet:
      type: object
      required: [id, name, secret]
      additionalProperties: false
      properties:
        id: {type: integer}
        name: {type: string}
        tag: {type: string, nullable: true}
        price: {type: number, multipleOf: 0.01}
        born: {type: string, format: date}
        secret: {type: string, writeOnly: true}
"""
API = "https://api.example.com/v1"
REX = {"id": 1, "name": "Rex"}
PET = {"content-type": "application/json; charset=utf-8", "x-rate": "3"}


def checked(path, body="", **more):
    given = {"status": 200, "headers": PET, "method": "GET", "document": PETS, "server": None} | more
    text = body if isinstance(body, str) else json.dumps(body)
    url = path if "://" in path else f"{API}{path}"
    response = HttpResponse(given["status"], given["headers"], text.encode(), url)
    contract = load("openapi.yaml", lambda _: given["document"].encode(), given["server"])
    return contract.check(given["method"], response).results


def problems(*args, **more):
    return [result.message for result in checked(*args, **more) if not result.passed]


@pytest.mark.parametrize(
    "case",
    [
        {"path": "/pets/1", "body": REX},
        {"path": "/pets/1?fields=all", "body": {**REX, "tag": None, "price": 0.07, "born": "2024-02-29"}},
        {"path": "/pets/a%2Fb", "body": REX},
        {"path": "/pets", "body": [REX, REX]},
        {"path": "/pets", "body": "<pets/>", "headers": {"content-type": "application/xml"}},
        {"path": "/pets", "method": "POST", "status": 201},
        {
            "path": "/pets/1",
            "status": 404,
            "body": {"title": "?"},
            "headers": {"content-type": "application/problem+json"},
        },
        {"path": "/pets/1", "method": "HEAD", "headers": {"content-type": "application/json"}},
        {"path": "/pets/1", "method": "DELETE", "status": 204, "headers": {}},
        {"path": "/pets/mine", "body": "a,b", "headers": {"content-type": "text/csv"}},
    ],
    ids=lambda case: f"{case.get('method', 'GET')} {case['path']} {case.get('status', 200)}",
)
def test_a_response_as_documented_passes(case):
    (result,) = checked(**case)
    assert result.passed
    assert result.operator == "contract"


PET_AT = "openapi.yaml#/components/schemas/Pet"
GET_AT = "openapi.yaml#/paths/~1pets~1{id}/get/responses"
PROBLEM = {"content-type": "application/problem+json"}


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (
            {"body": {**REX, "id": "1"}},
            f'$.body.id: "1" does not satisfy `type: "integer"` ({PET_AT}/properties/id/type)',
        ),
        (
            {"body": {**REX, "name": None}},
            f'$.body.name: null does not satisfy `type: "string"` ({PET_AT}/properties/name/type)',
        ),
        ({"body": {"id": 1}}, f"$.body: 'name' is a required property ({PET_AT}/required)"),
        (
            {"body": {**REX, "age": 3}},
            f"$.body: Additional properties are not allowed ('age' was unexpected) ({PET_AT}/additionalProperties)",
        ),
        (
            {"body": {**REX, "secret": "s"}},
            f'$.body.secret: "s" does not satisfy `writeOnly: true` ({PET_AT}/properties/secret/writeOnly)',
        ),
        (
            {"body": {**REX, "price": 0.071}},
            f"$.body.price: 0.071 does not satisfy `multipleOf: 0.01` ({PET_AT}/properties/price/multipleOf)",
        ),
        (
            {"body": {**REX, "born": "2023-02-29"}},
            f'$.body.born: "2023-02-29" does not satisfy `format: "date"` ({PET_AT}/properties/born/format)',
        ),
        (
            {"path": "/pets", "body": [REX, {**REX, "id": "1"}]},
            f'$.body[1].id: "1" does not satisfy `type: "integer"` ({PET_AT}/properties/id/type)',
        ),
        ({"body": ""}, f"$.body: the body is empty ({GET_AT}/200/content)"),
        (
            {"body": "{"},
            f"$.body: the body is not application/json; charset=utf-8 ({GET_AT}/200/content/application~1json)",
        ),
        (
            {"body": "<p>", "headers": {**PET, "content-type": "text/html"}},
            (
                "$.headers['content-type']: the media type text/html is not documented, only application/json "
                f"({GET_AT}/200/content)"
            ),
        ),
        (
            {"body": REX, "headers": {"content-type": "application/json"}},
            f"$.headers['x-rate']: the header is required, and missing ({GET_AT}/200/headers/X-Rate/required)",
        ),
        (
            {"body": REX, "headers": {**PET, "x-rate": "10"}},
            f"$.headers['x-rate']: 10 does not satisfy `maximum: 9` ({GET_AT}/200/headers/X-Rate/schema/maximum)",
        ),
        (
            {"body": REX, "headers": {**PET, "x-rate": "many"}},
            (
                "$.headers['x-rate']: the header cannot be read as documented: "
                f"Failed to cast value to integer type: many ({GET_AT}/200/headers/X-Rate)"
            ),
        ),
        ({"status": 500}, f"$.status: the status 500 is not documented, only 200 and 404 ({GET_AT})"),
        (
            {"status": 404, "body": {}, "headers": PROBLEM},
            (
                "$.body: 'title' is a required property (openapi.yaml#/components/responses/Problem/content/"
                "application~1problem+json/schema/required)"
            ),
        ),
        (
            {"path": "/pets/mine", "body": "a", "headers": {"content-type": "text/csv"}},
            (
                '$.body: "a" does not satisfy `minLength: 3` '
                "(openapi.yaml#/paths/~1pets~1mine/get/responses/200/content/text~1csv/schema/minLength)"
            ),
        ),
        (
            {"method": "PATCH"},
            "PATCH /v1/pets/1 is no operation of openapi.yaml: the path is there, but not with PATCH",
        ),
        ({"path": "/cats"}, "GET /v1/cats is no operation of openapi.yaml: no path of the document fits"),
        (
            {"path": "https://api.example.com/pets"},
            "GET /pets is no operation of openapi.yaml: no path of the document fits",
        ),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(case, message):
    assert problems(**{"path": "/pets/1", **case}) == [message]


def test_a_result_shows_operation_rule_and_value():
    (result,) = checked("/pets/1", {**REX, "id": "1"})
    assert (result.name, result.path, result.actual) == ("GET /pets/{id} of openapi.yaml", "$.body.id", "1")
    assert result.expected == {
        "document": "openapi.yaml",
        "operation": "GET /pets/{id}",
        "at": f"{PET_AT}/properties/id/type",
        "rule": {"type": "integer"},
    }


def test_at_most_a_few_failures_are_shown():
    shown = problems("/pets", [{}] * 10)
    assert len(shown) == MOST_FAILURES
    assert shown[-1].endswith(f", and {20 - MOST_FAILURES} more")


def test_another_host_is_not_of_the_contract():
    assert checked("https://other.example.com/v1/pets/1", {}) == ()


@pytest.mark.parametrize("servers", ["[]", "[{url: /v1}]", "[{url: 'https://{stage}.example.com/v1'}]"])
def test_without_a_host_in_the_servers_every_host_is_of_the_contract(servers):
    document = PETS.replace("[{url: https://api.example.com/v1}]", servers)
    base = "https://other.example.com" if servers == "[]" else "https://other.example.com/v1"
    assert checked(f"{base}/pets/1", REX, document=document)[0].passed
    assert problems(f"{base}/cats", document=document)


def test_a_server_of_the_contract_stands_in_the_place_of_the_documents():
    url = "https://abc.execute-api.eu-west-1.amazonaws.com/stage"
    assert checked(f"{url}/pets/1", REX, server=url)[0].passed
    assert checked(f"{url}/pets/1", REX, server=f"{url}/")[0].passed
    assert problems(f"{url}/pets/1", {}, server=url)
    assert checked("/pets/1", {}, server=url) == ()


def test_an_operation_is_found_in_one_pass_whatever_the_parameters():
    path = "/" + "".join(f"{{p{number}}}x" for number in range(30)) + "q"
    responses = {"get": {"responses": {"200": {"description": "fine"}}}}
    server = {"url": "http://a.test/" + "{s}x" * 30, "variables": {"s": {"default": "s"}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [server],
        "paths": {path: responses},
    }
    contract = load("openapi.json", lambda _: json.dumps(document).encode())

    def found(url):
        return [each.passed for each in contract.check("GET", HttpResponse(200, {}, b"", url, 0.1)).results]

    assert found(f"http://a.test/{'x' * 60}/{'x' * 60}q") == [True]
    assert found(f"http://a.test/{'x' * 60}/{'x' * 60}") == [False]
    assert found(f"http://a.test/{'x' * 20}/{'x' * 60}q") == [False]


def test_types_of_3_1():
    schema = {"type": ["integer", "null"], "exclusiveMinimum": 0}
    media = {"application/json": {"schema": schema}}
    get = {"responses": {"200": {"description": "", "content": media}}}
    document = json.dumps(
        {"openapi": "3.1.0", "info": {"title": "", "version": "1"}, "paths": {"/count": {"get": get}}}
    )
    url = "https://api.example.com/count"
    assert checked(url, "null", document=document)[0].passed
    assert checked(url, "1.0", document=document)[0].passed
    assert problems(url, "0", document=document)
    assert problems(url, '"1"', document=document)


@pytest.mark.parametrize("folder", ["api/", "", "../", "../../a/../api/"])
def test_references_lead_to_other_files(folder):
    document = yaml.safe_load(PETS)
    document["components"]["schemas"]["Pet"] = {"$ref": "schemas/pet.yaml#/Pet"}
    files = {
        f"{folder}openapi.yaml": json.dumps(document),
        normpath(f"{folder}schemas/pet.yaml"): "Pet: {type: object, properties: {id: {$ref: ../id.json}}}",
        normpath(f"{folder}id.json"): '{"type": "integer"}',
    }
    contract = load(f"{folder}openapi.yaml", lambda name: files[name].encode())
    response = HttpResponse(200, PET, b'{"id": "1"}', f"{API}/pets/1")
    (result,) = contract.check("GET", response).results
    assert result.message == f'$.body.id: "1" does not satisfy `type: "integer"` ({normpath(folder + "id.json")}#/type)'


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("swagger: '2.0'", "openapi.yaml is no OpenAPI document of version 3.0 or 3.1 or 3.2"),
        ("[1]", "openapi.yaml is no OpenAPI document"),
        ("a: [", "openapi.yaml is neither JSON nor YAML"),
        (
            '{"$ref": "https://example.com/a.json"}',
            "openapi.yaml refers to https://example.com/a.json, which is not fetched",
        ),
    ],
)
def test_a_document_that_cannot_be_used(document, message):
    with pytest.raises(ActionError) as caught:
        checked("/pets", document=document)
    assert caught.value.message.startswith(message)


def test_the_hint_names_each_version_that_is_read():
    with pytest.raises(ActionError) as caught:
        checked("/pets", document="openapi: 2.9.0")
    assert caught.value.hint == "`contract` names an OpenAPI document of version 3.0 or 3.1 or 3.2"


def test_a_reference_that_leads_nowhere():
    with pytest.raises(ActionError, match=r"openapi\.yaml cannot be used for GET .*Nothing"):
        checked("/pets/1", REX, document=PETS.replace("schemas/Pet", "schemas/Nothing"))


@pytest.mark.parametrize(
    ("media", "body", "message"),
    [
        ("text/plain", "123", ""),
        ("text/plain; charset=utf-8", '{"a": 1}', ""),
        ("application/json", '"text"', ""),
        ("application/problem+json", "123", '$.body: 123 does not satisfy `type: "string"`'),
        ("application/json", "text", "$.body: the body is not application/json"),
        ("image/png", "123", ""),
    ],
)
def test_a_body_in_a_range_is_read_by_the_type_that_came(media, body, message):
    content = {"*/*": {"schema": {"type": "string"}}}
    document = {"openapi": "3.0.3", "info": {"title": "", "version": "1"}}
    document["paths"] = {"/a": {"get": {"responses": {"200": {"description": "", "content": content}}}}}
    found = problems("https://a.test/a", body, headers={"content-type": media}, document=json.dumps(document))
    assert [each.split(" (")[0] for each in found] == ([message] if message else [])


@pytest.mark.parametrize("schema", [{"type": "number", "format": "double"}, {"type": "number", "format": "float"}])
def test_a_number_with_a_fraction_is_a_float(schema):
    content = {"application/json": {"schema": schema}}
    document = {"openapi": "3.0.3", "info": {"title": "", "version": "1"}}
    document["paths"] = {"/a": {"get": {"responses": {"200": {"description": "", "content": content}}}}}
    assert problems("https://a.test/a", 1.5, headers=PET, document=json.dumps(document)) == []
