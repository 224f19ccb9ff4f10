"""Checks of the `load` of a scenario against the rest of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from awsit.errors import Problem
from awsit.model.json import Json
from awsit.model.plan import action_of
from awsit.scenario.schema.keys import CONTROL_TYPES
from awsit.scenario.schema.walk import ActionSite
from awsit.suggestions import suggestion


def load_problems(document: Mapping[str, Json], sites: Iterable[ActionSite]) -> Iterator[Problem]:
    """Thresholds of actions that there are not, and a `concurrency` that keeps apart what load starts together."""
    load = document.get("load")
    if not isinstance(load, Mapping):
        return
    if "concurrency" in document:
        hint = "leave one of them out, or give the load to a scenario of its own"
        yield Problem("contradiction", "`concurrency` keeps runs apart that `load` starts at once", "concurrency", hint)
    expect = load.get("expect")
    actions = expect.get("actions") if isinstance(expect, Mapping) else None
    measured = (site for site in sites if not site.phase.is_follow_up and site.type not in CONTROL_TYPES)
    known = {action_of(step) for site in measured for step in site.steps}
    for name in actions if isinstance(actions, Mapping) else ():
        if name not in known:
            message = f"there is no action `{name}`{suggestion(str(name), known)}"
            yield Problem("unknown_name", message, f"load.expect.actions.{name}")
