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
_INTEGRATION = "x-amazon-apigateway-integration"


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
    if kind in {"AWS::Lambda::Function", "AWS::Serverless::Function"}:
        environment = properties.get("Environment")
        yield from _unless_mapping(f"{place}.Environment", environment)
        if isinstance(environment, dict):
            yield from _unless_mapping(f"{place}.Environment.Variables", environment.get("Variables"))
        if not isinstance(properties.get("Layers") or [], list | dict):
            yield f"{place}.Layers", "a list"
    for name in _DOCUMENTS if "Api" in kind else ():
        if not isinstance(properties.get(name), str):  # CloudFormation takes JSON as text too
            yield from _unless_mapping(f"{place}.{name}", properties.get(name))
        if isinstance(properties.get(name), dict):
            yield from _wrong_paths(f"{place}.{name}.paths", properties[name].get("paths"))


def _wrong_paths(place: str, paths: Any) -> Wrong:
    yield from _unless_mapping(place, paths)
    for path, item in paths.items() if isinstance(paths, dict) else ():
        yield from _unless_mapping(f"{place}.{path}", item)
        for method, operation in item.items() if isinstance(item, dict) else ():
            if method not in _BESIDE_OPERATIONS:
                yield from _unless_mapping(f"{place}.{path}.{method}", operation)
            if isinstance(operation, dict):
                yield from _unless_mapping(f"{place}.{path}.{method}.{_INTEGRATION}", operation.get(_INTEGRATION))


def _unless_mapping(place: str, value: Any) -> Wrong:
    if not isinstance(value or {}, dict):
        yield place, "a mapping"
