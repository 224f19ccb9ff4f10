"""What every action type brings, part by part: a check says what is missing; what is there says nothing."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from awsit.model.action.abilities import Resumable, Resumptions
from awsit.model.action.compensation import Compensable
from awsit.model.action.protocol import Action, Summary
from awsit.model.permissions import AwsLocation, RequiredPermissions

ROOT = Path(__file__).parents[3]
HERE = AwsLocation.of("eu-west-1", "123456789012")
BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.DOTALL | re.MULTILINE)
ALLOWED_BY_OTHER_POLICIES = {"aws_api"}
"""Types that may need any permission: the template grants none; those who deploy give policies (ActionPolicyArns)."""


@dataclass(frozen=True)
class Surroundings:
    """What stands outside `src` and knows of action types.

    `page` is all of docs/actions, `draft` what `awsit new` begins with, `scenarios` are those of tests/conformance, and
    `granted` holds the IAM actions that infra/template.yaml gives to the role of actions.
    """

    page: str
    draft: str
    scenarios: list[Any]
    granted: frozenset[str]

    def section(self, action_type: str) -> str:
        """The page's section on a type; empty when it has none."""
        found = re.search(rf"^#+ `{action_type}`\n(.*?)(?=^#+ `|\Z)", self.page, re.DOTALL | re.MULTILINE)
        return found[1] if found else ""

    def examples(self, action_type: str) -> list[dict[str, Any]]:
        """The params of each action of a type, on the page and in the scenarios."""
        shown = [yaml.safe_load(block) for block in BLOCK.findall(self.section(action_type))]
        return [each.get("params", {}) for each in actions_in([*shown, *self.scenarios]) if each["type"] == action_type]


def actions_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every action that a document holds, at any depth."""
    if isinstance(value, dict):
        if isinstance(value.get("type"), str) and "name" in value:
            yield value
        for item in value.values():
            yield from actions_in(item)
    for item in value if isinstance(value, list) else ():
        yield from actions_in(item)


def _params_model(action: Action, _: Surroundings) -> str:
    schema = action.params_model.model_json_schema()
    models = [schema, *schema.get("$defs", {}).values()]
    undescribed = [
        name for model in models for name, field in model["properties"].items() if not field.get("description")
    ]
    if undescribed:
        return f"has no description of {', '.join(undescribed)}"
    return "" if all(model["additionalProperties"] is False for model in models) else "takes any key: use `Params`"


def _execute(action: Action, _: Surroundings) -> str:
    return _method(action, "execute") or (
        "" if "Result:" in (action.execute.__doc__ or "") else "does not say in its docstring what `Result:` it has"
    )


def _is_safe_to_repeat(action: Action, _: Surroundings) -> str:
    return _method(action, "is_safe_to_repeat")


def _only_reads(action: Action, _: Surroundings) -> str:
    return _method(action, "only_reads")


def _permissions(action: Action, around: Surroundings) -> str:
    required = [action.permissions(params, HERE) for params in around.examples(action.type)]
    if not all(isinstance(each, RequiredPermissions) for each in required):
        return "are no RequiredPermissions"
    named = [permission.action for each in required for permission in each.permissions]
    bad = [name for name in named if not re.fullmatch(r"[a-z0-9-]+:[A-Za-z]+", name)]
    return f"name no IAM action: {bad}" if bad else _method(action, "permissions")


def _summary(action: Action, around: Surroundings) -> str:
    made = [action.summary(params) for params in around.examples(action.type)]
    whole = all(isinstance(each, Summary) and each.text for each in made)
    return _method(action, "summary") or ("" if whole else "is empty")


def _resource_kind(action: Action, around: Surroundings) -> str:
    named = {bool(action.summary(params).resource) for params in around.examples(action.type)}
    return "" if named <= {bool(action.resource_kind)} else "does not go with the resource that `summary` names"


def _not_found_means_gone(action: Action, _: Surroundings) -> str:
    return "" if isinstance(action.not_found_means_gone, bool) else "is neither true nor false"


def _compensations(action: Action, _: Surroundings) -> str:
    return _method(action, "compensations", Compensable) if isinstance(action, Compensable) else ""


def _resumptions(action: Action, around: Surroundings) -> str:
    if not isinstance(action, Resumable):
        return ""
    made = [action.resumptions(params) for params in around.examples(action.type)]
    return "" if all(each is None or isinstance(each, Resumptions) for each in made) else "are no Resumptions"


def _docstring(action: Action, _: Surroundings) -> str:
    return "" if type(action).__doc__ else "is missing: it is what the reference page says of the type"


def _page(action: Action, around: Surroundings) -> str:
    return "" if BLOCK.search(around.section(action.type)) else "has no section on it with an example"


def _draft(action: Action, around: Surroundings) -> str:
    return "" if re.search(rf"\b{action.type}\b", around.draft) else "does not name it among the types"


def _conformance(action: Action, around: Surroundings) -> str:
    used = any(each["type"] == action.type for each in actions_in(around.scenarios))
    return "" if used else "has no scenario that uses it"


def _template(action: Action, around: Surroundings) -> str:
    if action.type in ALLOWED_BY_OTHER_POLICIES:
        return ""
    required = [action.permissions(params, HERE) for params in around.examples(action.type)]
    needed = {each.action for one in required for each in one.permissions}
    lacking = sorted(needed - around.granted)
    return f"does not let the role of actions do {', '.join(lacking)}" if lacking else ""


def _method(action: Action, name: str, protocol: type[Any] = Action) -> str:
    wanted, there = (list(inspect.signature(getattr(each, name)).parameters) for each in (protocol, type(action)))
    return "" if len(wanted) == len(there) else f"takes {there}, not {wanted}"


PARTS: Mapping[str, Callable[[Action, Surroundings], str]] = {
    "params_model": _params_model,
    "execute": _execute,
    "is_safe_to_repeat": _is_safe_to_repeat,
    "only_reads": _only_reads,
    "permissions": _permissions,
    "summary": _summary,
    "resource_kind": _resource_kind,
    "not_found_means_gone": _not_found_means_gone,
    "compensations": _compensations,
    "resumptions": _resumptions,
    "docstring": _docstring,
    "docs/actions": _page,
    "src/awsit/cli/drafts/files/new.yaml": _draft,
    "tests/conformance/scenarios": _conformance,
    "infra/template.yaml": _template,
}
"""The parts by their names: members of the action, and files outside its folder."""


def missing(part: str, action: Action, around: Surroundings) -> str:
    """What a part lacks, in a sentence that names it; empty when it is whole."""
    try:
        lack = PARTS[part](action, around)
    except AttributeError as error:
        lack = f"cannot be read: {error}"
    return f"{action.type}: {part} {lack}" if lack else ""
