"""How a drafted request shows who sends it. No secret stands in the file."""

import json

import pytest

SCHEMES = {
    "basic": {"type": "http", "scheme": "Basic"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "digest": {"type": "http", "scheme": "digest"},
    "oauth": {"type": "oauth2", "flows": {}},
    "open_id": {"type": "openIdConnect"},
    "header": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "key"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "SESSIONID"},
    "odd_header": {"type": "apiKey", "in": "header", "name": "X Api Key"},
    "framing": {"type": "apiKey", "in": "header", "name": "Content-Length"},
    "odd_cookie": {"type": "apiKey", "in": "cookie", "name": "a;b"},
    "mutual": {"type": "mutualTLS"},
    "nowhere": {"$ref": "#/none"},
}
TOKEN = {"auth": {"bearer": "{{ env.API_TOKEN }}"}}


@pytest.fixture
def signed_in(made):
    def draft(operation, **more):
        servers = [{"url": "https://a.test"}]
        paths = {"/a": {"get": operation}}
        components = {"securitySchemes": SCHEMES}
        document = {"openapi": "3.1.0", "servers": servers, "paths": paths, "components": components, **more}
        found = made(json.dumps(document))
        params = found.document["actions"][0]["params"]
        return {key: value for key, value in params.items() if key not in ("url", "method")}, found.notes

    return draft


@pytest.mark.parametrize(
    ("way", "params"),
    [
        ({"basic": []}, {"auth": {"basic": {"username": "{{ env.API_USER }}", "password": "{{ env.API_PASSWORD }}"}}}),
        ({"bearer": []}, TOKEN),
        ({"oauth": ["read"]}, TOKEN),
        ({"open_id": []}, TOKEN),
        ({"digest": []}, {"headers": {"Authorization": "{{ env.AUTHORIZATION }}"}}),
        ({"header": []}, {"headers": {"X-Api-Key": "{{ env.X_API_KEY }}"}}),
        ({"query": []}, {"query": {"key": "{{ env.KEY }}"}}),
        ({"cookie": []}, {"headers": {"Cookie": "SESSIONID={{ env.SESSIONID }}"}}),
        ({"bearer": [], "query": []}, {**TOKEN, "query": {"key": "{{ env.KEY }}"}}),
    ],
)
def test_each_scheme_takes_its_credential_from_the_environment(signed_in, way, params):
    found, notes = signed_in({"security": [way]})
    assert found == params
    assert notes == ("credentials come from the environment: set the variables that the file names as `env`",)


def test_the_first_way_that_is_known_is_taken(signed_in):
    assert signed_in({"security": [{"mutual": []}, {"nowhere": []}, {"other": []}, {"bearer": []}]})[0] == TOKEN


def test_a_way_that_is_not_known_is_told(signed_in):
    params, notes = signed_in({"security": [{"mutual": []}]})
    assert params == {}
    assert notes == ("credentials of GET /a were left out: a security scheme of type mutualTLS is not known",)


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        ("odd_header", "'X Api Key' is not the name of a header that a scenario may give"),
        ("framing", "'Content-Length' is not the name of a header that a scenario may give"),
        ("odd_cookie", "'a;b' is not the name of a cookie that a scenario may give"),
    ],
)
def test_a_key_in_a_name_that_cannot_be_sent_is_left_out(signed_in, way, reason):
    assert signed_in({"security": [{way: []}]}) == ({}, (f"credentials of GET /a were left out: {reason}",))
    assert signed_in({"security": [{way: []}, {"bearer": []}]})[0] == TOKEN


def test_two_credentials_in_one_header_are_told(signed_in):
    params, notes = signed_in({"security": [{"bearer": [], "basic": [], "header": []}]})
    assert params == {**TOKEN, "headers": {"X-Api-Key": "{{ env.X_API_KEY }}"}}
    assert notes[0] == "a request needs two credentials in the header Authorization: basic was left out"


@pytest.mark.parametrize("security", [[], [{}], [{}, {"bearer": []}]])
def test_an_operation_that_is_open_sends_none(signed_in, security):
    assert signed_in({"security": security}, security=[{"bearer": []}]) == ({}, ())


def test_cookies_of_parameters_and_credentials_are_one_header(signed_in):
    operation = {"security": [{"cookie": []}], "parameters": [{"name": "a", "in": "cookie", "example": "x y"}]}
    assert signed_in(operation)[0] == {"headers": {"Cookie": "a=x%20y; SESSIONID={{ env.SESSIONID }}"}}


def test_an_authorization_header_among_the_parameters_comes_from_the_environment(signed_in):
    operation = {"parameters": [{"name": "authorization", "in": "header", "required": True, "example": "Bearer abc"}]}
    assert signed_in(operation)[0] == {"headers": {"Authorization": "{{ env.AUTHORIZATION }}"}}
