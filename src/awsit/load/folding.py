"""Iterations that somebody else carried out: what their reports add to the record of a load."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from awsit.load.recorder import Recorder
from awsit.model.plan import Phase
from awsit.model.result import RunResult, RunStatus, Status, StepResult
from awsit.model.run import TOO_LATE
from awsit.system.clock import parse_iso


class PlannedStart(Struct, frozen=True):
    """An iteration that was to start `at` seconds after the first one, at `start_at` since the epoch.

    Its fake data were drawn from `seed`.
    """

    at: float
    start_at: float
    seed: str = ""


def fold(recorder: Recorder, planned: PlannedStart, result: RunResult, *, is_cut_off: bool) -> bool:
    """Record an iteration, by its report.

    Returns whether its report is worth to be kept. One that never began was dropped, unless the load `is_cut_off`: then
    it was not to begin any more.
    """
    at, start_at, begun = planned.at, planned.start_at, _begun(result.steps)
    if result.status is RunStatus.SKIPPED or (result.error and result.error.code == TOO_LATE):
        if not is_cut_off or result.status is not RunStatus.SKIPPED:
            recorder.dropped(at, is_late=result.status is not RunStatus.SKIPPED)
        return False
    if not begun and result.status is RunStatus.CANCELLED:
        return False
    first = min((_seconds(step.started_at) for step in begun), default=_seconds(result.started_at))
    last = max((_seconds(step.started_at) + step.duration_seconds for step in begun), default=0.0)
    recorder.started(at, max(0.0, first - start_at))
    return recorder.ended(at, max(0.0, (last or _seconds(result.finished_at)) - start_at), result, planned.seed)


def _begun(steps: Sequence[StepResult]) -> list[StepResult]:
    """The actions that were begun, without what follows them."""
    return [
        step
        for step in steps
        if step.started_at and step.status is not Status.SKIPPED and not Phase(step.phase).is_follow_up
    ]


def _seconds(moment: str) -> float:
    """Seconds since the epoch; 0 for a time that is not known."""
    return parse_iso(moment).timestamp() if moment else 0.0
