"""Checks of `at`: it is known before its action, and something is done there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from awsit.errors import Problem
from awsit.expressions.templates import template
from awsit.expressions.templates.names import FAKE, GENERATORS
from awsit.expressions.templates.substitution import uses
from awsit.model.action.abilities import UsesAws
from awsit.model.action.protocol import Action
from awsit.model.json import Json
from awsit.scenario.schema.walk import ActionSite

_CHANGE = GENERATORS | {"actions", "context", FAKE}
"""The roots of what differs between the action and its clean-up, which works at the same place."""


def place_problems(at: Json, path: str) -> Iterator[Problem]:
    """Templates of an `at` that read what is not the same for the action and its clean-up."""
    for place, text in template.texts(at, path) if isinstance(at, Mapping) else ():
        for root in dict.fromkeys(use.root for use in uses(text, _CHANGE)):
            hint = "use variables, environment variables, stacks, secrets and parameters"
            yield Problem("not_allowed_here", f"`{root}` is not known where `at` is", place, hint)


def unused_place(site: ActionSite, actions: Mapping[str, Action]) -> Iterator[Problem]:
    """The problem of an `at` beside an action that does not call AWS."""
    if not site.raw.get("at") or site.type not in actions:
        return
    action, params = actions[site.type], site.raw.get("params")
    if not isinstance(action, UsesAws) or not action.uses_aws(params if isinstance(params, Mapping) else {}):
        message = f"`at` means nothing here: this `{site.type}` calls nothing of AWS"
        yield Problem("misplaced_key", message, f"{site.path}.at", "leave it out")
