"""What three kept libraries say of a response: openapi-core as it comes, and of its value alone two others.

awsit uses openapi-core too, behind readers of its own for numbers, media types, headers and paths: those it judges.
openapi-schema-validator has the keywords of OpenAPI. jsonschema-rs, in Rust, shares no code with any of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import jsonschema_rs
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from openapi_schema_validator import (
    OAS30ReadValidator,
    OAS31Validator,
    oas30_format_checker,
    oas31_format_checker,
)

from awsit.actions.http_call.contract.check import Contract, load
from awsit.model.http import HttpResponse

HOST = "https://api.example.com"
VERSIONS = ("3.0.3", "3.1.1")
JSON = {"content-type": "application/json"}


def document_of(version: str, responses: Mapping[str, Mapping[str, Any]], **components: Any) -> dict[str, Any]:
    """A document with an operation `GET /NAME` for each entry of `responses`."""
    return {
        "openapi": version,
        "info": {"title": "", "version": "1"},
        "servers": [{"url": HOST}],
        "paths": {f"/{name}": {"get": {"responses": each}} for name, each in responses.items()},
        "components": components,
    }


def with_schema(schema: Any) -> dict[str, Any]:
    """The responses of an operation whose answer is described by a schema."""
    return {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}


def contract_of(document: Mapping[str, Any]) -> Contract:
    """The document as awsit holds responses to it."""
    return load("openapi.json", lambda _: json.dumps(document).encode())


def accepted_by_awsit(contract: Contract, name: str, body: str, status: int, headers: Mapping[str, str]) -> bool:
    """Whether awsit finds nothing wrong."""
    response = HttpResponse(status, headers, body.encode(), f"{HOST}/{name}")
    results = contract.check("GET", response).results
    assert results
    return all(result.passed for result in results)


def accepted_by_core(api: OpenAPI, name: str, body: str, status: int, headers: Mapping[str, str]) -> bool:
    """Whether openapi-core finds nothing wrong."""
    media = headers.get("content-type", "")
    try:
        api.validate_response(
            MockRequest(HOST, "get", f"/{name}"), MockResponse(body.encode(), status, dict(headers), media)
        )
    except (OpenAPIError, UnicodeError):  # which its check of base64 raises for what is not ASCII
        return False
    return True


def accepted_by_schema(version: str, schema: Any, value: Any) -> bool:
    """Whether openapi-schema-validator finds nothing wrong with the value as part of a response."""
    validator, formats = (
        (OAS30ReadValidator, oas30_format_checker)
        if version.startswith("3.0")
        else (OAS31Validator, oas31_format_checker)
    )
    try:
        return bool(validator(schema, format_checker=formats).is_valid(value))
    except UnicodeError:
        return False


def accepted_by_rust(version: str, schema: Any, value: Any) -> bool:
    """Whether jsonschema-rs finds nothing wrong with the value; draft 4 is closest to the schemas of 3.0."""
    draft = jsonschema_rs.Draft4Validator if version.startswith("3.0") else jsonschema_rs.Draft202012Validator
    return bool(draft(schema, validate_formats=True).is_valid(value))
