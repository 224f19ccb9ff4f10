"""The JSON Schema of scenarios (draft 2020-12, https://json-schema.org/draft/2020-12/schema), for editors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from awsit.expressions.specs import KEYS
from awsit.model.json import Json, exact
from awsit.model.ports import Action
from awsit.scenario.control import CONTROL_KEYS, CONTROL_PARAMS
from awsit.scenario.document import ScenarioSpec
from awsit.scenario.template_schema import TEMPLATE, tidy, with_templates

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ASSERTION_REF = {"$ref": "#/$defs/Assertion"}
_ASSERTION_LISTS = {"ActionSpec": ("assert",), "FollowUpSpec": ("assert",), "UntilSpec": ("assert", "fail_when")}


def scenario_schema(actions: Mapping[str, Action]) -> Json:
    """The schema of a scenario with the params of each action type; a template may stand for any value of params.

    What a schema cannot say (names that are captured later, templates that cannot be parsed) is left to `validate`.
    """
    models: list[type[BaseModel]] = [ScenarioSpec, *CONTROL_PARAMS.values()]
    _, generated = models_json_schema([(model, "validation") for model in models])
    definitions: dict[str, Any] = tidy(generated)["$defs"]
    for action_type in sorted(actions.keys() - CONTROL_PARAMS.keys()):
        definitions.update(_params_definitions(action_type, actions[action_type]))
    _describe_types(definitions, actions)
    _describe_branches(definitions)
    _describe_assertions(definitions)
    definitions["Template"] = TEMPLATE
    root = definitions.pop("ScenarioSpec")
    return exact({"$schema": DIALECT, "title": "awsit scenario", **root, "$defs": dict(sorted(definitions.items()))})


def _params_definitions(action_type: str, action: Action) -> dict[str, Any]:
    """The definitions of an action's params: `http_call`, and `http_call.Auth` for what is inside."""
    schema = tidy(action.params_model.model_json_schema(ref_template=f"#/$defs/{action_type}.{{model}}"))
    inner = {f"{action_type}.{name}": each for name, each in schema.pop("$defs", {}).items()}
    return {name: with_templates(each) for name, each in {action_type: schema, **inner}.items()}


def _describe_types(definitions: dict[str, Any], actions: Mapping[str, Action]) -> None:
    """Let `type` decide what `params` are."""
    simple = sorted(actions.keys() - CONTROL_PARAMS.keys())
    rules = [_when_type(each, each, definitions) for each in simple]
    control = [_when_type(each, model.__name__, definitions) for each, model in CONTROL_PARAMS.items()]
    for rule in control:
        rule["then"]["propertyNames"] = {"enum": sorted(CONTROL_KEYS)}
    _add_types(definitions["ActionSpec"], [*simple, *CONTROL_PARAMS], [*rules, *control])
    _add_types(definitions["FollowUpSpec"], simple, rules)


def _add_types(definition: dict[str, Any], types: list[str], rules: list[Any]) -> None:
    definition["properties"]["type"] = {"type": "string", "enum": types}
    definition["allOf"] = rules


def _when_type(action_type: str, definition: str, definitions: Mapping[str, Any]) -> dict[str, Any]:
    then: dict[str, Any] = {"properties": {"params": {"$ref": f"#/$defs/{definition}"}}}
    if definitions[definition].get("required"):
        then["required"] = ["params"]
    return {"if": {"properties": {"type": {"const": action_type}}, "required": ["type"]}, "then": then}


def _describe_branches(definitions: dict[str, Any]) -> None:
    """A branch may be the bare list of its actions."""
    actions = definitions["BranchSpec"]["properties"]["actions"]
    branches = definitions["ParallelParams"]["properties"]["branches"]
    branches["items"] = {"anyOf": [actions, {"$ref": "#/$defs/BranchSpec"}]}


def _describe_assertions(definitions: dict[str, Any]) -> None:
    combined = {
        "and": {"type": "array", "items": _ASSERTION_REF},
        "or": {"type": "array", "items": _ASSERTION_REF},
        "not": _ASSERTION_REF,
    }
    keys: dict[str, Any] = {key: {} for key in KEYS}
    keys |= {"path": {"type": "string", "description": "JSONPath (RFC 9535)."}, "name": {"type": "string"}, **combined}
    definitions["Assertion"] = {"type": "object", "properties": keys, "additionalProperties": False}
    for name, properties in _ASSERTION_LISTS.items():
        for key in properties:
            definitions[name]["properties"][key]["items"] = _ASSERTION_REF
    definitions["ScenarioSpec"]["properties"]["assertions"]["items"] = _ASSERTION_REF
