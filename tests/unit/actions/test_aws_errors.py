"""Answers that lack what a service's answers say: another program may answer in its place."""

from __future__ import annotations

from typing import Any

import pytest

from awsit.errors import ActionError, Effect, ErrorKind


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
