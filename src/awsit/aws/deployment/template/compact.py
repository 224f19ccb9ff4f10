"""Templates without the blanks of the JSON texts in them, which count in the size of a request."""

from __future__ import annotations

from contextlib import suppress

from awsit.model import json
from awsit.model.json import Json

_TEXTS = {"AWS::CloudWatch::Dashboard": "DashboardBody"}
"""The properties that hold JSON as a text for people, by type of resource."""


def compact(document: dict[str, Json]) -> dict[str, Json]:
    """The template with the bodies of its dashboards on one line; it means the same."""
    resources = {name: _compact(resource) for name, resource in document["Resources"].items()}
    return {**document, "Resources": resources}


def _compact(resource: Json) -> Json:
    name = _TEXTS.get(resource.get("Type", "")) if isinstance(resource, dict) else None
    properties = resource.get("Properties") if name else None
    if not isinstance(properties, dict) or name not in properties:
        return resource
    return {**resource, "Properties": {**properties, name: _on_one_line(properties[name])}}


def _on_one_line(value: Json) -> Json:
    """A JSON text, or that of a `Fn::Sub`, without its blanks; anything else as it is."""
    if isinstance(value, dict) and isinstance(value.get("Fn::Sub"), str):
        return {**value, "Fn::Sub": _on_one_line(value["Fn::Sub"])}
    if isinstance(value, str):
        with suppress(ValueError, TypeError):
            return json.dumps(json.loads(value))
    return value
