"""The rules that every store keeps: which call may begin, which record stays, and how a run is closed."""

from __future__ import annotations

from awsit.engine.store.records import Closing, Refusal, RunRecord, RunState, Started, StepRecord
from awsit.model.plan import Phase
from awsit.model.result import RunStatus, Status
from awsit.records import replace


def refusal(run: RunRecord, before: Started | None, sequence: int, at: float) -> Refusal | None:
    """Why call `sequence` of a step may not begin at `at` (seconds since the epoch), or None when it may."""
    if before is not None and before.sequence >= sequence:
        return Refusal.DUPLICATE
    if run.state is not RunState.OPEN:
        return Refusal.CLOSED
    return Refusal.DEADLINE if at >= run.deadline_at else None


def is_settled(record: StepRecord | None) -> bool:
    """Whether a record stays whatever comes later: a clean-up that passed. Another attempt would find nothing."""
    return record is not None and record.kind is Phase.CLEANUP and record.result.status is Status.PASSED


def closed(run: RunRecord, closing: Closing | None) -> RunRecord:
    """The run after `closing`: the first verdict stays, whoever comes later."""
    if closing is None:
        return run
    state = RunState.CLOSING if run.state is RunState.OPEN else run.state
    if run.verdict is not RunStatus.RUNNING:
        return replace(run, state=state)
    return replace(run, state=state, verdict=closing.verdict, error=closing.error or run.error)
