"""The part of a run's context that a step may read: a run may hold far more than a step needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from awsit.engine.step import kept
from awsit.engine.store.records import RunRecord
from awsit.expressions.templates import template
from awsit.model.json import Json
from awsit.model.plan import Plan, Step
from awsit.scenario.checks.usage import templates_of

_ROOT = re.compile(r"\$\['([^'\\]+)'\]")
"""The name of the value that a place of a secret is in (`Redactor.hides`)."""


def seen_by(step: Step, plan: Plan, context: Mapping[str, Json]) -> dict[str, Json]:
    """The values that a step names, those that it computed in an earlier call, and what steps of its type kept.

    All values where an expression may read any, as `context[vars.key]` does, and where one is not there that it names:
    the message that says so suggests others.
    """
    used = template.references([] if step.rendered else templates_of(step))
    alike = (each for each in (*plan.steps, *plan.cleanup) if each.type == step.type)
    names = {*used.context, *step.let, *map(kept.name_of, alike)}
    seen = {name: context[name] for name in sorted(names) if name in context}
    missing = used.context - {*seen, *step.let, *step.captures}
    is_lacking = any(f"context.{name}" not in used.optional for name in missing)
    return dict(context) if is_lacking or "context" in used.whole else seen


def with_secrets(plan: Plan, run: RunRecord) -> dict[str, Json]:
    """The values that `redact` names, and those in which a secret was found."""
    names = {name for step in plan.steps for name in step.redact if not name.startswith("$")} | set(_roots(run))
    return {name: run.context[name] for name in sorted(names) if name in run.context}


def _roots(run: RunRecord) -> Iterator[str]:
    for place in run.hidden:
        root = _ROOT.match(place)
        if root:
            yield root[1]
        else:
            yield from run.context
