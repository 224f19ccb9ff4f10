"""HTTP APIs that are described by OpenAPI, as routes and integrations: the emulator reads no `Body`.

The extensions are those of "OpenAPI extensions for API Gateway" in the API Gateway developer guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

Document = dict[str, Any]

API = "AWS::ApiGatewayV2::Api"
DEPLOYMENT = "AWS::ApiGatewayV2::Deployment"
PLACEHOLDER: Document = {"Type": "AWS::CloudFormation::WaitConditionHandle"}
"""A resource that does nothing. A deployment of an API is one, since the emulator serves each change at once."""
INTEGRATION, ANY_METHOD = "x-amazon-apigateway-integration", "x-amazon-apigateway-any-method"
AUTHORIZER, CORS = "x-amazon-apigateway-authorizer", "x-amazon-apigateway-cors"
METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace", ANY_METHOD})
_INTEGRATION_PROPERTIES = {
    "uri": "IntegrationUri",
    "httpMethod": "IntegrationMethod",
    "payloadFormatVersion": "PayloadFormatVersion",
    "timeoutInMillis": "TimeoutInMillis",
    "requestParameters": "RequestParameters",
    "responseParameters": "ResponseParameters",
    "connectionType": "ConnectionType",
    "connectionId": "ConnectionId",
    "credentials": "CredentialsArn",
}
_AUTHORIZER_PROPERTIES = {
    "authorizerUri": "AuthorizerUri",
    "authorizerPayloadFormatVersion": "AuthorizerPayloadFormatVersion",
    "authorizerResultTtlInSeconds": "AuthorizerResultTtlInSeconds",
    "enableSimpleResponses": "EnableSimpleResponses",
}


def with_routes(template: Document) -> Document:
    """The template, each `Body` of an HTTP API replaced by resources of the API's routes."""
    resources: Document = {}
    for name, resource in template["Resources"].items():
        resources[name] = resource
        if resource.get("Type") == API:
            resources |= _routed(name, resource)
        elif resource.get("Type") == DEPLOYMENT:
            resources[name] = PLACEHOLDER | {key: resource[key] for key in ("Condition",) if key in resource}
    return template | {"Resources": resources}


def _routed(name: str, api: Document) -> Document:
    """The API, its `Body` spread over properties and further resources."""
    properties = dict(api.get("Properties") or {})
    document = properties.pop("Body", None)
    body = document if isinstance(document, dict) else {}
    if body:
        properties.setdefault("Name", (body.get("info") or {}).get("title", name))
        properties.setdefault("ProtocolType", "HTTP")
    cors = properties.get("CorsConfiguration") or body.get(CORS)
    if isinstance(cors, dict):  # the emulator keeps these keys as they are, and reads them as its API names them
        properties["CorsConfiguration"] = {key[:1].lower() + key[1:]: value for key, value in cors.items()}
    parts = [*_authorizers(name, body), *_routes(name, body), *_quickly_created(name, properties)]
    shared = {key: api[key] for key in ("Condition",) if key in api}
    return {name: api | {"Properties": properties}, **{part: resource | shared for part, resource in parts}}


def _routes(api: str, body: Mapping[str, Any]) -> Iterator[tuple[str, Document]]:
    for path, methods in (body.get("paths") or {}).items():
        for method, operation in methods.items() if isinstance(methods, dict) else ():
            if method.lower() not in METHODS or not (operation or {}).get(INTEGRATION):
                continue
            word = "ANY" if method.lower() == ANY_METHOD else method.upper()
            key = path if path == "$default" else f"{word} {path}"
            part = _part(api, key)
            target = {"Fn::Join": ["/", ["integrations", {"Ref": f"{part}Integration"}]]}
            route = {"RouteKey": key, "Target": target, **_authorization(api, body, operation)}
            yield f"{part}Integration", _resource("Integration", api, _integration(operation[INTEGRATION]))
            yield f"{part}Route", _resource("Route", api, route)


def _quickly_created(api: str, properties: Document) -> Iterator[tuple[str, Document]]:
    """The integration, route and stage of an API with a `Target` (API Gateway developer guide, "quick create")."""
    target = properties.pop("Target", None)
    if not target:
        return
    kind = "HTTP_PROXY" if isinstance(target, str) and target.startswith("http") else "AWS_PROXY"
    integration = {"IntegrationType": kind, "IntegrationUri": target, "PayloadFormatVersion": "2.0"}
    if kind == "HTTP_PROXY":
        integration |= {"IntegrationMethod": "ANY", "PayloadFormatVersion": "1.0"}
    key = properties.pop("RouteKey", "$default")
    yield f"{api}QuickIntegration", _resource("Integration", api, integration)
    route = {"RouteKey": key, "Target": {"Fn::Join": ["/", ["integrations", {"Ref": f"{api}QuickIntegration"}]]}}
    yield f"{api}QuickRoute", _resource("Route", api, route)
    yield f"{api}QuickStage", _resource("Stage", api, {"StageName": "$default", "AutoDeploy": True})


def _integration(extension: Mapping[str, Any]) -> Document:
    kind = str(extension.get("type") or "aws_proxy").upper()
    return {"IntegrationType": kind, **_renamed(extension, _INTEGRATION_PROPERTIES)}


def _authorization(api: str, body: Mapping[str, Any], operation: Mapping[str, Any]) -> Document:
    """Who may call the operation: the first of its security requirements, else the first of the whole API."""
    requirements = operation.get("security", body.get("security"))
    first = requirements[0] if requirements and isinstance(requirements, list) else None
    for name, scopes in first.items() if isinstance(first, dict) else ():
        scheme = _schemes(body).get(name) or {}
        authorizer = scheme.get(AUTHORIZER)
        if not authorizer:
            return {"AuthorizationType": "AWS_IAM"} if _is_iam(name, scheme) else {}
        kind = "JWT" if authorizer.get("type", "jwt") == "jwt" else "CUSTOM"
        scoped = {"AuthorizationScopes": scopes} if scopes else {}
        return {"AuthorizationType": kind, "AuthorizerId": {"Ref": _part(api, name) + "Authorizer"}, **scoped}
    return {}


def _is_iam(name: str, scheme: Mapping[str, Any]) -> bool:
    return name == "AWS_IAM" or str(scheme.get("x-amazon-apigateway-authtype", "")).lower() == "awssigv4"


def _authorizers(api: str, body: Mapping[str, Any]) -> Iterator[tuple[str, Document]]:
    for name, scheme in _schemes(body).items():
        authorizer = scheme.get(AUTHORIZER)
        if not authorizer:
            continue
        properties = {"Name": name, **_renamed(authorizer, _AUTHORIZER_PROPERTIES)}
        sources = authorizer.get("identitySource", "$request.header.Authorization")
        properties["IdentitySource"] = _source_list(sources)
        if authorizer.get("type", "jwt") == "jwt":
            claims = authorizer.get("jwtConfiguration") or {}
            audience = {"Audience": claims.get("audience", []), "Issuer": claims.get("issuer", "")}
            properties |= {"AuthorizerType": "JWT", "JwtConfiguration": audience}
        else:
            properties["AuthorizerType"] = "REQUEST"
        yield _part(api, name) + "Authorizer", _resource("Authorizer", api, properties)


def _source_list(sources: Any) -> Any:
    return [source.strip() for source in sources.split(",")] if isinstance(sources, str) else sources


def _schemes(body: Mapping[str, Any]) -> Mapping[str, Any]:
    schemes = (body.get("components") or {}).get("securitySchemes") or {}
    return {name: scheme for name, scheme in schemes.items() if isinstance(scheme, dict)}


def _resource(kind: str, api: str, properties: Document) -> Document:
    return {"Type": f"AWS::ApiGatewayV2::{kind}", "Properties": {"ApiId": {"Ref": api}, **properties}}


def _renamed(values: Mapping[str, Any], names: Mapping[str, str]) -> Document:
    return {names[key]: value for key, value in values.items() if key in names}


def _part(api: str, key: str) -> str:
    """The beginning of the logical IDs of what belongs to a route or an authorizer; the same at every deployment."""
    return api + re.sub(r"[^A-Za-z0-9]", "", key) + sha256(key.encode()).hexdigest()[:6]
