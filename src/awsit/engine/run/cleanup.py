"""After the actions: diagnostics and clean-up steps, one call at a time; none of them stops another."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial

from awsit.engine.log_entry import step_ended, step_started
from awsit.engine.run.effects import RunEffects
from awsit.engine.run.ledger_outcomes import judged, untouched
from awsit.engine.run.verify import FollowUp
from awsit.engine.services import Services
from awsit.engine.step.call import record_unless_it_applies, scope_of
from awsit.engine.step.ledger import cleanup_step
from awsit.engine.step.policy import Call, attempt_step
from awsit.engine.step.retry import of_cleanup
from awsit.engine.store.records import Directive, Next, RunRecord, StepRecord
from awsit.model.json import Json
from awsit.model.plan import Phase, Plan, Step
from awsit.model.result import Status, StepResult, UncertainAttempt
from awsit.records import replace
from awsit.system.clock import iso

_CUT_OFF = 0
"""The number of an attempt that a clean-up which was cut off may have made: it has no record."""


def call_follow_up(services: Services, run_id: str, item: FollowUp, sequence: int, cleaner: str = "") -> Directive:
    """Make call `sequence` of a diagnostic or clean-up step; one that passed before is not done again.

    Nothing is done when another cleaner has taken over. A call after the last one begins anew, with all attempts. A
    clean-up step that came too early is carried out once more when the time has come (`FollowUp.again`).
    """
    store = services.store
    plan, run = store.plan(run_id), store.run(run_id)
    if run.cleaner != cleaner:
        return Directive(Next.SUCCEEDED, sequence)
    before = store.record(run_id, item.phase, item.index)
    if before is not None and before.sequence >= sequence:
        return before.directive
    looks_twice = item.again or item.is_first_of_two
    effects = RunEffects(plan, run, cache(partial(store.record, run_id)), looks_twice)
    if item.again and (directive := _until_settled(services, effects, before, item, sequence)):
        return directive
    first_look = before.first_look if before is not None else None
    previous = before.result if before is not None and before.directive.next is Next.WAIT else None
    step = _step(plan, run, item)
    uncertain = before.uncertain if before is not None else ()
    if item.was_cut_off and step.phase is Phase.CLEANUP and not any(each.attempt == _CUT_OFF for each in uncertain):
        at = iso(services.clock.now())
        uncertain = (*uncertain, UncertainAttempt(step.name, step.type, _CUT_OFF, at, "", answered=True))
    has_turn = previous is not None and before is not None and before.has_turn
    seconds = step.timeout_seconds
    call = Call(run_id, step, sequence, previous, seconds, plan.scenario, uncertain=uncertain, has_turn=has_turn)
    if previous is None and first_look is None:
        services.log(step_started(run_id, plan.scenario, step))
    record, captured = _call(services, effects, call)
    record = _followed_by(effects, step, record, first_look)
    store.finish(run_id, record, captured, None)
    if record.result.status is not Status.RUNNING:
        services.log(step_ended(run_id, plan.scenario, record.result))
    return record.directive


def _followed_by(effects: RunEffects, step: Step, record: StepRecord, first_look: StepResult | None) -> StepRecord:
    """The record with the outcome of a clean-up step that has ended; whether it failed or not, the next one follows."""
    if step.phase is Phase.CLEANUP and record.directive.next is not Next.WAIT:
        record = judged(effects, step, record, first_look)
    elif first_look is not None:
        record = replace(record, first_look=first_look)
    if record.directive.next is Next.FAILED:
        return replace(record, directive=replace(record.directive, next=Next.SUCCEEDED))
    return record


def _until_settled(
    services: Services, effects: RunEffects, before: StepRecord | None, item: FollowUp, sequence: int
) -> Directive | None:
    """What follows instead of the look: nothing when none is due, a wait when it is too early; None when it is time."""
    if before is None or before.first_look is None:
        return Directive(Next.SUCCEEDED, sequence)
    if before.directive.next is Next.WAIT:
        return None
    left = effects.settles_at(item.index) - services.clock.now().timestamp()
    return Directive(Next.WAIT, sequence + 1, left) if left > 0 else None


def _call(services: Services, effects: RunEffects, call: Call) -> tuple[StepRecord, Mapping[str, Json]]:
    """Make the call. Returns the step's record, and what goes into the run's context."""
    step, plan, run = call.step, effects.plan, effects.run
    record = None if call.previous else _skipped(services, effects, call)
    if record is not None:
        return record, {}
    scope = scope_of(services, plan, run, step)
    if step.phase is Phase.CLEANUP and str(step.index) in run.recorded:
        scope.seen_secrets.update(run.recorded[str(step.index)].hidden)
    return attempt_step(call, scope, services)


def _skipped(services: Services, effects: RunEffects, call: Call) -> StepRecord | None:
    """The record of a step that is not to be done; None when it is."""
    if call.step.when is not None:
        return record_unless_it_applies(services, effects.plan, effects.run, call.step, call.sequence)
    return untouched(effects, call.step, call.sequence, iso(services.clock.now()))


def _step(plan: Plan, run: RunRecord, item: FollowUp) -> Step:
    if item.phase is not Phase.CLEANUP:
        return plan.steps[item.index]
    step = cleanup_step(plan, run, item.index)
    return replace(step, retry=of_cleanup(step.retry))
