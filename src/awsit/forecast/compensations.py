"""What `auto_cleanup` and `restore` add to a plan: the clean-up steps that they record, and what these need."""

from __future__ import annotations

from awsit.actions.registry import BY_TYPE
from awsit.forecast.known import Known
from awsit.forecast.permissions import of_step
from awsit.model.action.compensation import Compensable, PlannedCompensation
from awsit.model.permissions import AwsLocation, RequiredPermissions
from awsit.model.plan import Phase, Plan, Step
from awsit.records import replace


def with_compensations(plan: Plan, known: Known) -> Plan:
    """The plan as if the scenario declared the clean-up that its actions record themselves.

    It comes after what they declare, so that it is undone before: that is how the ledger has it.
    """
    steps, cleanup = [], list(plan.cleanup)
    for step in plan.steps:
        if _is_taken_back(step):
            cleanup.append(_cleanup_step(step, len(cleanup), known))
            steps.append(replace(step, cleanup=(*step.cleanup, cleanup[-1].index)))
        else:
            steps.append(step)
    return replace(plan, steps=tuple(steps), cleanup=tuple(cleanup))


def permissions_of_compensations(
    plan: Plan, known: Known, location: AwsLocation
) -> list[tuple[str, RequiredPermissions]]:
    """What each action needs to look at what there is, and to take back whatever it may come to; with its name."""
    return [
        (step.name, of_step(replace(step, type=call.type, params=call.params), known, location))
        for step in plan.steps
        if _is_taken_back(step)
        for planned in (_planned(step, known),)
        for call in (*planned.looks, *planned.inverses)
    ]


def _is_taken_back(step: Step) -> bool:
    return (step.auto_cleanup or step.restore) and isinstance(BY_TYPE[step.type], Compensable)


def _planned(step: Step, known: Known) -> PlannedCompensation:
    action = BY_TYPE[step.type]
    assert isinstance(action, Compensable)  # `_is_taken_back` says so
    return action.planned_compensation(known.fill_templates(step.params))


def _cleanup_step(step: Step, index: int, known: Known) -> Step:
    """The clean-up step of a compensation; of one that is not known before the run, it looks like the action itself."""
    inverses = _planned(step, known).inverses
    key = "restore" if step.restore else "auto_cleanup"
    return Step(
        index=index,
        name=f"{step.name}.{key}",
        type=inverses[0].type if inverses else step.type,
        phase=Phase.CLEANUP,
        params=inverses[0].params if inverses else step.params,
        when=step.when,
        only_if=step.only_if,
        timeout_seconds=step.timeout_seconds,
        at=step.at,
        source=f"{step.source}.{key}",
    )
