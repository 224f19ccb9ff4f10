"""From a plan to its forecast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from awsit.actions.registry import BY_TYPE
from awsit.engine.secrets.variables import masked
from awsit.expressions.templates.template import references
from awsit.forecast import attempts, events, permissions, quotas
from awsit.forecast.compensations import permissions_of_compensations, with_compensations
from awsit.forecast.cost.estimate import estimate
from awsit.forecast.document import ExecutionForecast, Forecast, PlannedStep, Span
from awsit.forecast.known import Known, known
from awsit.forecast.policies.document import policy_document
from awsit.forecast.resources import resources
from awsit.model.json import Json
from awsit.model.permissions import AwsLocation, Permission
from awsit.model.plan import Plan, Step
from awsit.model.run import RunRequest
from awsit.quotas.catalogue import EVENT_QUOTA
from awsit.records import replace


class Circumstances(Struct, frozen=True):
    """What a plan does not say: where it will run, the stacks that were not read and why.

    And the bytes of its file and of its document, where they are known.
    """

    location: AwsLocation = field(default_factory=AwsLocation)
    file_bytes: int | None = None
    document_bytes: int | None = None
    stacks_not_read: Mapping[str, str] = field(default_factory=dict)


def forecast(plan: Plan, request: RunRequest, circumstances: Circumstances) -> Forecast:
    """What a run of `plan`, compiled from `request`, would do. Calls nothing and changes nothing."""
    plan = masked(replace(plan, compact=request.compact))
    values = known(plan, request.document, request.variables)
    sizes = quotas.sizes(plan, request, circumstances.file_bytes, circumstances.document_bytes)
    plan = with_compensations(plan, values)
    low, high, span = events.span(plan)
    needed, notes = _needs(plan, values, circumstances)
    return Forecast(
        scenario=request.name,
        description=plan.description,
        steps=tuple(_steps(plan, values)),
        cleanup=tuple(_planned(plan, plan.cleanup[index], values) for index in _undone(plan)),
        resources=resources(plan, values),
        policy=policy_document(needed),
        execution=ExecutionForecast(
            transitions=Span(low.transitions, high.transitions),
            events=span,
            event_quota=EVENT_QUOTA,
            share=Span(*(round(100 * count / EVENT_QUOTA, 2) for count in (span.best, span.worst))),
            invocations=Span(low.invocations, high.invocations),
            seconds=_seconds(plan),
            compact=plan.compact,
        ),
        cost=estimate(plan, low, high),
        sizes=sizes,
        variables={name: _variable(request, values, name) for name in plan.variables},
        stacks_not_read=tuple(circumstances.stacks_not_read),
        notes=(*notes, *filter(None, [quotas.warning(plan)])),
        problems=(*quotas.check(plan), *quotas.check_request(request)),
    )


def needed(plan: Plan, request: RunRequest, location: AwsLocation) -> list[Permission]:
    """The permissions that a run of `plan`, compiled from `request`, needs at the most; one may come several times."""
    plan = masked(plan)
    values = known(plan, request.document, request.variables)
    return _needs(with_compensations(plan, values), values, Circumstances(location))[0]


def _variable(request: RunRequest, values: Known, name: str) -> Json:
    """The variable's value, masked if it is secret; its template where each run or environment gives another one."""
    written = request.document.get("variables", {}).get(name)
    if name not in request.variables and (name not in values.variables or references(written).env):
        return written
    return values.variables[name]


def _steps(plan: Plan, values: Known) -> Iterator[PlannedStep]:
    """Steps in order; the diagnostics, which no segment names, come last."""
    for segment in plan.segments:
        total = len(segment.branches)
        for number, branch in enumerate(segment.branches, start=1):
            label = f"{number} of {total}" if total > 1 else ""
            for index in branch.steps:
                yield _planned(plan, plan.steps[index], values, label)
    for index in sorted({index for step in plan.steps for index in step.on_failure}):
        yield _planned(plan, plan.steps[index], values)


def _planned(plan: Plan, step: Step, values: Known, branch: str = "") -> PlannedStep:
    return PlannedStep(
        phase=str(step.phase),
        name=step.name,
        type=step.type,
        touches=BY_TYPE[step.type].summary(values.fill(step.params)).text,
        source=step.source,
        timeout_seconds=step.timeout_seconds,
        conditions=tuple(_conditions(step, values)),
        branch=branch,
        polls=attempts.polls(step),
        retries=attempts.retries(step),
        undone_by=tuple(plan.cleanup[index].name for index in step.cleanup),
        diagnosed_by=tuple(plan.steps[index].name for index in step.on_failure),
    )


def _conditions(step: Step, values: Known) -> Iterator[str]:
    for choice, branch in step.only_if.items():
        yield f"{choice} chooses `{branch}`"
    if step.when is not None:
        yield f"when {values.fill(step.when)}"


def _undone(plan: Plan) -> tuple[int, ...]:
    """The ledger when every step was called, newest first; the scenario's own clean-up is the oldest entry."""
    in_order = [index for segment in plan.segments for branch in segment.branches for index in branch.steps]
    ledger = [*plan.global_cleanup, *(index for step in in_order for index in plan.steps[step].cleanup)]
    return tuple(reversed(ledger))


def _needs(plan: Plan, values: Known, circumstances: Circumstances) -> tuple[list[Permission], tuple[str, ...]]:
    """The permissions that the run needs, and notes on what the policy cannot hold yet."""
    location = circumstances.location
    of_actions = [
        *permissions.of_actions(plan, values, location),
        *permissions_of_compensations(plan, values, location),
    ]
    needed = [permission for _, each in of_actions for permission in each.permissions]
    lacking = [f"{name}: the policy lacks what it needs: {each.unknown}." for name, each in of_actions if each.unknown]
    notes = dict.fromkeys([*_unread(circumstances), *lacking])
    return [*needed, *permissions.of_look_ups(plan, location)], tuple(notes)


def _unread(circumstances: Circumstances) -> Iterator[str]:
    for name, reason in circumstances.stacks_not_read.items():
        yield f"The stack {name} was not read ({reason}): its outputs are shown as <{name}.Output>."


def _seconds(plan: Plan) -> Span:
    """Seconds: the waits that are known; and the run's timeout with all that clean-up and diagnostics may take."""
    waiting = sum(attempts.first_wait(step) for step in plan.steps if attempts.first_calls(step) > 1)
    diagnostics = [plan.steps[index] for step in plan.steps for index in step.on_failure]
    after = sum(_longest(step) for step in (*plan.cleanup, *diagnostics))
    longest = sum(_longest(step) for step in plan.steps)
    return Span(waiting, round(min(plan.timeout_seconds, longest) + after, 3))


def _longest(step: Step) -> float:
    repeated = [each.seconds for each in (attempts.polls(step), attempts.retries(step)) if each is not None]
    return max([*repeated, step.timeout_seconds, attempts.first_wait(step)])
