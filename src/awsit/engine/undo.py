"""After the actions: diagnostics and clean-up steps, one call at a time; none of them stops another."""

from __future__ import annotations

from dataclasses import replace

from awsit.engine.execute import scope_of
from awsit.engine.retry import CLEANUP_RETRY
from awsit.engine.services import Services
from awsit.engine.step import Call, execute_step
from awsit.engine.store import Directive, Kind, Next, StepRecord
from awsit.engine.verify import ToDo
from awsit.model.plan import Plan, Step


def undo(services: Services, run_id: str, item: ToDo, sequence: int) -> Directive:
    """Make call `sequence` of a clean-up or diagnostic step; one that passed before is not done again."""
    store = services.store
    plan, run = store.plan(run_id), store.run(run_id)
    step = _step(plan, item)
    before = store.record(run_id, item.kind, item.index)
    if before is not None and before.sequence >= sequence:
        return before.directive
    call = Call(run_id, step, sequence, before.result if before else None, step.timeout_seconds)
    outcome = execute_step(call, scope_of(services, plan, run, step), services)
    directive = outcome.directive
    if directive.next is Next.STOP:
        directive = replace(directive, next=Next.GO_ON)
    record = StepRecord(item.kind, item.index, sequence, directive, outcome.result, outcome.kept)
    store.finish(run_id, record, outcome.captured, None)
    return directive


def _step(plan: Plan, item: ToDo) -> Step:
    if item.kind is Kind.ACTION:
        return plan.steps[item.index]
    step = plan.cleanup[item.index]
    return step if step.retry.max_attempts > 1 else replace(step, retry=CLEANUP_RETRY)
