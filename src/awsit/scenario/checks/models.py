"""What the models of a scenario and of params find wrong: only for documents that are not plainly right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from awsit.errors import Problem
from awsit.key_hints.hints import key_hint
from awsit.model.action.protocol import Action
from awsit.model.json import Json
from awsit.records import replace
from awsit.scenario.limits import MAX_CHOICE_DEPTH
from awsit.scenario.schema.control import CONTROL_PARAMS
from awsit.scenario.schema.document import ActionSpec, ScenarioSpec
from awsit.scenario.schema.keys import CHOICE, CONTROL_KEYS, PARALLEL
from awsit.scenario.schema.walk import ActionSite
from awsit.validation.locations import known_keys
from awsit.validation.problems import model_problems, params_problems

_OF_ACTIONS = known_keys(ActionSpec, ())
_BESIDE_PARAMS = _OF_ACTIONS - {"name", "type", "params"}


def document_problems(document: Json, sites: Iterable[ActionSite], actions: Mapping[str, Action]) -> Iterator[Problem]:
    """What is wrong with the keys of the scenario and of its actions, except for params."""
    by_path = {site.path: site for site in sites}
    for problem in model_problems(ScenarioSpec, document, "", "a scenario"):
        place, _, key = problem.path.rpartition(".")
        is_unknown = problem.code == "unknown_key" and place in by_path
        hint = _params_hint(by_path[place], key, actions) if is_unknown else ""
        yield replace(problem, message=f"unknown key `{key}`", hint=hint) if hint else problem


def _params_hint(site: ActionSite, key: str, actions: Mapping[str, Action]) -> str:
    """Where an unknown key of an action belongs that its params have, perhaps by another name."""
    model = CONTROL_PARAMS.get(site.type) or (actions[site.type].params_model if site.type in actions else None)
    if model is None:
        return ""
    if key in known_keys(model, ()):
        return _in_params(key)
    return "" if key_hint("ActionSpec", key) else _under_params(key_hint(model.__name__, key))


def _in_params(key: str) -> str:
    return f"it stands under `params`: `params: {{{key}: ...}}`"


def _under_params(hint: str) -> str:
    return f"it stands under `params`; {hint}" if hint else ""


def site_params_problems(site: ActionSite, action: Action) -> Iterator[Problem]:
    """What is wrong with the params of an action, which are a mapping."""
    path = f"{site.path}.params"
    for problem in params_problems(site.type, action.params_model, site.raw.get("params", {}), path, rendered=False):
        place, _, key = problem.path.rpartition(".")
        if place == path and problem.code == "missing_key" and key in site.raw.keys() - _OF_ACTIONS:
            continue  # it stands beside `params`, which has a problem of its own
        if place == path and problem.code == "unknown_key" and key in _BESIDE_PARAMS:
            hint = f"`{key}` stands beside `params`, not in it"
            yield replace(problem, message=f"unknown key `{key}`", hint=hint)
        else:
            yield problem


def control_problems(site: ActionSite) -> Iterator[Problem]:
    """What is wrong with the keys and the params of a control action."""
    model, path = CONTROL_PARAMS[site.type], f"{site.path}.params"
    beside = (site.raw.keys() & known_keys(model, ())) - CONTROL_KEYS
    for key in sorted(site.raw.keys() - CONTROL_KEYS):
        hint = _in_params(key) if key in beside else f"give `{key}` to the actions inside it"
        if key not in beside or key in _BESIDE_PARAMS:  # else it has a problem of its own
            yield Problem("misplaced_key", f"`{site.type}` takes no `{key}`", f"{site.path}.{key}", hint)
    yield from _nesting_problems(site)
    params = site.raw.get("params", {})
    if isinstance(params, Mapping):
        for problem in model_problems(model, params, path, f"`{site.type}`"):
            if not (problem.code == "missing_key" and problem.path in {f"{path}.{key}" for key in beside}):
                yield problem
        yield from _unreachable(site, params)


def _nesting_problems(site: ActionSite) -> Iterator[Problem]:
    if site.type == PARALLEL and site.in_parallel:
        hint = "make its branches branches of the outer one"
        yield Problem("not_allowed_here", "a `parallel` cannot stand inside another", f"{site.path}.type", hint)
    if site.type == CHOICE and site.choices >= MAX_CHOICE_DEPTH:
        message = f"`choice` actions stand more than {MAX_CHOICE_DEPTH} deep in one another"
        yield Problem("limit", message, f"{site.path}.type", "use conditions of `and` and `or`")


def _unreachable(site: ActionSite, params: Mapping[str, Json]) -> Iterator[Problem]:
    if site.type != CHOICE or not isinstance(params.get("when"), bool):
        return
    dead = "else" if params["when"] else "then"
    if params.get(dead):
        when = str(params["when"]).lower()
        message = f"`{dead}` can never run: `when` is always {when}"
        yield Problem("unreachable", message, f"{site.path}.params.{dead}", "make `when` a `{{ condition }}`")
