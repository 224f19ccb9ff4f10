"""What awsit adds to the emulator's import of OpenAPI documents, with a module that stands for the emulator's."""

import json
from types import SimpleNamespace

import pytest

from awsit.sandbox import rest_api

INTEGRATION = "x-amazon-apigateway-integration"


@pytest.fixture
def apis():
    """The emulator's module of REST APIs; the methods of its one resource are those that its import makes."""
    resources = {"api": {"r": {"path": "/", "resourceMethods": {}}}}
    calls = []

    def note(name, answer=None):
        def call(*arguments):
            calls.append((name, *arguments))
            return 201, {}, json.dumps(answer)

        return call

    def import_document(spec, _base_data=None):
        for method in spec["paths"]["/"]:
            if method in module._OPENAPI_HTTP_METHODS:
                resources["api"]["r"]["resourceMethods"][method.upper()] = {"authorizationType": "NONE"}
        return "api"

    module = SimpleNamespace(
        _OPENAPI_HTTP_METHODS={"get", "post", "options"},
        _import_rest_api=import_document,
        _resources=resources,
        _create_model=note("model"),
        _create_request_validator=note("validator", {"id": "v1"}),
        _put_gateway_response=note("gateway_response"),
        _put_method_response=note("method_response"),
        _put_integration=note("integration"),
        _put_integration_response=note("integration_response"),
        calls=calls,
    )
    rest_api.read_whole(module)
    return module


def test_a_mock_with_headers_is_read_whole(apis):
    headers = {"method.response.header.Access-Control-Allow-Origin": "'*'"}
    operation = {
        "responses": {"200": {"headers": {"Access-Control-Allow-Origin": {}}}},
        INTEGRATION: {
            "type": "mock",
            "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "responses": {"default": {"statusCode": "200", "responseParameters": headers}},
        },
    }

    assert apis._import_rest_api({"paths": {"/": {"options": operation}}}, {}) == "api"

    place = ("api", "r", "OPTIONS")
    response = {"statusCode": "200", "responseParameters": headers, "selectionPattern": ""}
    assert apis.calls == [
        (
            "method_response",
            *place,
            "200",
            {"responseParameters": {"method.response.header.Access-Control-Allow-Origin": False}},
        ),
        ("integration", *place, {**operation[INTEGRATION], "type": "MOCK"}),
        ("integration_response", *place, "200", response),
    ]


def test_a_route_for_any_method_is_one(apis):
    apis._import_rest_api({"paths": {"/": {rest_api.ANY_METHOD: {INTEGRATION: {"type": "aws_proxy", "uri": "arn"}}}}})

    assert apis._resources["api"]["r"]["resourceMethods"]["ANY"]["httpMethod"] == "ANY"
    assert apis.calls == [("integration", "api", "r", "ANY", {"type": "AWS_PROXY", "uri": "arn"})]


def test_bodies_and_parameters_are_validated(apis):
    spec = {
        "x-amazon-apigateway-request-validators": {"all": {"validateRequestBody": True}},
        "components": {"schemas": {"Order": {"type": "object"}}},
        "paths": {
            "/": {
                "parameters": [{"in": "header", "name": "tenant"}],
                "post": {
                    "x-amazon-apigateway-request-validator": "all",
                    "x-amazon-apigateway-auth": {"type": "AWS_IAM"},
                    "parameters": [{"in": "query", "name": "size", "required": True}],
                    "requestBody": {
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}
                    },
                },
            }
        },
    }

    apis._import_rest_api(spec)

    assert apis._resources["api"]["r"]["resourceMethods"]["POST"] == {
        "authorizationType": "AWS_IAM",
        "httpMethod": "POST",
        "requestValidatorId": "v1",
        "requestModels": {"application/json": "Order"},
        "requestParameters": {"method.request.header.tenant": False, "method.request.querystring.size": True},
    }
    model, validator = apis.calls
    assert model[:2] == ("model", "api")
    assert json.loads(model[2]["schema"])["type"] == "object"
    assert validator == ("validator", "api", {"name": "all", "validateRequestBody": True})


def test_the_body_of_a_document_of_version_2(apis):
    body = {"in": "body", "name": "Order", "schema": {"$ref": "#/definitions/Order"}}

    apis._import_rest_api({"definitions": {"Order": {}}, "paths": {"/": {"post": {"parameters": [body]}}}})

    assert apis._resources["api"]["r"]["resourceMethods"]["POST"]["requestModels"] == {"application/json": "Order"}


def test_answers_of_the_gateway_itself(apis):
    response = {"statusCode": 401, "responseParameters": {"gatewayresponse.header.X": "'1'"}}

    apis._import_rest_api({"x-amazon-apigateway-gateway-responses": {"UNAUTHORIZED": response}, "paths": {"/": {}}})

    assert apis.calls == [("gateway_response", "api", "UNAUTHORIZED", response)]
