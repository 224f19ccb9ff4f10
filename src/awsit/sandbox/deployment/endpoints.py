"""The attribute `ApiEndpoint` of HTTP and WebSocket APIs as on AWS; the emulator's own is a name below `localhost`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awsit.sandbox.deployment.http_api import API, Document

_DOMAIN = ".execute-api.${AWS::Region}.amazonaws.com"


def with_endpoints(template: Document) -> Document:
    """The template with the attribute written out, in each function and text that asks for it."""
    endpoints = {
        name: f"{_scheme(resource)}://${{{name}}}{_DOMAIN}"
        for name, resource in template["Resources"].items()
        if resource.get("Type") == API
    }
    changed: Document = _written_out(template, endpoints)
    return changed


def _scheme(api: Document) -> str:
    return "wss" if (api.get("Properties") or {}).get("ProtocolType") == "WEBSOCKET" else "https"


def _written_out(value: Any, endpoints: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_written_out(each, endpoints) for each in value]
    if not isinstance(value, dict):
        return value
    for api, endpoint in endpoints.items():
        if value.get("Fn::GetAtt") in ([api, "ApiEndpoint"], f"{api}.ApiEndpoint"):
            return {"Fn::Sub": endpoint}
    entries = {key: _written_out(each, endpoints) for key, each in value.items()}
    if "Fn::Sub" in entries:
        entries["Fn::Sub"] = _text(entries["Fn::Sub"], endpoints)
    return entries


def _text(value: Any, endpoints: Mapping[str, str]) -> Any:
    """The argument of `Fn::Sub`: a text, or a list of a text and its variables."""
    if isinstance(value, list) and value:
        return [_text(value[0], endpoints), *value[1:]]
    if isinstance(value, str):
        for api, endpoint in endpoints.items():
            value = value.replace(f"${{{api}.ApiEndpoint}}", endpoint)
    return value
