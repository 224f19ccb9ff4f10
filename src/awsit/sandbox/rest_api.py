"""REST APIs that are described by OpenAPI: what the emulator's import of a document leaves out of each operation.

It reads methods, types and URIs alone. The extensions are those of "OpenAPI extensions for API Gateway" in the API
Gateway developer guide; what is left out there is added with the emulator's own functions for APIs without a document.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

ANY_METHOD = "x-amazon-apigateway-any-method"
_INTEGRATION = "x-amazon-apigateway-integration"
_VALIDATOR, _VALIDATORS = "x-amazon-apigateway-request-validator", "x-amazon-apigateway-request-validators"
_GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses"
_AUTHORIZATION = "x-amazon-apigateway-auth"
_JSON = "application/json"
_PARAMETERS = {"query": "querystring", "header": "header", "path": "path"}

Document = Mapping[str, Any]
Import = Callable[..., str]


def read_whole(rest_apis: Any) -> None:
    """Have the emulator's module of REST APIs read the whole of each operation."""
    rest_apis._OPENAPI_HTTP_METHODS.add(ANY_METHOD)  # noqa: SLF001 - the pinned version has no hook
    rest_apis._import_rest_api = completed(rest_apis, rest_apis._import_rest_api)  # noqa: SLF001


def completed(rest_apis: Any, import_document: Import) -> Import:
    """The emulator's import, with what it leaves out. Both return the API's ID."""

    def import_whole(spec: Document, base_data: Document | None = None) -> str:
        api_id = import_document(spec, base_data)
        _Importer(rest_apis, api_id, spec).add()
        return api_id

    return import_whole


class _Importer:
    """Adds to the API `api_id`, which is imported from `spec`."""

    def __init__(self, rest_apis: Any, api_id: str, spec: Document) -> None:
        self._apis, self._api_id, self._spec = rest_apis, api_id, spec
        self._schemas: Document = spec.get("definitions") or (spec.get("components") or {}).get("schemas") or {}
        self._validators: dict[str, str] = {}

    def add(self) -> None:
        for name, schema in self._schemas.items():
            content = {**schema, "definitions": self._schemas, "components": {"schemas": self._schemas}}
            self._apis._create_model(self._api_id, {"name": name, "schema": json.dumps(content)})  # noqa: SLF001
        for name, validator in (self._spec.get(_VALIDATORS) or {}).items():
            answer = self._apis._create_request_validator(self._api_id, {"name": name, **validator})  # noqa: SLF001
            self._validators[name] = json.loads(answer[2])["id"]
        for kind, response in (self._spec.get(_GATEWAY_RESPONSES) or {}).items():
            self._apis._put_gateway_response(self._api_id, kind, response)  # noqa: SLF001
        for resource_id, resource, method, operation in self._operations():
            self._complete(resource_id, resource, method, operation)

    def _operations(self) -> Iterator[tuple[str, dict[str, Any], str, Document]]:
        """Each operation, with the ID and the record of its resource, and its method."""
        resources = {record["path"]: (key, record) for key, record in self._apis._resources[self._api_id].items()}  # noqa: SLF001
        for path, item in (self._spec.get("paths") or {}).items():
            resource_id, resource = resources[path if path == "/" else path.rstrip("/")]
            shared = item.get("parameters") or []
            for name, operation in item.items():
                if name.lower() in self._apis._OPENAPI_HTTP_METHODS and operation:  # noqa: SLF001
                    parameters = [*shared, *(operation.get("parameters") or [])]
                    yield resource_id, resource, name.upper(), {**operation, "parameters": parameters}

    def _complete(self, resource_id: str, resource: dict[str, Any], method: str, operation: Document) -> None:
        record = resource["resourceMethods"].pop(method)
        method = "ANY" if method == ANY_METHOD.upper() else method
        validator = operation.get(_VALIDATOR) or self._spec.get(_VALIDATOR)
        record |= {
            "httpMethod": method,
            "requestValidatorId": self._validators.get(str(validator)),
            "requestModels": dict(_models(operation)),
            "requestParameters": dict(_required(operation)),
        }
        authorization = (operation.get(_AUTHORIZATION) or {}).get("type")
        if authorization:
            record["authorizationType"] = authorization
        resource["resourceMethods"][method] = record
        place = (self._api_id, resource_id, method)
        for status, response in (operation.get("responses") or {}).items():
            headers = {f"method.response.header.{name}": False for name in response.get("headers") or {}}
            self._apis._put_method_response(*place, str(status), {"responseParameters": headers})  # noqa: SLF001
        integration = operation.get(_INTEGRATION)
        if integration:
            self._apis._put_integration(*place, _integration(integration))  # noqa: SLF001
            for status, response in _integration_responses(integration):
                self._apis._put_integration_response(*place, status, response)  # noqa: SLF001


def _integration(extension: Document) -> dict[str, Any]:
    upper = {key: str(extension[key]).upper() for key in ("type", "passthroughBehavior") if key in extension}
    return {**extension, **upper}


def _integration_responses(extension: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """The status of each response and the rest of it, with the pattern that selects it."""
    for pattern, response in (extension.get("responses") or {}).items():
        selection = "" if pattern == "default" else str(pattern)
        yield str(response.get("statusCode", "200")), {**response, "selectionPattern": selection}


def _models(operation: Document) -> Iterator[tuple[str, str]]:
    """The model of the body by its content type: OpenAPI 3's `requestBody`, or the body parameter of version 2."""
    for content_type, media in ((operation.get("requestBody") or {}).get("content") or {}).items():
        yield from _model(content_type, media)
    for parameter in operation["parameters"]:
        if parameter.get("in") == "body":
            yield from _model(_JSON, parameter)


def _model(content_type: str, media: Document) -> Iterator[tuple[str, str]]:
    reference = (media.get("schema") or {}).get("$ref")
    if reference:
        yield content_type, reference.rpartition("/")[2]


def _required(operation: Document) -> Iterator[tuple[str, bool]]:
    for parameter in operation["parameters"]:
        place = _PARAMETERS.get(parameter.get("in", ""))
        if place:
            yield f"method.request.{place}.{parameter['name']}", bool(parameter.get("required"))
