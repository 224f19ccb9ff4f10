"""The part of a run's context that a step may read: a run may hold far more than a step needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from awsit.engine.step import kept
from awsit.engine.store.records import Next, RunRecord, StepRecord
from awsit.expressions.templates import template
from awsit.identity import remembered
from awsit.model.json import Json
from awsit.model.plan import Plan, Step, list_of
from awsit.patterns import lazy_pattern
from awsit.scenario.checks.usage import templates_of

_ROOT = lazy_pattern(r"\$\['([^'\\]+)'\]")
"""The name of the value that a place of a secret is in (`Redactor.hides`)."""

_NOTHING = template.References()
_STEPS = 1024
"""Of so many steps it is remembered which names they use: when the plan is made, and for each call."""
_PLANS = 32
"""Of so many plans it is remembered: those of the runs that go on side by side."""


class ItemValue(Struct, frozen=True):
    """The value that a list gets from one step: its name, its position, and whether the actions go on without it."""

    step: int
    position: int
    name: str
    goes_on: bool


class Values(Mapping[str, Json]):
    """The values of a run by their names, with the lists that actions with a `for_each` capture in place of the items.

    A list has the value of each item whose step was begun, in their order; None for one that captured nothing and whose
    failure was tolerated. What an item captured is found by its own name, as `ids[0]`.
    """

    def __init__(self, plan: Plan, run: RunRecord, values: Mapping[str, Json]) -> None:
        """`values` are those of the run, or what is shown of them."""
        self._lists, self._run, self._values = index_of(plan).lists, run, values

    def __getitem__(self, name: str) -> Json:
        """A value. Raises KeyError."""
        begun = [item for item in self._lists.get(name, ()) if str(item.step) in self._run.started]
        if not begun:
            return self._values[name]  # of an empty list as well
        found: dict[int, Json] = {item.position: self._values.get(item.name) for item in begun if self._counts(item)}
        return [found.get(position) for position in range(max(found, default=-1) + 1)]

    def __iter__(self) -> Iterator[str]:
        """All names but those of items."""
        names = dict.fromkeys(map(list_of, self._values))
        begun = frozenset(map(int, self._run.started)) if self._lists else frozenset[int]()
        for name, items in self._lists.items():
            if any(item.step in begun for item in items):
                names[name] = None
        return iter(names)

    def _counts(self, item: ItemValue) -> bool:
        return item.goes_on or item.name in self._values

    def __len__(self) -> int:
        """The number of names."""
        return sum(1 for _ in self)


def values_of(plan: Plan, run: RunRecord) -> dict[str, Json]:
    """The captured and computed values of a run, as templates and assertions see them."""
    return kept.visible(Values(plan, run, run.context))


def seen_by(step: Step, plan: Plan, run: RunRecord) -> dict[str, Json]:
    """The values that a step names, those that it computed in an earlier call, and what steps of its type kept.

    All values where an expression may read any, as `context[vars.key]` does, and where one is not there that it names:
    the message that says so suggests others.
    """
    index = index_of(plan)
    values: Mapping[str, Json] = Values(plan, run, run.context) if index.lists else run.context
    used = _NOTHING if step.rendered else names_used(step)
    seen = {name: values[name] for name in sorted({*used.context, *step.let}) if name in values}
    kept_names = index.kept_names.get(kept.kept_as(step.type), ())
    seen |= {name: run.context[name] for name in kept_names if name in run.context}  # no lists: many are looked for
    missing = used.context.difference(seen, step.let, step.captures)
    is_lacking = missing and any(f"context.{name}" not in used.optional for name in missing)
    return {**values, **seen} if is_lacking or "context" in used.whole else seen


@remembered(_STEPS)
def names_used(step: Step) -> template.References:
    """The names that a step's templates use."""
    return template.references(templates_of(step))


def with_secrets(plan: Plan, run: RunRecord) -> dict[str, Json]:
    """The values that `redact` names, and those in which a secret was found."""
    found = {root_of(place) for place in run.hidden}
    roots = {*run.context} if "" in found else found
    names = {*index_of(plan).redacted, *roots}
    return {name: run.context[name] for name in sorted(names) if name in run.context}


def captured_secrets(plan: Plan, record: StepRecord) -> set[str]:
    """The names of the values that hold secrets, of those that a step that has ended captured or computed."""
    if record.directive.next is Next.WAIT:
        return set()
    named = record.result.captured.keys() & set(index_of(plan).redacted)
    return named | {root for place in record.hidden if (root := root_of(place))}


def root_of(place: str) -> str:
    """The name of the value that a place is in; empty for a place that tells none."""
    root = _ROOT.match(place)
    return root[1] if root else ""


class PlanIndex(Struct, frozen=True):
    """What a plan says of all its steps together, worked out once for all of their calls.

    It has the steps by name, where steps of a type keep something by type, and the names that `redact` holds.

    `redacted` are names of the context; the paths of `redact` are left out. `lists` have the captures that make a list.
    """

    by_name: dict[str, tuple[Step, ...]]
    kept_names: dict[str, list[str]]
    redacted: tuple[str, ...]
    lists: dict[str, list[ItemValue]]

    def named(self, names: frozenset[str]) -> list[Step]:
        """The steps with these names, in the plan's order."""
        steps = [step for name in names for step in self.by_name.get(name, ())]
        return sorted(steps, key=lambda step: step.index)


@remembered(_PLANS)
def index_of(plan: Plan) -> PlanIndex:
    """The index of a plan."""
    by_name: dict[str, tuple[Step, ...]] = {}
    kept_names: dict[str, list[str]] = {}
    for step in plan.steps:
        by_name[step.name] = (*by_name.get(step.name, ()), step)
    for step in (*plan.steps, *plan.cleanup):
        kept_names.setdefault(kept.kept_as(step.type), []).append(kept.name_of(step))
    names = {name for step in plan.steps for name in step.redact if not name.startswith("$")}
    return PlanIndex(by_name, kept_names, tuple(sorted(names)), _lists(plan))


def _lists(plan: Plan) -> dict[str, list[ItemValue]]:
    lists: dict[str, list[ItemValue]] = {}
    for step in plan.steps:
        for own in step.captures:
            name, _, position = own.rstrip("]").partition("[")
            if position:
                item = ItemValue(step.index, int(position), own, step.continue_on_failure)
                lists.setdefault(name, []).append(item)
    return lists
