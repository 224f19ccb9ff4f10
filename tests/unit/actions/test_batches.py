from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from awsit.actions.batches import RefusedEntry, batch_result, require_all, with_refusals
from awsit.aws.client import errors
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.model.ports import ActionResult

THROTTLED = RefusedEntry(1, "ThrottlingException", "slow down")


def test_a_batch_that_was_taken_in_part_fails_and_tells_which_part() -> None:
    done = batch_result("PutEvents", {"event_ids": ["a", None]}, [THROTTLED], 2, {"bus": "orders"})

    assert done.result == {
        "event_ids": ["a", None],
        "failed": [{"index": 1, "code": "ThrottlingException", "message": "slow down"}],
    }
    assert done.failure == "PutEvents: 1 of 2 entries were refused: [1] ThrottlingException: slow down"
    assert (done.failure_code, done.effect) == ("ThrottlingException", Effect.DONE)


def test_a_batch_that_was_taken_whole_passes() -> None:
    assert batch_result("PutEvents", {}, [], 1, None) == ActionResult({"failed": []})


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
        batch_result("PutEvents", {}, [RefusedEntry(0, code, "no")], 1, None)

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

    assert batch_result("PutEvents", {}, refused, len(codes) + 1, None).failure_kind == kind
