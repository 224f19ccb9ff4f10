"""The report of a run, made from its records."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import datetime

from awsit.engine.log_entry import step_ended
from awsit.engine.run.contracts import coverage
from awsit.engine.run.cut_off import settled
from awsit.engine.run.effects import RunEffects
from awsit.engine.run.ledger_outcomes import outcome_of
from awsit.engine.secrets.detection import MASK
from awsit.engine.secrets.redaction import Redactor
from awsit.engine.services import Services
from awsit.engine.step import kept
from awsit.engine.step.context import Values
from awsit.engine.step.ledger import cleanup_step
from awsit.engine.store.records import RunRecord, RunState, RunStore, StepRecord
from awsit.errors import NotFoundError
from awsit.model.json import Json
from awsit.model.plan import NO_ITEM, Phase, Plan, Step, is_of_no_item
from awsit.model.result import (
    CleanupOutcome,
    CleanupResult,
    CleanupVerdict,
    ErrorInfo,
    LeftBehind,
    RunResult,
    RunStatus,
    Status,
    StepResult,
    UncertainAttempt,
)
from awsit.records import replace
from awsit.system.clock import iso, parse_iso


def report(services: Services, run_id: str, error: ErrorInfo | None = None, cleaner: str = "") -> RunResult:
    """Make the run's report and keep it. A run that was never created, or never closed, is reported as `error`.

    In the report of a run that was reported before, only the clean-up changes. When another cleaner has taken over, the
    report is that one's to keep. That of a run that is held is not its last one.
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
        records = services.store.records(run_id)
        result = make_result(plan, ended(run, RunStatus.ERROR, error), records, now)
        if run.state is RunState.CLOSED:
            result = replace(services.store.report(run_id), cleanup=result.cleanup)
        if run.cleaner != cleaner:
            return result
        if run.state is not RunState.CLOSED:
            _log_cut_off(services, run, records, result)
        if run.is_held:
            services.store.hold(result)
            return result
    services.store.end(result)
    return result


def _log_cut_off(services: Services, run: RunRecord, records: tuple[StepRecord, ...], result: RunResult) -> None:
    """Log the end of the steps that were begun and that no call has ended."""
    ended_by_call = {
        record.index
        for record in records
        if record.kind is not Phase.CLEANUP and record.result.status is not Status.RUNNING
    }
    for step in result.steps:
        if step.index not in ended_by_call and str(step.index) in run.started:  # which is read when it is looked at
            services.log(step_ended(run.run_id, run.scenario, step))


def what_is_left(store: RunStore, run_id: str) -> tuple[LeftBehind, ...]:
    """What a run has left behind, as its records stand."""
    return _cleanup(store.plan(run_id), store.run(run_id), store.records(run_id)).left_behind


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
        trace_id=run.trace_id,
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
    results = (reached[index] if index in reached else _not_reached(plan, index) for index in shown)
    return tuple(result for result in results if not is_of_no_item(result))


def under_way(plan: Plan, run: RunRecord, records: tuple[StepRecord, ...]) -> tuple[StepResult, ...]:
    """The steps of a run that goes on whose first call has begun, and of which no record says more yet."""
    recorded = {record.index for record in records if record.kind is not Phase.CLEANUP}
    begun = [(plan.steps[int(index)], started) for index, started in run.started.items() if int(index) not in recorded]
    return tuple(
        StepResult(
            step.index, str(step.phase), step.name, step.type, Status.RUNNING, started_at=started.at, source=step.source
        )
        for step, started in begun
    )


def _not_reached(plan: Plan, index: int) -> StepResult:
    step = plan.steps[index]
    error = ErrorInfo(NO_ITEM if step.is_later_item else "skipped", "not reached")
    return StepResult(index, str(step.phase), step.name, step.type, Status.SKIPPED, error=error, source=step.source)


def _cleanup(plan: Plan, run: RunRecord, records: tuple[StepRecord, ...]) -> CleanupResult:
    effects = RunEffects.of(plan, run, records)
    entries = [cleanup_step(plan, run, index) for index in reversed(run.ledger)]
    left = tuple(_left(effects, entry) for entry in entries if outcome_of(effects, entry).is_left)
    if run.damage:
        left = (_not_told(run), *left)
    undone = ((entry, effects.undone(entry.index)) for entry in entries)
    steps = tuple(_undone(effects, entry, record.result) for entry, record in undone if record is not None)
    if run.forgotten:
        return CleanupResult(CleanupVerdict.CLEAN, steps, forgotten=left)
    return CleanupResult(CleanupVerdict.LEFT_BEHIND if left else CleanupVerdict.CLEAN, steps, left)


def _not_told(run: RunRecord) -> LeftBehind:
    """What a damaged journal does not tell of."""
    command = shlex.join(["awsit", "cleanup", run.run_id])
    return LeftBehind("journal", "journal", None, run.damage, command, CleanupOutcome.MAY_BE_THERE)


def _undone(effects: RunEffects, entry: Step, result: StepResult) -> StepResult:
    """The result of a clean-up step, with its outcome; of one that was called and is to be called again, without."""
    return replace(result, outcome=None if result.status is Status.RUNNING else outcome_of(effects, entry))


def _left(effects: RunEffects, entry: Step) -> LeftBehind:
    """An entry that is left. Its params are templates where they could not be rendered."""
    run, record = effects.run, effects.undone(entry.index)
    result = record.result if record else None
    compensation = run.recorded.get(str(entry.index))
    params = Redactor(compensation.hidden if compensation else ()).shown(entry.params)
    came_to = outcome_of(effects, entry)
    return LeftBehind(
        entry.name,
        entry.type,
        params if result is None or result.request is None else result.request,
        _reason(result, came_to, is_kept=run.keep),
        shlex.join(["awsit", "cleanup", run.run_id]),
        came_to,
        _look_for(effects, entry, record) if came_to is CleanupOutcome.MAY_BE_THERE else (),
    )


def _look_for(effects: RunEffects, entry: Step, record: StepRecord | None) -> tuple[UncertainAttempt, ...]:
    shown = Redactor()  # of a call without a record, the params are templates
    if record is not None and record.result.status is Status.PASSED:
        uncertain = effects.others_than_named(entry)
    else:
        uncertain = effects.look_for(entry, rendered=record is None or record.rendered)
    return tuple(replace(each, request=shown.shown(each.request)) for each in uncertain)


def _reason(result: StepResult | None, came_to: CleanupOutcome, *, is_kept: bool) -> str:
    if result is None:
        return "It was to be kept." if is_kept else "It was not tried."
    if result.status is Status.RUNNING and came_to is CleanupOutcome.MAY_BE_THERE:
        return "An attempt without an answer could still take effect, and nobody looked again when its time was over."
    if result.status is Status.PASSED and came_to is CleanupOutcome.MAY_BE_THERE:
        return "It undid what the last attempt made; one before it may have made another."
    if result.error:
        doubt = "Whether it was made is not known, and its clean-up came to nothing: "
        return (doubt if came_to is CleanupOutcome.MAY_BE_THERE else "") + result.error.message
    return next((check.message for check in result.assertions if not check.passed), "It did not pass.")


def _context(plan: Plan, run: RunRecord, records: tuple[StepRecord, ...]) -> Mapping[str, Json]:
    """The captured values as their steps show them: only a step's own result knows which of them were secret."""
    hidden = {name for step in plan.steps for name in step.redact}
    in_order = sorted(records, key=lambda each: each.result.started_at)
    shown = {name: value for record in in_order for name, value in record.result.captured.items()}
    values = {name: MASK if name in hidden else shown.get(name) for name in kept.visible(run.context)}
    return dict(Values(plan, run, values))
