"""The shape of templates, as far as it is read here: a mapping where one belongs. The rest is left to CloudFormation.

Sources: CloudFormation user guide, "Template sections"; OpenAPI specification, "Paths Object".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from awsit.errors import InvalidInputError, Problem

_SECTIONS = ("Parameters", "Mappings", "Conditions", "Rules", "Globals", "Metadata", "Outputs")
_LOOP, _LOOP_LENGTH = "Fn::ForEach::", 3
_DOCUMENTS = ("Body", "DefinitionBody")
_BESIDE_OPERATIONS = frozenset({"parameters", "summary", "description", "servers", "$ref"})
_INTEGRATION, _AUTHORIZER = "x-amazon-apigateway-integration", "x-amazon-apigateway-authorizer"
_ENVIRONMENT = ("Environment", "Environment.Variables")
_MAPPINGS = {
    "AWS::ApiGateway::Method": ("Integration",),
    "AWS::Cognito::UserPool": ("LambdaConfig",),
    "AWS::Lambda::Function": _ENVIRONMENT,
    "AWS::Serverless::Function": _ENVIRONMENT,
}
_LISTS = {
    "AWS::ApiGateway::Method": ("Integration.IntegrationResponses",),
    "AWS::Lambda::Function": ("Layers",),
    "AWS::Serverless::Function": ("Layers",),
}
"""The properties that must be mappings, and those that must be lists, by resource type."""
_IN_DOCUMENTS = ("info", "components", "components.securitySchemes")


def check(path: Path, document: Mapping[str, Any]) -> None:
    """Raise InvalidInputError with every place of the template that has another shape than it must have."""
    wrong = _wrong(document)
    problems = tuple(Problem("bad_template", f"{place} must be {expected}", place) for place, expected in wrong)
    if problems:
        raise InvalidInputError(
            f"{path} is not a CloudFormation template", problems, code="bad_template", hint="correct the template"
        )


Wrong = Iterator[tuple[str, str]]
"""Places, and what must be there."""


def _wrong(document: Mapping[str, Any]) -> Wrong:
    for section in _SECTIONS:
        yield from _unless_mapping(section, document.get(section))
    parameters = document.get("Parameters")
    for name, parameter in parameters.items() if isinstance(parameters, dict) else ():
        if not isinstance(parameter, dict):
            yield f"Parameters.{name}", "a mapping with a Type"
    yield from _wrong_resources("Resources", document["Resources"])


def _wrong_resources(place: str, section: Mapping[str, Any]) -> Wrong:
    for name, resource in section.items():
        where = f"{place}.{name}"
        if str(name).startswith(_LOOP):
            yield from _wrong_loop(where, resource)
        elif not isinstance(resource, dict) or not isinstance(resource.get("Type", ""), str):
            yield where, "a mapping with a Type"
        elif not isinstance(resource.get("Properties") or {}, dict):
            yield f"{where}.Properties", "a mapping"
        else:
            yield from _wrong_properties(
                f"{where}.Properties", resource.get("Type", ""), resource.get("Properties") or {}
            )


def _wrong_loop(place: str, loop: Any) -> Wrong:
    if isinstance(loop, list) and len(loop) == _LOOP_LENGTH and isinstance(loop[-1], dict):
        yield from _wrong_resources(place, loop[-1])
    else:
        yield place, "a list of an identifier, a collection and a mapping of resources"


def _wrong_properties(place: str, kind: str, properties: Mapping[str, Any]) -> Wrong:
    for path in _MAPPINGS.get(kind, ()):
        yield from _unless_mapping(f"{place}.{path}", _at(properties, path))
    for path in _LISTS.get(kind, ()):
        yield from _unless_list(f"{place}.{path}", _at(properties, path))
    for name in _DOCUMENTS if "Api" in kind else ():
        if not isinstance(properties.get(name), str):  # CloudFormation takes JSON as text too
            yield from _unless_mapping(f"{place}.{name}", properties.get(name))
        if isinstance(properties.get(name), dict):
            yield from _wrong_document(f"{place}.{name}", properties[name])


def _wrong_document(place: str, document: Mapping[str, Any]) -> Wrong:
    for path in _IN_DOCUMENTS:
        yield from _unless_mapping(f"{place}.{path}", _at(document, path))
    yield from _unless_list(f"{place}.security", document.get("security"))
    for name, scheme in _entries(_at(document, "components.securitySchemes")):
        where = f"{place}.components.securitySchemes.{name}"
        yield from _unless_mapping(where, scheme)
        yield from _unless_mapping(f"{where}.{_AUTHORIZER}", _at(scheme, _AUTHORIZER))
    yield from _wrong_paths(f"{place}.paths", document.get("paths"))


def _wrong_paths(place: str, paths: Any) -> Wrong:
    yield from _unless_mapping(place, paths)
    for path, item in _entries(paths):
        yield from _unless_mapping(f"{place}.{path}", item)
        for method, operation in _entries(item):
            where = f"{place}.{path}.{method}"
            if method not in _BESIDE_OPERATIONS:
                yield from _unless_mapping(where, operation)
            yield from _unless_mapping(f"{where}.{_INTEGRATION}", _at(operation, _INTEGRATION))
            yield from _unless_mapping(f"{where}.{_INTEGRATION}.responses", _at(operation, f"{_INTEGRATION}.responses"))
            yield from _unless_list(f"{where}.security", _at(operation, "security"))


def _entries(mapping: Any) -> list[tuple[str, Any]]:
    """The entries of what is a mapping; what an intrinsic function makes is not known here."""
    entries = mapping.items() if isinstance(mapping, dict) else ()
    return [(name, value) for name, value in entries if not str(name).startswith("Fn::")]


def _at(value: Any, path: str) -> Any:
    """What stands at a path of keys, `a.b`; None where there is nothing."""
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _unless_mapping(place: str, value: Any) -> Wrong:
    if not isinstance(value or {}, dict):
        yield place, "a mapping"


def _unless_list(place: str, value: Any) -> Wrong:
    if not isinstance(value or [], list | dict):  # a mapping is an intrinsic function that makes the list
        yield place, "a list"
