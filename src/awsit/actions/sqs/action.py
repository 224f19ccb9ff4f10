"""`sqs`: send, receive and count the messages of a queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from awsit.actions.aws_errors import calling
from awsit.actions.batches import EntryBatch, RefusedEntry, with_refusals
from awsit.actions.expected_error import expecting
from awsit.actions.sqs.forecast import required_permissions, summary_of
from awsit.actions.sqs.params import SqsMessage, SqsParams
from awsit.actions.sqs.queues import name_in, queue_url
from awsit.actions.sqs.requests import message_request, queue_attributes, receive_request, received
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.evidence import Traffic
from awsit.model.json import Json
from awsit.model.permissions import AwsLocation, RequiredPermissions

_READS = frozenset({"attributes", "depth"})
_COUNTS = {
    "visible": "ApproximateNumberOfMessages",
    "in_flight": "ApproximateNumberOfMessagesNotVisible",
    "delayed": "ApproximateNumberOfMessagesDelayed",
}


class SqsAction:
    """One operation on one queue of SQS, with JSON or text as the bodies of messages."""

    type = "sqs"
    params_model = SqsParams
    resource_kind = "queue"
    not_found_means_gone = False
    """What SQS does not find is the queue."""
    carries_trace = True

    def execute(self, params: SqsParams, context_data: ActionContext) -> ActionResult:
        """Carry out the operation.

        Result: `{message_id, sequence_number}` of `send`; `{sent: [{index, message_id, sequence_number}], failed:
        [{index, code, message}]}` of `send_batch`, which fails when a message was refused; `{messages: [{message_id,
        body, attributes, receive_count, sent_at, group_id, deduplication_id, sequence_number, receipt_handle}], count}`
        of `receive` and `look`; `{attributes}` of `attributes`; `{visible, in_flight, delayed, dead_letter_queue,
        max_receive_count}` of `depth`; `{}` of `purge`. An expected error is `{error: {code, message}}`.
        Raises ActionError when the operation could not be carried out.
        """
        request: Json = params.model_dump(exclude_unset=True, exclude_none=True)
        operation = f"{params.operation} on queue {params.queue}"

        def call() -> ActionResult:
            url = queue_url(context_data.aws, params.queue)
            with calling(context_data.aws, operation):
                queue = _Queue(context_data.aws.client("sqs"), url, request, context_data.kept.own)
                return _OPERATIONS[params.operation](params, queue)

        return expecting(operation, params.expect_error, request, call)

    def is_safe_to_repeat(self, params: SqsParams) -> bool:
        """Whether it only reads, or SQS drops the second message: those of FIFO queues within 5 minutes."""
        sent: Sequence[SqsMessage | SqsParams] = params.messages or [params]
        return self.only_reads(params) or all(each.deduplication_id is not None for each in sent)

    def only_reads(self, params: SqsParams) -> bool:
        """Whether it reads attributes; to receive hides messages from others, and to look raises receive counts."""
        return params.operation in _READS

    def uses_aws(self, _params: PlannedParams) -> bool:
        """Always."""
        return True

    def permissions(self, params: PlannedParams, location: AwsLocation) -> RequiredPermissions:
        """The permissions for the operation on the queue."""
        return required_permissions(params, location)

    def traffic(self, request: Mapping[str, Json]) -> Traffic:
        """The queue that it received from, or looked into."""
        is_read = request.get("operation") in {"receive", "look"}
        return Traffic(queues=(name_in(str(request["queue"])),)) if is_read else Traffic()

    def summary(self, params: PlannedParams) -> Summary:
        """The operation and its queue."""
        return summary_of(params)


ACTION = SqsAction()


class _Queue:
    """A queue to call, the request that reports show of the call, and what the step has kept."""

    def __init__(self, client: Any, url: str, request: Json, kept: Json) -> None:
        self.client = client
        self.url = url
        self.request = request
        self.kept = kept

    def attributes(self, names: Sequence[str]) -> dict[str, Json]:
        response = self.client.get_queue_attributes(QueueUrl=self.url, AttributeNames=list(names))
        return queue_attributes(response["Attributes"])


def _send(params: SqsParams, queue: _Queue) -> ActionResult:
    response = queue.client.send_message(QueueUrl=queue.url, **message_request(params, "body"))
    return ActionResult(_sent(response), request=queue.request)


def _send_batch(params: SqsParams, queue: _Queue) -> ActionResult:
    messages = params.messages or []
    batch = EntryBatch("SendMessageBatch", messages, queue.kept)
    entries = [
        {"Id": str(index), **message_request(messages[index], f"messages[{index}].body")} for index in batch.to_send
    ]
    response = queue.client.send_message_batch(QueueUrl=queue.url, Entries=entries)
    answers = {int(each["Id"]): _sent(each) for each in response.get("Successful", [])}
    return batch.result(answers, _refused(response), _all_sent, queue.request)


def _all_sent(taken: Mapping[int, Json]) -> dict[str, Json]:
    return {"sent": [{"index": index, **answer} for index, answer in taken.items()]}


def _receive(params: SqsParams, queue: _Queue) -> ActionResult:
    response = queue.client.receive_message(QueueUrl=queue.url, **receive_request(params))
    messages = [received(each) for each in response.get("Messages", [])]
    result = {"messages": messages, "count": len(messages)}
    if not params.delete or not messages:
        return ActionResult(result, request=queue.request)
    entries = [{"Id": str(index), "ReceiptHandle": each["receipt_handle"]} for index, each in enumerate(messages)]
    deleted = queue.client.delete_message_batch(QueueUrl=queue.url, Entries=entries)
    return with_refusals("DeleteMessageBatch", result, _refused(deleted), len(entries), queue.request)


def _purge(_params: SqsParams, queue: _Queue) -> ActionResult:
    queue.client.purge_queue(QueueUrl=queue.url)
    return ActionResult({}, request=queue.request)


def _attributes(_params: SqsParams, queue: _Queue) -> ActionResult:
    return ActionResult({"attributes": queue.attributes(["All"])}, request=queue.request)


def _depth(_params: SqsParams, queue: _Queue) -> ActionResult:
    attributes = queue.attributes([*_COUNTS.values(), "RedrivePolicy"])
    redrive = attributes.get("RedrivePolicy") or {}
    result = {name: attributes.get(theirs, 0) for name, theirs in _COUNTS.items()}
    result |= {
        "dead_letter_queue": redrive.get("deadLetterTargetArn"),
        "max_receive_count": int(redrive["maxReceiveCount"]) if "maxReceiveCount" in redrive else None,
    }
    return ActionResult(result, request=queue.request)


_OPERATIONS: dict[str, Callable[[SqsParams, _Queue], ActionResult]] = {
    "send": _send,
    "send_batch": _send_batch,
    "receive": _receive,
    "look": _receive,
    "purge": _purge,
    "attributes": _attributes,
    "depth": _depth,
}


def _sent(response: Any) -> dict[str, Json]:
    return {"message_id": response["MessageId"], "sequence_number": response.get("SequenceNumber")}


def _refused(response: Any) -> list[RefusedEntry]:
    return [RefusedEntry(int(each["Id"]), each["Code"], each.get("Message", "")) for each in response.get("Failed", [])]
