"""After the actions: diagnostics and clean-up steps, one call at a time; none of them stops another."""

from __future__ import annotations

from dataclasses import replace

from awsit.actions.registry import BY_TYPE
from awsit.engine.run.verify import ToDo
from awsit.engine.services import Services
from awsit.engine.step.call import scope_of, unless_it_applies
from awsit.engine.step.ledger import RECORDED_FROM, undo_step
from awsit.engine.step.policy import Call, Outcome, execute_step
from awsit.engine.step.retry import CLEANUP_RETRY
from awsit.engine.store.records import Directive, Kind, Next, RunRecord, StepRecord
from awsit.errors import ErrorKind
from awsit.model.plan import Plan, Step
from awsit.model.result import ErrorInfo, Status


def undo(services: Services, run_id: str, item: ToDo, sequence: int, cleaner: str = "") -> Directive:
    """Make call `sequence` of a clean-up or diagnostic step; one that passed before is not done again.

    Nothing is done when another cleaner has taken over. A call after the last one begins anew, with all attempts.
    """
    store = services.store
    plan, run = store.plan(run_id), store.run(run_id)
    if run.cleaner != cleaner:
        return Directive(Next.GO_ON, sequence)
    step = _step(plan, run, item)
    before = store.record(run_id, item.kind, item.index)
    if before is not None and before.sequence >= sequence:
        return before.directive
    goes_on = before is not None and before.directive.next is Next.WAIT
    call = Call(run_id, step, sequence, before.result if before and goes_on else None, step.timeout_seconds)
    outcome = None if goes_on or step.when is None else unless_it_applies(services, plan, run, step)
    outcome = outcome or _if_gone(services, plan, item, _attempt(services, plan, run, item, call))
    directive = outcome.directive
    if directive.next is Next.STOP:
        directive = replace(directive, next=Next.GO_ON)
    record = StepRecord(item.kind, item.index, sequence, directive, outcome.result, outcome.kept, outcome.hidden)
    store.finish(run_id, record, outcome.captured, None)
    return directive


def _attempt(services: Services, plan: Plan, run: RunRecord, item: ToDo, call: Call) -> Outcome:
    scope = scope_of(services, plan, run, call.step)
    if str(item.index) in run.recorded:
        scope.seen_secrets.update(run.recorded[str(item.index)].hidden)
    return execute_step(call, scope, services)


def _step(plan: Plan, run: RunRecord, item: ToDo) -> Step:
    if item.kind is Kind.ACTION:
        return plan.steps[item.index]
    step = undo_step(plan, run, item.index)
    return step if step.retry.max_attempts > 1 else replace(step, retry=CLEANUP_RETRY)


def _if_gone(services: Services, plan: Plan, item: ToDo, outcome: Outcome) -> Outcome:
    """What a clean-up step did not find needs no undoing: then it counts as skipped, and nothing is left behind.

    An AWS service says so in its error's code. A mere 404 may also come from a wrong URL, and of some types of action
    a not-found error proves nothing (`Action.not_found_means_gone`): a declared step is believed in these only when its
    action did not pass, so that it may have made nothing.
    """
    error = outcome.result.error
    if item.kind is not Kind.CLEANUP or error is None or outcome.directive.next is Next.WAIT:
        return outcome
    doubtful = error.code in {"404", "410"} or not BY_TYPE[outcome.result.type].not_found_means_gone
    if error.code not in {str(ErrorKind.NOT_FOUND), "404", "410"} or (
        doubtful and item.index < RECORDED_FROM and _parent_passed(services, plan, item.index)
    ):
        return outcome
    told = ErrorInfo("already_gone", f"Nothing to undo: {error.message}")
    return replace(outcome, result=replace(outcome.result, status=Status.SKIPPED, error=told))


def _parent_passed(services: Services, plan: Plan, index: int) -> bool:
    parent = next((step for step in plan.steps if index in step.cleanup), None)
    record = services.store.record(plan.run_id, Kind.ACTION, parent.index) if parent else None
    return parent is None or (record is not None and record.result.status is Status.PASSED)
