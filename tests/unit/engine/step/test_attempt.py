"""What an attempt that failed is known by to `retry_on`."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.engine.world import NoAws, World

from awsit.engine.step.attempt import internal_error
from awsit.model.result import RunStatus

BATCH = """
name: batch
actions:
  - name: Put
    type: eventbridge
    params: {events: [{source: s, detail_type: a, detail: {}}, {source: s, detail_type: b, detail: {}}]}
    retry: {max_attempts: 3, interval_seconds: 0.1, retry_on: RETRY_ON}
"""


class Bus(NoAws):
    """A bus that refuses the event `b` once, and keeps what it took."""

    def __init__(self, code: str) -> None:
        self.refusals = [{"ErrorCode": code, "ErrorMessage": "no"}]
        self.taken: list[str] = []

    def client(self, service: str) -> Any:
        assert service == "events"
        return self

    def put_events(self, *, Entries: list[dict[str, str]], **_: Any) -> Any:  # noqa: N803 - a name of boto3
        return {"Entries": [self._answer(entry["DetailType"]) for entry in Entries]}

    def _answer(self, name: str) -> dict[str, str]:
        if name == "b" and self.refusals:
            return self.refusals.pop()
        self.taken.append(name)
        return {"EventId": name}


@pytest.mark.parametrize(
    ("retry_on", "code", "status"),
    [
        ("[throttling]", "ThrottlingException", RunStatus.PASSED),
        ("[]", "ThrottlingException", RunStatus.PASSED),
        ("[throttling]", "InternalFailure", RunStatus.FAILED),
        ("[timeout]", "ThrottlingException", RunStatus.FAILED),
    ],
)
def test_a_batch_that_was_throttled_in_part_is_repeated_as_throttling(
    retry_on: str, code: str, status: RunStatus
) -> None:
    bus = Bus(code)

    result = World(aws=bus).run(BATCH.replace("RETRY_ON", retry_on))

    assert result.status is status
    assert bus.taken == (["a", "b"] if status is RunStatus.PASSED else ["a"])
    assert len(result.steps[0].attempts) == (2 if status is RunStatus.PASSED else 1)


@pytest.mark.parametrize(
    ("error", "words", "hint"),
    [
        (RuntimeError("can't start new thread"), "no thread can be started", "ulimit -u"),
        (MemoryError(), "there is not enough memory", "ulimit -v"),
        (RuntimeError("odd"), "RuntimeError: odd", "This is a bug in awsit."),
    ],
)
def test_a_machine_without_threads_or_memory_is_no_bug(error: Exception, words: str, hint: str) -> None:
    known = internal_error(error)

    assert (known.code, known.message) == ("internal", words)
    assert hint in (known.hint or "")
