"""The JSON Schema of scenarios (draft 2020-12, https://json-schema.org/draft/2020-12/schema), for editors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from awsit.expressions.assertions.rendering import LISTS, NESTED
from awsit.expressions.assertions.validation import KEYS, NO_OPERATORS
from awsit.model.action.protocol import Action
from awsit.model.json import Json, exact
from awsit.scenario.json_schema.assertions import described
from awsit.scenario.json_schema.templates import TEMPLATE, tidy, with_templates
from awsit.scenario.library.library import LibrarySpec
from awsit.scenario.reading.extensions import EXTENSION
from awsit.scenario.schema.control import CONTROL_PARAMS
from awsit.scenario.schema.document import ScenarioSpec, UseSpec
from awsit.scenario.schema.fields import ASSERTION_SCHEMA, JSON_PATH_SCHEMA
from awsit.scenario.schema.keys import CONTROL_KEYS
from awsit.scenario.schema.suite import SuiteSpec

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DEFINITIONS = "#/$defs/"
_ASSERTION_REF = {"$ref": "#/$defs/Assertion"}
_EXTENSIONS = "Nothing to awsit: a place for YAML anchors."
_TYPE = "What the action does. It decides what `params` takes."
_PARAMS = "Params that all actions of this type have in common."
_TAKE_INPUTS = ("ActionSpec", "FollowUpSpec", "UntilSpec", "RetrySpec", "CaptureSpec", "Assertion")


def scenario_schema(actions: Mapping[str, Action]) -> Json:
    """The schema of a scenario with the params of each action type; a template may stand for any value of params.

    What a schema cannot say (names that are captured later, templates that cannot be parsed) is left to `validate`.
    """
    return _document("awsit scenario", "ScenarioSpec", _definitions(actions))


def library_schema(actions: Mapping[str, Action]) -> Json:
    """The schema of a library file, in whose actions a template may stand for any value: inputs are of any type."""
    definitions = _definitions(actions)
    definitions |= {name: with_templates(definitions[name]) for name in _TAKE_INPUTS}
    return _document("awsit library", "LibrarySpec", definitions)


def suite_schema(actions: Mapping[str, Action]) -> Json:
    """The schema of a `suite.yaml`."""
    return _document("awsit suite", "SuiteSpec", _definitions(actions))


def _document(title: str, root: str, definitions: dict[str, Any]) -> Json:
    top = {**definitions.pop(root), "patternProperties": {f"^{EXTENSION}": {"description": _EXTENSIONS}}}
    used = _reached(top, definitions)
    needed = {name: definitions[name] for name in sorted(definitions) if name in used}
    return exact({"$schema": DIALECT, "title": title, **top, "$defs": needed})


def _reached(schema: Any, definitions: Mapping[str, Any], known: frozenset[str] = frozenset()) -> frozenset[str]:
    """The definitions that a schema refers to, and those that they refer to."""
    if isinstance(schema, Mapping):
        name = str(schema.get("$ref", "")).removeprefix(_DEFINITIONS)
        if name in definitions and name not in known:
            known = _reached(definitions[name], definitions, known | {name})
    inner = schema.values() if isinstance(schema, Mapping) else schema if isinstance(schema, list) else ()
    for each in inner:
        known = _reached(each, definitions, known)
    return known


def _definitions(actions: Mapping[str, Action]) -> dict[str, Any]:
    models: list[type[BaseModel]] = [ScenarioSpec, LibrarySpec, SuiteSpec, UseSpec, *CONTROL_PARAMS.values()]
    _, generated = models_json_schema([(model, "validation") for model in models])
    definitions: dict[str, Any] = tidy(generated)["$defs"]
    for action_type in sorted(actions.keys() - CONTROL_PARAMS.keys()):
        definitions.update(_params_definitions(action_type, actions[action_type]))
    definitions["LibraryActionSpec"]["properties"]["actions"]["items"] = {"$ref": f"{_DEFINITIONS}ActionSpec"}
    _describe_types(definitions, actions)
    _describe_branches(definitions)
    _describe_captures(definitions)
    _describe_assertions(definitions)
    _describe_uses(definitions)
    _describe_defaults(definitions, actions)
    return {**definitions, "Template": TEMPLATE}


def _params_definitions(action_type: str, action: Action) -> dict[str, Any]:
    """The definitions of an action's params: `http_call`, and `http_call.Auth` for what is inside."""
    schema = tidy(action.params_model.model_json_schema(ref_template=f"#/$defs/{action_type}.{{model}}"))
    inner = {f"{action_type}.{name}": each for name, each in schema.pop("$defs", {}).items()}
    return {name: with_templates(each) for name, each in {action_type: schema, **inner}.items()}


def _describe_types(definitions: dict[str, Any], actions: Mapping[str, Action]) -> None:
    """Let the `type` of an action decide what its `params` are."""
    simple = sorted(actions.keys() - CONTROL_PARAMS.keys())
    rules = [_when_type(each, each, definitions) for each in simple]
    control = [_when_type(each, model.__name__, definitions) for each, model in CONTROL_PARAMS.items()]
    for rule in control:
        rule["then"]["propertyNames"] = {"enum": sorted(CONTROL_KEYS)}
    _add_types(definitions["ActionSpec"], [*simple, *CONTROL_PARAMS], [*rules, *control])
    _add_types(definitions["FollowUpSpec"], simple, rules)


def _add_types(definition: dict[str, Any], types: list[str], rules: list[Any]) -> None:
    definition["properties"]["type"] = {"type": "string", "enum": types, "description": _TYPE}
    definition["allOf"] = rules


def _when_type(action_type: str, definition: str, definitions: Mapping[str, Any]) -> dict[str, Any]:
    then: dict[str, Any] = {"properties": {"params": {"$ref": f"#/$defs/{definition}"}}}
    if definitions[definition].get("required"):
        then["required"] = ["params"]
    return {"if": {"properties": {"type": {"const": action_type}}, "required": ["type"]}, "then": then}


def _describe_branches(definitions: dict[str, Any]) -> None:
    """Let a branch be the bare list of its actions."""
    actions = definitions["BranchSpec"]["properties"]["actions"]
    branches = definitions["ParallelSpec"]["properties"]["branches"]
    branches["items"] = {"anyOf": [actions, {"$ref": "#/$defs/BranchSpec"}]}


def _describe_captures(definitions: dict[str, Any]) -> None:
    """Let a capture be its path alone."""
    capture = {"$ref": f"{_DEFINITIONS}CaptureSpec"}
    for definition in definitions.values():
        captures = definition.get("properties", {}).get("pass_to_context", {})
        patterns = captures.get("patternProperties", {})
        patterns |= {pattern: {"anyOf": [{"type": "string"}, capture]} for pattern in patterns}


def _describe_uses(definitions: dict[str, Any]) -> None:
    """Let a `use` stand wherever an action may."""
    for name in ("ActionSpec", "FollowUpSpec"):
        reference = {"$ref": f"#/$defs/{name}"}
        entry = f"{name.removesuffix('Spec')}OrUse"
        for each in _lists_of(reference, definitions):
            each["items"] = {"$ref": f"#/$defs/{entry}"}
        definitions[entry] = {"if": {"required": ["use"]}, "then": {"$ref": "#/$defs/UseSpec"}, "else": reference}


def _describe_defaults(definitions: dict[str, Any], actions: Mapping[str, Action]) -> None:
    """Let `defaults` have the params of each type, none of them required."""
    by_type: dict[str, Any] = {}
    for kind in sorted(actions.keys() - CONTROL_PARAMS.keys()):
        params = {key: value for key, value in definitions[kind].items() if key not in ("required", "description")}
        properties = {**definitions["DefaultsSpec"]["properties"], "params": {**params, "description": _PARAMS}}
        by_type[kind] = {**definitions["DefaultsSpec"], "properties": properties}
    for each in (definitions["ScenarioSpec"], definitions["LibrarySpec"], definitions["SuiteSpec"]):
        described = {
            key: value for key, value in each["properties"]["defaults"].items() if key in ("type", "description")
        }
        each["properties"]["defaults"] = {**described, "properties": by_type, "additionalProperties": False}
    del definitions["DefaultsSpec"]


def _describe_assertions(definitions: dict[str, Any]) -> None:
    several = {"type": "array", "items": _ASSERTION_REF}
    keys: dict[str, Any] = {key: {} for key in KEYS}
    keys |= {"path": {"type": "string"}, "json_path": JSON_PATH_SCHEMA}
    keys |= {"name": {"type": "string"}, **dict.fromkeys(LISTS, several), **dict.fromkeys(NESTED, _ASSERTION_REF)}
    lacks_operator = {"propertyNames": {"enum": sorted(NO_OPERATORS)}}
    definitions["Assertion"] = {
        "type": "object",
        "description": "A check: `path`, and what must hold there. All operators of one assertion must hold.",
        "properties": described(keys),
        "additionalProperties": False,
        "not": lacks_operator,
    }
    for each in _lists_of(ASSERTION_SCHEMA, definitions):
        each["items"] = _ASSERTION_REF


def _lists_of(items: Any, definitions: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The properties of all definitions that are lists of such items."""
    for definition in definitions.values():
        yield from (each for each in definition.get("properties", {}).values() if each.get("items") == items)
