from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from awsit.actions.registry import BY_TYPE
from awsit.errors import Effect, ErrorKind
from awsit.model.action.protocol import Summary
from awsit.model.permissions import AwsLocation, Permission

URL = "https://sqs.eu-central-1.amazonaws.com/123456789012/orders"
ARN = "arn:aws:sqs:eu-central-1:123456789012:orders"
HERE = AwsLocation.of("eu-central-1", "123456789012")
FOUND = {"QueueUrl": URL}
SENT = {"MessageId": "m-1"}
MESSAGE = {
    "MessageId": "m-1",
    "ReceiptHandle": "r-1",
    "Body": '{"total": 1.50}',
    "Attributes": {"ApproximateReceiveCount": "2", "SentTimestamp": "1900000000000", "MessageGroupId": "g"},
    "MessageAttributes": {
        "tenant": {"DataType": "String", "StringValue": "7"},
        "weight": {"DataType": "Number", "StringValue": "1.50"},
        "raw": {"DataType": "Binary", "BinaryValue": b"\xff\x00"},
    },
}


@pytest.mark.parametrize(
    ("queue", "looked_up"),
    [
        ("orders", {"QueueName": "orders"}),
        (ARN, {"QueueName": "orders", "QueueOwnerAWSAccountId": "123456789012"}),
        (URL, None),
    ],
)
def test_a_document_is_sent_to_a_queue_by_name_arn_or_url(bench: Any, queue: str, looked_up: Any) -> None:
    bench.script(get_queue_url=[FOUND], send_message=[SENT])
    body = {"order": 7, "total": Decimal("1.50")}
    params = {"operation": "send", "queue": queue, "body": body, "attributes": {"tenant": "a", "weight": 3, "no": None}}

    done = bench.run("sqs", params)

    *looks, (_, request) = bench.client.calls
    assert looks == ([("get_queue_url", looked_up)] if looked_up else [])
    assert request == {
        "QueueUrl": URL,
        "MessageBody": '{"order":7,"total":1.50}',
        "MessageAttributes": {
            "tenant": {"DataType": "String", "StringValue": "a"},
            "weight": {"DataType": "Number", "StringValue": "3"},
        },
    }
    assert done.result == {"message_id": "m-1", "sequence_number": None}


def test_what_is_received_is_plain_json(bench: Any) -> None:
    bench.script(receive_message=[{"Messages": [MESSAGE]}])

    done = bench.run("sqs", {"operation": "receive", "queue": URL, "visibility_timeout_seconds": 60})

    assert bench.client.calls[0][1]["VisibilityTimeout"] == 60
    assert done.result["messages"] == [
        {
            "message_id": "m-1",
            "body": {"total": Decimal("1.50")},
            "attributes": {"tenant": "7", "weight": Decimal("1.50"), "raw": {"$base64": "/wA="}},
            "receive_count": 2,
            "sent_at": "2030-03-17T17:46:40Z",
            "group_id": "g",
            "deduplication_id": None,
            "sequence_number": None,
            "receipt_handle": "r-1",
        }
    ]


def test_a_look_hides_the_messages_from_nobody(bench: Any) -> None:
    bench.script(receive_message=[{}])

    assert bench.run("sqs", {"operation": "look", "queue": URL}).result == {"messages": [], "count": 0}
    assert bench.client.calls[0][1]["VisibilityTimeout"] == 0


def test_messages_that_were_received_and_not_deleted_are_told(bench: Any) -> None:
    refused = {"Failed": [{"Id": "0", "Code": "InternalError", "SenderFault": False}]}
    bench.script(receive_message=[{"Messages": [MESSAGE]}], delete_message_batch=[refused])

    done = bench.run("sqs", {"operation": "receive", "queue": URL, "delete": True})

    assert done.result["count"] == 1
    assert done.failure == "DeleteMessageBatch: 1 of 1 entry was refused: [0] InternalError: "


def test_the_depth_names_the_dead_letter_queue(bench: Any) -> None:
    counts = {"ApproximateNumberOfMessages": "3", "ApproximateNumberOfMessagesNotVisible": "1"}
    redrive = '{"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:123456789012:dead","maxReceiveCount":"5"}'
    bench.script(get_queue_attributes=[{"Attributes": {**counts, "RedrivePolicy": redrive}}])

    assert bench.run("sqs", {"operation": "depth", "queue": URL}).result == {
        "visible": 3,
        "in_flight": 1,
        "delayed": 0,
        "dead_letter_queue": "arn:aws:sqs:eu-central-1:123456789012:dead",
        "max_receive_count": 5,
    }


def test_a_queue_that_is_not_found_got_nothing(bench: Any, errors: Any) -> None:
    bench.script(get_queue_url=[errors.service("AWS.SimpleQueueService.NonExistentQueue")])

    refused = bench.refused("sqs", {"operation": "send", "queue": "other", "body": "b"})

    assert refused.effect is Effect.NONE
    assert str(refused).startswith("find queue other: ")


def test_a_queue_of_another_region_is_refused(bench: Any) -> None:
    queue = ARN.replace("eu-central-1", "us-east-1")

    refused = bench.refused("sqs", {"operation": "depth", "queue": queue})

    assert (refused.kind, refused.message) == (
        ErrorKind.VALIDATION,
        "queue orders is in us-east-1, and this run in eu-central-1",
    )


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"operation": "send"}, "send needs `body`"),
        ({"operation": "purge", "body": "x"}, "purge does not take `body`"),
        ({"operation": "depth", "queue": "arn:aws:sqs:orders"}, "the queue's URL, its name, or an ARN"),
        ({"operation": "send_batch", "messages": [{"body": 1}] * 11}, "at most 10"),
        ({"operation": "send", "body": 1, "expect_error": "QueueDoesNotExst"}, "did you mean `QueueDoesNotExist`"),
    ],
)
def test_what_does_not_fit_is_refused(bench: Any, params: dict[str, Any], said: str) -> None:
    assert said in bench.refused("sqs", {"queue": "orders", **params}).message


DROPPED = {"group_id": "g", "deduplication_id": "d"}
"""Of a message that a FIFO queue drops the second time."""


@pytest.mark.parametrize(
    ("params", "is_safe", "only_reads"),
    [
        ({"operation": "send", "body": 1, "group_id": "g"}, False, False),
        ({"operation": "send", "body": 1, **DROPPED}, True, False),
        ({"operation": "send_batch", "messages": [{"body": 1, **DROPPED}]}, True, False),
        ({"operation": "send_batch", "messages": [{"body": 1, **DROPPED}, {"body": 2, "group_id": "g"}]}, False, False),
        ({"operation": "look"}, False, False),
        ({"operation": "depth"}, True, True),
    ],
)
def test_whether_it_may_be_done_twice(params: dict[str, Any], is_safe: bool, only_reads: bool) -> None:
    action = BY_TYPE["sqs"]
    checked = action.params_model.model_validate({"queue": "orders.fifo", **params})

    assert (action.is_safe_to_repeat(checked), action.only_reads(checked)) == (is_safe, only_reads)


@pytest.mark.parametrize(
    ("params", "actions", "arn"),
    [
        ({"operation": "send", "queue": URL}, ["SendMessage"], ARN),
        ({"operation": "receive", "queue": "orders", "delete": True}, ["ReceiveMessage", "DeleteMessage"], ARN),
        ({"operation": "depth", "queue": ARN}, ["GetQueueAttributes"], ARN),
        ({"operation": "look", "queue": "{{ vars.queue }}"}, ["ReceiveMessage"], HERE.arn("sqs", "*")),
        ({"operation": "look", "queue": "<orders.QueueUrl>"}, ["ReceiveMessage"], HERE.arn("sqs", "*")),
    ],
)
def test_the_permissions_of_an_operation(params: dict[str, Any], actions: list[str], arn: str) -> None:
    required = BY_TYPE["sqs"].permissions(params, HERE)
    names = actions if params["queue"] == URL else [*actions, "GetQueueUrl"]

    assert required.permissions == tuple(Permission(f"sqs:{name}", arn) for name in names)


def test_an_operation_that_is_a_template_needs_what_is_not_known() -> None:
    assert BY_TYPE["sqs"].permissions({"operation": "{{ vars.o }}", "queue": "q"}, HERE).unknown


def test_a_look_says_what_it_changes() -> None:
    summary = BY_TYPE["sqs"].summary({"operation": "look", "queue": "orders"})

    assert summary == Summary("look into orders (raises the receive count)", "orders")
