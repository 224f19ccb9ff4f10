"""What no service takes is refused before a run, at its place; a scenario that expects an error may send it."""

from __future__ import annotations

from typing import Any

import pytest

from awsit.actions.registry import BY_TYPE
from awsit.validation.problems import params_problems

SQS = {"operation": "send", "queue": "orders"}
FIFO = {"operation": "send", "queue": "https://sqs.eu-west-1.amazonaws.com/123456789012/orders.fifo"}
BATCH = {"operation": "send_batch", "queue": "orders"}
SNS = {"topic": "arn:aws:sns:eu-west-1:123456789012:orders"}
BUS = {"event_bus": "default"}


def problems(action_type: str, params: Any) -> list[tuple[str, str, str]]:
    action = BY_TYPE[action_type]
    found = params_problems(action_type, action.params_model, params, rendered=False)
    return [(each.path, each.message, each.hint) for each in found]


@pytest.mark.parametrize(
    ("action_type", "params", "place", "message"),
    [
        ("sqs", {**SQS, "body": ""}, "body", "`body` must not be empty"),
        ("sqs", {**SQS, "body": "a", "attributes": {"x": ""}}, "attributes.x", "`attributes.x` must not be empty"),
        ("sqs", {**SQS, "body": "a", "attributes": {"x": {"$base64": ""}}}, "attributes.x", "must not be empty"),
        ("sqs", {**SQS, "body": "a", "attributes": {"": "b"}}, "attributes", "needs a name"),
        (
            "sqs",
            {**BATCH, "messages": [{"body": "a"}, {"body": ""}]},
            "messages[1].body",
            "`messages[1].body` must not",
        ),
        ("sqs", {**BATCH, "messages": [{"body": "a", "attributes": {"x": ""}}]}, "messages[0].attributes.x", "empty"),
        ("sns", {**SNS, "message": ""}, "message", "`message` must not be empty"),
        ("sns", {**SNS, "message": "a", "attributes": {"x": ""}}, "attributes.x", "must not be empty"),
        ("sqs", {**FIFO, "body": "a"}, "queue", "a FIFO queue takes no message without `group_id`"),
        (
            "sqs",
            {**FIFO, "body": "a", "group_id": "g", "delay_seconds": 1},
            "delay_seconds",
            "delays no message by itself",
        ),
        ("sqs", {**SQS, "body": "a", "deduplication_id": "d"}, "deduplication_id", "only a FIFO queue takes"),
        (
            "sqs",
            {
                "operation": "send_batch",
                "queue": "orders.fifo",
                "messages": [{"body": "a", "group_id": "g"}, {"body": "b"}],
            },
            "messages[1]",
            "without `group_id`",
        ),
        ("sns", {"topic": f"{SNS['topic']}.fifo", "message": "a"}, "topic", "a FIFO topic takes no message without"),
        ("sns", {**SNS, "message": "a", "deduplication_id": "d"}, "deduplication_id", "only a FIFO topic takes"),
        ("s3", {"operation": "get", "bucket": "b", "key": "k", "version_id": ""}, "version_id", "must not be empty"),
    ],
)
def test_what_no_service_takes_is_refused_unless_an_error_is_expected(
    action_type: str, params: Any, place: str, message: str
) -> None:
    ((at, said, hint),) = problems(action_type, params)
    assert at.startswith(place)
    assert message in said
    assert hint
    assert problems(action_type, {**params, "expect_error": "*"}) == []


@pytest.mark.parametrize(
    ("action_type", "params", "place"),
    [
        ("sqs", {**SQS, "body": "a", "attributes": {"x": {"$base64": "a"}}}, "attributes.x"),
        ("sns", {**SNS, "message": "a", "attributes": {"x": {"$base64": "a"}}}, "attributes.x"),
        ("s3", {"operation": "put", "bucket": "b", "key": "k", "body": {"$base64": "a"}}, "body"),
        (
            "kinesis",
            {"operation": "put", "stream": "s", "records": [{"data": {"$base64": "a"}, "partition_key": "p"}]},
            "records[0].data",
        ),
    ],
)
def test_base64_of_which_no_bytes_can_be_made_is_found_before_it_is_sent(
    action_type: str, params: Any, place: str
) -> None:
    ((at, said, hint),) = problems(action_type, params)

    assert at.startswith(place)
    assert said.startswith(f"`{place}` is not base64")
    assert "b64encode" in hint


@pytest.mark.parametrize(
    ("action_type", "params"),
    [
        ("s3", {"operation": "put", "bucket": "b", "key": "k", "body": {"$base64": "{{ vars.x }}"}}),
        ("s3", {"operation": "put", "bucket": "b", "key": "k", "body": {"$base64": "!", "more": 1}}),
        ("sqs", {**SQS, "body": {}}),
        ("sqs", {**SQS, "body": " ", "attributes": {"none": None, "zero": 0, "no": False, "text": "{{ vars.x }}"}}),
        ("sns", {**SNS, "message": []}),
        ("s3", {"operation": "put", "bucket": "b", "key": "k", "body": ""}),
        ("kinesis", {"operation": "put", "stream": "s", "records": [{"data": "", "partition_key": "p"}]}),
        ("listen", {**BUS, "pattern": {"$or": [{"source": ["a"]}, {"detail": {"n": [{"exists": False}], "m": [""]}}]}}),
        ("listen", {**BUS, "pattern": {"source": "{{ vars.sources }}"}}),
    ],
)
def test_what_a_service_takes_is_not_refused(action_type: str, params: Any) -> None:
    assert problems(action_type, params) == []


@pytest.mark.parametrize(
    ("pattern", "place", "message"),
    [
        ({"source": []}, "pattern.source", "must not be empty"),
        ({"detail": {}}, "pattern.detail", "must not be empty"),
        ({"detail": {"a": {"b": []}}}, "pattern.detail.a.b", "`pattern.detail.a.b` must not be empty"),
        ({"$or": [{"source": ["a"]}, {"source": []}]}, "pattern.$or[1].source", "must not be empty"),
        ({"source": "orders"}, "pattern.source", "`source` of an event pattern must be a list or a mapping"),
        ({"detail": {"id": 7}}, "pattern.detail.id", "must be a list or a mapping"),
    ],
)
def test_an_event_pattern_that_eventbridge_cannot_compile_is_refused(pattern: Any, place: str, message: str) -> None:
    ((at, said, hint),) = problems("listen", {**BUS, "pattern": pattern})
    assert at == place
    assert message in said
    assert hint


@pytest.mark.parametrize(
    ("action_type", "params", "message"),
    [
        ("lambda_invoke", {"function": "f", "qualifier": ""}, "`qualifier` must not be empty"),
        ("http_call", {"url": "http://a/", "method": ""}, "'' is not an HTTP method"),
        ("http_call", {"url": "http://a/", "method": "GET /x"}, "is not an HTTP method"),
        (
            "http_call",
            {"url": "http://a/", "auth": {"cognito": {"client": "", "username": "a", "password": "b"}}},
            "`client` must not be empty",
        ),
    ],
)
def test_what_could_not_even_be_sent_is_refused(action_type: str, params: Any, message: str) -> None:
    ((_, said, _),) = problems(action_type, params)
    assert message in said


def test_a_method_of_ones_own_and_one_from_a_template_are_taken() -> None:
    assert problems("http_call", {"url": "http://a/", "method": "PROPFIND"}) == []
    assert problems("http_call", {"url": "http://a/", "method": "{{ vars.method }}"}) == []


@pytest.mark.parametrize(
    ("action_type", "params"),
    [
        ("sqs", {**FIFO, "body": "a", "group_id": "g", "deduplication_id": "d", "delay_seconds": 0}),
        ("sqs", {**SQS, "body": "a", "group_id": "g", "delay_seconds": 9}),
        ("sqs", {**SQS, "queue": "{{ vars.queue }}", "body": "a", "group_id": "g", "deduplication_id": "d"}),
        ("sqs", {**FIFO, "body": "a", "expect_error": "MissingParameter"}),
        ("sqs", {"operation": "receive", "queue": "orders.fifo"}),
        ("sns", {"topic": f"{SNS['topic']}.fifo", "message": "a", "group_id": "g"}),
    ],
)
def test_what_queues_and_topics_take_is_not_refused(action_type: str, params: Any) -> None:
    assert problems(action_type, params) == []
