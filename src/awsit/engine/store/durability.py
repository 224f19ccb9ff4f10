"""Which steps of a plan must be on the disk before they act, so that a machine that loses its power forgets none."""

from __future__ import annotations

from awsit.expressions.templates import template
from awsit.model.plan import Plan
from awsit.scenario.checks.usage import templates_of


def undone_steps(plan: Plan) -> frozenset[int]:
    """The indexes of the steps that the ledger undoes, or whose values name what it undoes.

    They are all steps where clean-up stands at the end of the scenario, or where it may read any value.
    """
    used = template.references([templates_of(step) for step in plan.cleanup])
    if plan.global_cleanup or used.whole:
        return frozenset(step.index for step in plan.steps)
    return frozenset(
        step.index
        for step in plan.steps
        if step.cleanup
        or step.auto_cleanup
        or step.restore
        or step.context_names & used.context
        or step.name in used.actions
    )
