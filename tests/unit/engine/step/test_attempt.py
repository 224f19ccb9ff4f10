"""What an attempt that failed is known by to `retry_on`."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.engine.world import NoAws, World

from awsit.model.result import RunStatus

BATCH = """
name: batch
actions:
  - name: Put
    type: eventbridge
    params: {events: [{source: s, detail_type: A, detail: {}}, {source: s, detail_type: B, detail: {}}]}
    retry: {max_attempts: 3, interval_seconds: 0.1, retry_on: RETRY_ON}
"""


class Bus(NoAws):
    """A bus that takes the first event, and the second with the second call."""

    def __init__(self, code: str) -> None:
        self.answers: list[dict[str, Any]] = [{"ErrorCode": code, "ErrorMessage": "no"}, {"EventId": "b"}]

    def client(self, service: str) -> Any:
        assert service == "events"
        return self

    def put_events(self, **_: Any) -> Any:
        return {"Entries": [{"EventId": "a"}, self.answers.pop(0)]}


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
    result = World(aws=Bus(code)).run(BATCH.replace("RETRY_ON", retry_on))

    assert result.status is status
    assert len(result.steps[0].attempts) == (2 if status is RunStatus.PASSED else 1)
