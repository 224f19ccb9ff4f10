"""The events that a run's items tell of."""

from __future__ import annotations

from typing import Any

from awsit.aws.stepfunctions.tracker import Tracker
from awsit.engine.store.records import Directive, Next, StepRecord
from awsit.model.codec import encode
from awsit.model.events import StepFinished
from awsit.model.json import dumps
from awsit.model.plan import Branch, Phase, Plan, Segment, Step
from awsit.model.result import Status, StepResult

PLAN = Plan("run-1", "it", steps=(Step(0, "A", "http_call"),), segments=(Segment((Branch((0,)),)),))
RESULT = StepResult(0, "actions", "A", "http_call", Status.PASSED, started_at="2030-01-01T00:00:00.000Z")
RECORD = StepRecord(Phase.ACTIONS, 0, 1, Directive(Next.SUCCEEDED), RESULT, kept="x" * 500_000)


def item(body: Any) -> dict[str, Any]:
    return {"run_id": "run-1", "sk": "action#00000", "body": body}


def finished(tracker: Tracker, body: Any) -> list[str]:
    return [event.result.name for event in tracker.events([item(body)]) if isinstance(event, StepFinished)]


def test_a_record_too_large_for_an_item_is_read_from_the_bucket() -> None:
    objects = {"runs/run-1/records/action#00000.json": dumps(encode(RECORD))}
    tracker = Tracker("run-1", PLAN, objects.__getitem__)

    assert finished(tracker, {"s3": next(iter(objects))}) == ["A"]


def test_what_was_told_is_not_told_again() -> None:
    tracker = Tracker("run-1", PLAN, {}.__getitem__)
    body = dumps(encode(RECORD))

    assert (finished(tracker, body), finished(tracker, body)) == (["A"], [])
