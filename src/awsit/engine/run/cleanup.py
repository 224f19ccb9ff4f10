"""After the actions: diagnostics and clean-up steps, one call at a time; none of them stops another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from awsit.actions.registry import BY_TYPE
from awsit.engine.run.verify import FollowUp
from awsit.engine.services import Services
from awsit.engine.step.call import record_unless_it_applies, scope_of
from awsit.engine.step.ledger import CompensationId, cleanup_step
from awsit.engine.step.policy import Call, attempt_step
from awsit.engine.step.retry import CLEANUP_RETRY, GONE_STATUSES
from awsit.engine.store.records import Directive, Next, RunRecord, StepRecord
from awsit.errors import ErrorKind
from awsit.model.json import Json
from awsit.model.plan import Phase, Plan, Step
from awsit.model.result import ErrorInfo, Status


def call_follow_up(services: Services, run_id: str, item: FollowUp, sequence: int, cleaner: str = "") -> Directive:
    """Make call `sequence` of a diagnostic or clean-up step; one that passed before is not done again.

    Nothing is done when another cleaner has taken over. A call after the last one begins anew, with all attempts.
    """
    store = services.store
    plan, run = store.plan(run_id), store.run(run_id)
    if run.cleaner != cleaner:
        return Directive(Next.SUCCEEDED, sequence)
    before = store.record(run_id, item.phase, item.index)
    if before is not None and before.sequence >= sequence:
        return before.directive
    previous = before.result if before is not None and before.directive.next is Next.WAIT else None
    step = _step(plan, run, item)
    record, captured = _call(services, plan, run, Call(run_id, step, sequence, previous, step.timeout_seconds))
    if record.directive.next is Next.FAILED:
        record = replace(record, directive=replace(record.directive, next=Next.SUCCEEDED))
    store.finish(run_id, record, captured, None)
    return record.directive


def _call(services: Services, plan: Plan, run: RunRecord, call: Call) -> tuple[StepRecord, Mapping[str, Json]]:
    """Make the call. Returns the step's record, and what goes into the run's context."""
    step = call.step
    if call.previous is None and step.when is not None:
        record = record_unless_it_applies(services, plan, run, step, call.sequence)
        if record is not None:
            return record, {}
    scope = scope_of(services, plan, run, step)
    if step.phase is Phase.CLEANUP and str(step.index) in run.recorded:
        scope.seen_secrets.update(run.recorded[str(step.index)].hidden)
    record, captured = attempt_step(call, scope, services)
    return _if_gone(services, plan, record), captured


def _step(plan: Plan, run: RunRecord, item: FollowUp) -> Step:
    if item.phase is not Phase.CLEANUP:
        return plan.steps[item.index]
    step = cleanup_step(plan, run, item.index)
    return step if step.retry.max_attempts > 1 else replace(step, retry=CLEANUP_RETRY)


def _if_gone(services: Services, plan: Plan, record: StepRecord) -> StepRecord:
    """The record, as skipped when the clean-up step found nothing to undo: then nothing is left behind.

    An AWS service says so in its error's code. A mere 404 may also come from a wrong URL, and of some types of action
    a not-found error proves nothing (`Action.not_found_means_gone`): a declared step is believed in these only when its
    action did not pass, so that it may have made nothing.
    """
    error = record.result.error
    if record.kind is not Phase.CLEANUP or error is None or record.directive.next is Next.WAIT:
        return record
    if error.code != ErrorKind.NOT_FOUND and error.code not in GONE_STATUSES:
        return record
    is_doubtful = error.code in GONE_STATUSES or not BY_TYPE[record.result.type].not_found_means_gone
    if is_doubtful and CompensationId.of(record.index) is None and _parent_passed(services, plan, record.index):
        return record
    gone = ErrorInfo("already_gone", f"Nothing to undo: {error.message}")
    return replace(record, result=replace(record.result, status=Status.SKIPPED, error=gone))


def _parent_passed(services: Services, plan: Plan, index: int) -> bool:
    """Whether the action passed that a declared clean-up step belongs to; of the scenario's own clean-up: yes."""
    parent = next((step for step in plan.steps if index in step.cleanup), None)
    if parent is None:
        return True
    record = services.store.record(plan.run_id, parent.phase, parent.index)
    return record is not None and record.result.status is Status.PASSED
