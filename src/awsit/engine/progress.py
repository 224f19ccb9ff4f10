"""Two results of one step, earlier and later, as the events that lie between them."""

from __future__ import annotations

from awsit.model.events import Event, StepAttempted, StepFinished
from awsit.model.result import Status, StepResult


def step_events(run_id: str, before: StepResult | None, after: StepResult) -> list[Event]:
    """The attempts that only `after` has, and the step's end if it has come. The same for every engine."""
    if before is not None and before.status is not Status.RUNNING:
        return []
    seen = len(before.attempts) if before else 0
    events: list[Event] = [
        StepAttempted(run_id, after.index, after.phase, after.name, attempt)
        for attempt in after.attempts[seen:]
        if attempt.delay_seconds is not None
    ]
    if after.status is not Status.RUNNING:
        events.append(StepFinished(run_id, after))
    return events
