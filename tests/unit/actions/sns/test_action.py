from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from awsit.actions.registry import BY_TYPE
from awsit.model.action.protocol import Summary
from awsit.model.permissions import AwsLocation, Permission

ARN = "arn:aws:sns:eu-central-1:123456789012:orders"
HERE = AwsLocation.of("eu-central-1", "123456789012")
MESSAGE = {"topic": ARN, "message": {"total": Decimal("1.50")}, "subject": "an order", "attributes": {"n": 1, "t": "a"}}


def test_a_document_is_published(bench: Any) -> None:
    bench.script(publish=[{"MessageId": "m-1"}])

    done = bench.run("sns", MESSAGE)

    assert done.result == {"message_id": "m-1", "sequence_number": None}
    assert bench.client.calls == [
        (
            "publish",
            {
                "TopicArn": ARN,
                "Message": '{"total":1.50}',
                "Subject": "an order",
                "MessageAttributes": {
                    "n": {"DataType": "Number", "StringValue": "1"},
                    "t": {"DataType": "String", "StringValue": "a"},
                },
            },
        )
    ]


def test_a_refusal_names_the_topic(bench: Any, errors: Any) -> None:
    bench.script(publish=[errors.service("NotFound")] * 2)

    assert str(bench.refused("sns", MESSAGE)).startswith(f"publish to topic {ARN}: ")
    assert bench.run("sns", {**MESSAGE, "expect_error": "NotFound"}).result["error"]["code"] == "NotFound"


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"topic": "orders"}, "must be the topic's ARN"),
        ({"subject": "x" * 101}, "100"),
        ({"expect_error": "NotFoundExeption"}, "did you mean"),
    ],
)
def test_what_does_not_fit_is_refused(bench: Any, params: dict[str, Any], said: str) -> None:
    assert said in bench.refused("sns", {**MESSAGE, **params}).message


def test_only_what_the_topic_drops_may_be_sent_twice() -> None:
    action = BY_TYPE["sns"]
    fifo = {**MESSAGE, "topic": f"{ARN}.fifo", "group_id": "g"}
    twice = [action.params_model.model_validate({**fifo, **more}) for more in ({}, {"deduplication_id": "d"})]

    assert [action.is_safe_to_repeat(each) for each in twice] == [False, True]


def test_plan_names_the_topic() -> None:
    action = BY_TYPE["sns"]

    assert action.permissions(MESSAGE, HERE).permissions == (Permission("sns:Publish", ARN),)
    assert action.permissions({"topic": "{{ context.t }}"}, HERE).permissions == (Permission("sns:Publish", "*"),)
    assert action.summary(MESSAGE) == Summary(f"publish to {ARN}", ARN)
