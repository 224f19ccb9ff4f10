"""Answers that lack what a service's answers say: another program may answer in its place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from awsit.actions.aws_errors import answered_at
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.system.clock import FakeClock


@pytest.mark.parametrize(
    ("kind", "params", "call", "member"),
    [
        ("sqs", {"operation": "send", "queue": "https://sqs/1/q", "body": "x"}, "send_message", "MessageId"),
        ("sqs", {"operation": "send", "queue": "q", "body": "x"}, "get_queue_url", "QueueUrl"),
        ("sns", {"topic": "arn:aws:sns:eu-west-1:1:t", "message": "x"}, "publish", "MessageId"),
        ("eventbridge", {"events": [{"source": "s", "detail_type": "d"}]}, "put_events", "Entries"),
        (
            "kinesis",
            {"operation": "put", "stream": "s", "records": [{"data": "x", "partition_key": "a"}]},
            "put_records",
            "Records",
        ),
        ("s3", {"operation": "put", "bucket": "b", "key": "k", "body": "x"}, "put_object", "ETag"),
        ("s3", {"operation": "head", "bucket": "b", "key": "k"}, "head_object", "ETag"),
        ("logs", {"group": "g", "since": "2030-01-01T00:00:00Z"}, "filter_log_events", "events"),
    ],
)
def test_an_answer_that_lacks_what_the_services_say_is_no_bug(
    kind: str, params: Any, call: str, member: str, bench: Any
) -> None:
    bench.script(**{call: [{}]})

    with pytest.raises(ActionError, match=f"the answer has no '{member}'") as caught:
        bench.run(kind, params)

    effect = Effect.NONE if call == "get_queue_url" else Effect.UNKNOWN
    assert (caught.value.kind, caught.value.effect) == (ErrorKind.SERVICE, effect)
    assert "what else answered in its place" in caught.value.hint


@pytest.mark.parametrize(
    ("headers", "hour"),
    [
        ({"date": "Tue, 01 Jan 2030 07:00:00 GMT"}, 7),
        ({"date": "Tue, 01 Jan 2030 07:00:00 -0000"}, 7),
        ({"date": "soon"}, 3),
        ({"date": ""}, 3),
        ({}, 3),
    ],
)
def test_a_service_tells_the_time_unless_its_date_is_none(headers: dict[str, str], hour: int) -> None:
    answer = {"ResponseMetadata": {"HTTPHeaders": headers}}
    assert answered_at(answer, FakeClock(datetime(2030, 1, 1, 3, tzinfo=UTC))) == datetime(2030, 1, 1, hour, tzinfo=UTC)
