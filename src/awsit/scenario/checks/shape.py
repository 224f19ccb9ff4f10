"""Checks of keys, types and params, of each action by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeGuard

from awsit.errors import Problem
from awsit.key_hints.hints import key_hint
from awsit.model.action.abilities import ReadsPlainParams
from awsit.model.action.compensation import Compensable
from awsit.model.action.protocol import Action
from awsit.model.json import Json
from awsit.scenario.schema.keys import CONTROL_TYPES
from awsit.scenario.schema.plain import plain_scenario
from awsit.scenario.schema.walk import ActionSite
from awsit.suggestions import suggestion


def scenario_problems(document: Json, sites: Iterable[ActionSite], actions: Mapping[str, Action]) -> Iterator[Problem]:
    """What is wrong with the keys of the scenario and of its actions, except for params."""
    if plain_scenario(document) is None:
        from awsit.scenario.checks.models import document_problems  # brings pydantic, which is slow to import

        yield from document_problems(document, sites, actions)


def site_problems(site: ActionSite, actions: Mapping[str, Action]) -> Iterator[Problem]:
    """What is wrong with an action's type and params."""
    if not site.type:
        return
    if site.type in CONTROL_TYPES:
        yield from _control_problems(site)
    elif site.type not in actions:
        known = {*actions, *(() if site.phase.is_follow_up else CONTROL_TYPES)}
        hint = key_hint("type", site.type)
        message = f"action type `{site.type}` is not known{'' if hint else suggestion(site.type, known)}"
        yield Problem("unknown_type", message, f"{site.path}.type", hint)
    else:
        yield from _params_problems(site, actions[site.type])
        yield from _compensation_problems(site, actions[site.type])


def _compensation_problems(site: ActionSite, action: Action) -> Iterator[Problem]:
    for key in ("auto_cleanup", "restore"):
        if site.raw.get(key) is not True:
            continue
        if not isinstance(action, Compensable):
            message = f"`{site.type}` has no inverse that awsit knows, so it takes no `{key}`"
            yield Problem("misplaced_key", message, f"{site.path}.{key}", "write its `cleanup`")
            continue
        params = site.raw.get("params")
        planned = action.planned_compensation(params if isinstance(params, Mapping) else {})
        if planned.problem:
            yield Problem("misplaced_key", f"`{key}`: {planned.problem}", f"{site.path}.{key}", planned.hint)


def _reads_plain_params(action: Action) -> TypeGuard[ReadsPlainParams]:
    """What `isinstance` says; of a class, unlike of an object, Python keeps the answer."""
    return issubclass(type(action), ReadsPlainParams)


def _params_problems(site: ActionSite, action: Action) -> Iterator[Problem]:
    params = site.raw.get("params", {})
    if not isinstance(params, Mapping):
        return
    if _reads_plain_params(action) and action.plain_params(params, rendered=False) is not None:
        return
    from awsit.scenario.checks.models import site_params_problems  # brings pydantic, which is slow to import

    yield from site_params_problems(site, action)


def _control_problems(site: ActionSite) -> Iterator[Problem]:
    if site.phase.is_follow_up:
        message = f"`{site.type}` cannot be used in `{site.phase}`"
        yield Problem("not_allowed_here", message, f"{site.path}.type", "write its actions one after the other")
        return
    from awsit.scenario.checks.models import control_problems  # brings pydantic, which is slow to import

    yield from control_problems(site)
