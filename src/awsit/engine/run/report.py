"""The report of a run, made from its records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from awsit.engine.run.contracts import coverage
from awsit.engine.run.cut_off import settled
from awsit.engine.secrets.detection import MASK
from awsit.engine.secrets.redaction import Redactor
from awsit.engine.services import Services
from awsit.engine.step import kept
from awsit.engine.step.ledger import cleanup_step
from awsit.engine.store.records import RunRecord, RunState, StepRecord
from awsit.errors import NotFoundError
from awsit.model.json import Json
from awsit.model.plan import Phase, Plan, Step
from awsit.model.result import (
    CleanupResult,
    CleanupVerdict,
    ErrorInfo,
    LeftBehind,
    RunResult,
    RunStatus,
    Status,
    StepResult,
)
from awsit.system.clock import iso, parse_iso


def report(services: Services, run_id: str, error: ErrorInfo | None = None, cleaner: str = "") -> RunResult:
    """Make the run's report and keep it. A run that was never created, or never closed, is reported as `error`.

    In the report of a run that was reported before, only the clean-up changes. When another cleaner has taken over, the
    report is that one's to keep.
    """
    now = services.clock.now()
    try:
        run, plan = services.store.run(run_id), services.store.plan(run_id)
    except NotFoundError as missing:
        why = error or ErrorInfo(missing.code, missing.message)
        result = RunResult(run_id, "", RunStatus.ERROR, services.engine, iso(now), iso(now), 0.0, error=why)
        if cleaner:
            return result
    else:
        result = make_result(plan, ended(run, RunStatus.ERROR, error), services.store.records(run_id), now)
        if run.state is RunState.CLOSED:
            result = replace(services.store.report(run_id), cleanup=result.cleanup)
        if run.cleaner != cleaner:
            return result
    services.store.end(result)
    return result


def ended(run: RunRecord, verdict: RunStatus, error: ErrorInfo | None) -> RunRecord:
    """The run with a verdict: its own, or `verdict` and `error` when it has none."""
    if run.verdict is not RunStatus.RUNNING:
        return run
    return replace(run, verdict=verdict, error=run.error or error)


def make_result(plan: Plan, run: RunRecord, records: tuple[StepRecord, ...], now: datetime) -> RunResult:
    """The report of what the records say at `now`."""
    return RunResult(
        run_id=run.run_id,
        scenario=run.scenario,
        status=run.verdict,
        engine=run.engine,
        started_at=run.started_at,
        finished_at=iso(now),
        duration_seconds=round((now - parse_iso(run.started_at)).total_seconds(), 3),
        description=plan.description,
        tags=plan.tags,
        metadata=plan.metadata,
        execution_arn=run.execution_arn,
        steps=_steps(plan, run, records),
        assertions=run.assertions,
        cleanup=_cleanup(plan, run, records),
        context=_context(plan, run, records),
        error=run.error,
        file=plan.file,
        fingerprint=plan.fingerprint,
        repetition=plan.repetition,
        contracts=coverage(plan, records),
    )


def _steps(plan: Plan, run: RunRecord, records: tuple[StepRecord, ...]) -> tuple[StepResult, ...]:
    """One result for each step of the plan; a step that was never reached is skipped."""
    by_index = {record.index: record.result for record in records if record.kind is not Phase.CLEANUP}
    planned = {index for segment in plan.segments for branch in segment.branches for index in branch.steps}
    shown = sorted(planned | by_index.keys())
    reached = settled(plan, run, by_index)
    return tuple(reached[index] if index in reached else _not_reached(plan, index) for index in shown)


def _not_reached(plan: Plan, index: int) -> StepResult:
    step = plan.steps[index]
    error = ErrorInfo("skipped", "not reached")
    return StepResult(index, str(step.phase), step.name, step.type, Status.SKIPPED, error=error, source=step.source)


def _cleanup(plan: Plan, run: RunRecord, records: tuple[StepRecord, ...]) -> CleanupResult:
    done = {record.index: record.result for record in records if record.kind is Phase.CLEANUP}
    left = tuple(
        _left(run, cleanup_step(plan, run, index), done.get(index))
        for index in reversed(run.ledger)
        if index not in done or done[index].status not in {Status.PASSED, Status.SKIPPED}
    )
    verdict = CleanupVerdict.LEFT_BEHIND if left else CleanupVerdict.CLEAN
    steps = tuple(done[index] for index in reversed(run.ledger) if index in done)
    return CleanupResult(verdict, steps, left)


def _left(run: RunRecord, step: Step, result: StepResult | None) -> LeftBehind:
    command = f"awsit cleanup {run.run_id}"
    compensation = run.recorded.get(str(step.index))
    params = Redactor(compensation.hidden if compensation else ()).shown(step.params)
    if result is None:
        reason = "It was to be kept." if run.keep else "It was not tried."
        return LeftBehind(step.name, step.type, params, reason, command)
    reason = (
        result.error.message
        if result.error
        else next((check.message for check in result.assertions if not check.passed), "It did not pass.")
    )
    return LeftBehind(step.name, step.type, params if result.request is None else result.request, reason, command)


def _context(plan: Plan, run: RunRecord, records: tuple[StepRecord, ...]) -> Mapping[str, Json]:
    """The captured values as their steps show them: only a step's own result knows which of them were secret."""
    hidden = {name for step in plan.steps for name in step.redact}
    in_order = sorted(records, key=lambda each: each.result.started_at)
    shown = {name: value for record in in_order for name, value in record.result.captured.items()}
    return {name: MASK if name in hidden else shown.get(name) for name in kept.visible(run.context)}
