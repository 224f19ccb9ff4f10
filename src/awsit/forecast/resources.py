"""The resources that a plan works on, with the steps that use each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from awsit.actions.registry import BY_TYPE
from awsit.forecast.calls import look_ups
from awsit.forecast.document import Resource
from awsit.forecast.known import Known
from awsit.forecast.permissions import LOOK_UPS
from awsit.model.json import Json
from awsit.model.plan import Plan, Step
from awsit.scenario.checks.usage import templates_of


class _Named(NamedTuple):
    kind: str
    name: str


def resources(plan: Plan, known: Known) -> tuple[Resource, ...]:
    """Everything that the run reads or changes, by kind and name, each with the names of the steps that use it."""
    users: dict[_Named, dict[str, None]] = {}
    for step in (*plan.steps, *plan.cleanup):
        for each in _of_step(step, known):
            users.setdefault(each, {})[step.name] = None
    for each in _looked_up(plan.assertions):
        users.setdefault(each, {})["assertions"] = None
    for name in plan.stacks:
        users.setdefault(_Named("stack", name), {"variables": None})
    own = {each.kind for each in users}.difference(kinds_of_resources())
    kinds = [*kinds_of_resources(), *sorted(own)]
    ordered = sorted(users, key=lambda each: (kinds.index(each.kind), each.name))
    return tuple(Resource(each.kind, each.name, tuple(users[each])) for each in ordered)


def kinds_of_resources() -> tuple[str, ...]:
    """The kinds in the order in which they are shown: those of the action types, then what templates look up."""
    kinds = [action.resource_kind for action in BY_TYPE.values() if action.resource_kind]
    return tuple(dict.fromkeys([*kinds, *LOOK_UPS]))


def _of_step(step: Step, known: Known) -> Iterator[_Named]:
    action = BY_TYPE[step.type]
    summary = action.summary(known.fill(step.params))
    if summary.resource:
        yield _Named(summary.kind or action.resource_kind, summary.resource)
    yield from (_Named(kind, name) for kind, name in summary.others)
    yield from _looked_up(templates_of(step))


def _looked_up(document: Iterable[Json]) -> Iterator[_Named]:
    for call in look_ups(list(document)):
        yield _Named(call.function, call.name or "{{ an expression }}")
