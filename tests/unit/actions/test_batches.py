from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.unit.actions.conftest import FakeAws, ScriptedClient, ServiceError
from tests.unit.engine.world import World

from awsit.actions.batches import EntryBatch, RefusedEntry, require_all, with_refusals
from awsit.aws.client import errors
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.model.action.call import ActionResult
from awsit.model.json import Json

THROTTLED = RefusedEntry(1, "ThrottlingException", "slow down")


def result(batch: EntryBatch, answers: Mapping[int, Json], *refused: RefusedEntry) -> ActionResult:
    return batch.result(answers, refused, lambda taken: {"ids": list(taken.values())}, {"bus": "orders"})


def test_a_batch_that_was_taken_in_part_fails_and_tells_which_part() -> None:
    done = result(EntryBatch("PutEvents", "ab", None), {0: "a"}, THROTTLED)

    assert done.result == {
        "ids": ["a"],
        "failed": [{"index": 1, "code": "ThrottlingException", "message": "slow down"}],
    }
    assert done.failure == "PutEvents: 1 of 2 entries was refused: [1] ThrottlingException: slow down"
    assert (done.failure_code, done.effect) == ("ThrottlingException", Effect.DONE)


def test_a_batch_that_was_taken_whole_passes() -> None:
    done = result(EntryBatch("PutEvents", "a", None), {0: "a"})
    assert done == ActionResult({"ids": ["a"], "failed": []}, request={"bus": "orders"})


def test_the_next_attempt_sends_what_was_refused_and_tells_of_all() -> None:
    first = result(EntryBatch("PutEvents", "abc", None), {0: "a", 2: "c"}, THROTTLED)
    second = EntryBatch("PutEvents", "abc", first.keeps)
    assert second.to_send == (1,)

    refused_again = result(second, {}, THROTTLED)
    assert refused_again.failure == "PutEvents: 1 of 3 entries was refused: [1] ThrottlingException: slow down"

    third = EntryBatch("PutEvents", "abc", json.loads(json.dumps(refused_again.keeps)))
    done = result(third, {1: "b"})
    assert (done.failure, done.result) == (None, {"ids": ["a", "b", "c"], "failed": []})
    assert EntryBatch("PutEvents", "abc", done.keeps).to_send == (0, 1, 2)  # of a poll, say
    assert EntryBatch("PutEvents", "abcd", first.keeps).to_send == (0, 1, 2, 3)  # another batch


@pytest.mark.parametrize(
    ("code", "kind", "effect"),
    [
        ("AccessDeniedException", ErrorKind.ACCESS_DENIED, Effect.NONE),
        ("ThrottlingException", ErrorKind.THROTTLING, Effect.UNKNOWN),
        ("InternalFailure", ErrorKind.SERVICE, Effect.UNKNOWN),
    ],
)
def test_a_batch_of_which_nothing_was_taken_is_a_call_that_was_refused(
    code: str, kind: ErrorKind, effect: Effect
) -> None:
    with pytest.raises(ClientError) as caught:
        result(EntryBatch("PutEvents", "a", None), {}, RefusedEntry(0, code, "no"))

    error = errors.translate(caught.value)
    assert isinstance(error, ActionError)
    assert (error.kind, error.effect, error.service_code) == (kind, effect, code)


def test_what_was_received_is_told_though_nothing_of_it_was_deleted() -> None:
    done = with_refusals("DeleteMessageBatch", {"messages": ["m"]}, [THROTTLED], 1, None)

    assert done.result["messages"] == ["m"]
    assert done.failure is not None


def test_a_batch_of_which_the_answer_does_not_tell_all_is_not_known() -> None:
    with pytest.raises(ActionError, match="PutEvents: the answer tells of 1 of 2 entries") as caught:
        require_all("PutEvents", 1, 2)

    assert (caught.value.kind, caught.value.effect) == (ErrorKind.SERVICE, Effect.UNKNOWN)


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        (["ThrottlingException"], ErrorKind.THROTTLING),
        (["ProvisionedThroughputExceededException", "ProvisionedThroughputExceededException"], ErrorKind.THROTTLING),
        (["ThrottlingException", "InvalidParameterValue"], None),
        (["InternalFailure"], None),
    ],
)
def test_a_batch_of_which_the_rest_came_too_fast_is_throttled(codes: list[str], kind: ErrorKind | None) -> None:
    refused = [RefusedEntry(number, code, "no") for number, code in enumerate(codes)]

    assert with_refusals("PutEvents", {}, refused, len(codes) + 1, None).failure_kind == kind


SQS = {"operation": "send_batch", "queue": "https://sqs/1/orders", "messages": [{"body": n} for n in "abc"]}
KINESIS = {"operation": "put", "stream": "orders", "records": [{"data": n, "partition_key": "k"} for n in "abc"]}
EVENTS = {"events": [{"source": n, "detail_type": "t"} for n in "abc"]}


def put_record(number: str) -> Json:
    return {"ShardId": "s", "SequenceNumber": number}


REFUSED = {"ErrorCode": "ThrottlingException", "ErrorMessage": "slow down"}
SENT_IN_PART = {
    "Successful": [{"Id": "0", "MessageId": "a"}, {"Id": "2", "MessageId": "c"}],
    "Failed": [{"Id": "1", "Code": "ThrottlingException", "SenderFault": True}],
}


@pytest.mark.parametrize(
    ("action_type", "params", "call", "answers", "result"),
    [
        (
            "sqs",
            SQS,
            "send_message_batch",
            (SENT_IN_PART, {"Successful": [{"Id": "1", "MessageId": "b"}]}),
            {"sent": [{"index": n, "message_id": name, "sequence_number": None} for n, name in enumerate("abc")]},
        ),
        (
            "eventbridge",
            EVENTS,
            "put_events",
            ({"Entries": [{"EventId": "a"}, REFUSED, {"EventId": "c"}]}, {"Entries": [{"EventId": "b"}]}),
            {"event_ids": ["a", "b", "c"]},
        ),
        (
            "kinesis",
            KINESIS,
            "put_records",
            ({"Records": [put_record("a"), REFUSED, put_record("c")]}, {"Records": [put_record("b")]}),
            {"records": [{"shard_id": "s", "sequence_number": name} for name in "abc"]},
        ),
    ],
)
def test_a_retry_sends_only_what_was_refused(
    action_type: str, params: Json, call: str, answers: tuple[Json, Json], result: Json
) -> None:
    aws: Any = FakeAws(ScriptedClient(**{call: [answers[0], ServiceError("ThrottlingException"), answers[1]]}))
    retry = {"max_attempts": 4, "retry_on": ["throttling", "ThrottlingException"]}
    action = {"name": "Send", "type": action_type, "params": params, "retry": retry}

    (step,) = World(aws=aws).run(json.dumps({"name": "batch", "actions": [action]})).steps

    assert (step.status, len(step.attempts)) == ("passed", 3)
    assert step.response == {**result, "failed": []}
    assert [len(sent.get("Entries") or sent["Records"]) for _, sent in aws.scripted.calls] == [3, 1, 1]
