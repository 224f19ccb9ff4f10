"""Requests of the SQS client, and its messages as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from awsit.actions.documents import binary, from_text, iso_time, message_attributes, to_text
from awsit.actions.sqs.params import SqsMessage, SqsParams
from awsit.model.json import Json, loads

Request = dict[str, Any]

_SYSTEM_ATTRIBUTES = {
    "group_id": "MessageGroupId",
    "deduplication_id": "MessageDeduplicationId",
    "sequence_number": "SequenceNumber",
}


def message_request(message: SqsParams | SqsMessage, where: str) -> Request:
    """A message, of `SendMessage` or an entry of a batch. Raises ActionError of kind validation."""
    named = {
        "DelaySeconds": message.delay_seconds,
        "MessageGroupId": message.group_id,
        "MessageDeduplicationId": message.deduplication_id,
    }
    attributes = message_attributes(message.attributes)
    request: Request = {"MessageBody": to_text(message.body, where)}
    request |= {"MessageAttributes": attributes} if attributes else {}
    return request | {name: value for name, value in named.items() if value is not None}


def receive_request(params: SqsParams) -> Request:
    """For `receive`, and for `look`, after which everybody still sees the messages."""
    visibility = 0 if params.operation == "look" else params.visibility_timeout_seconds
    request: Request = {
        "MaxNumberOfMessages": params.max_messages,
        "WaitTimeSeconds": params.wait_seconds,
        "MessageSystemAttributeNames": ["All"],
        "MessageAttributeNames": ["All"],
    }
    return request if visibility is None else request | {"VisibilityTimeout": visibility}


def received(message: Mapping[str, Any]) -> dict[str, Json]:
    """A message that was received, its body parsed where that is a list or mapping in JSON."""
    system = message.get("Attributes", {})
    return {
        "message_id": message["MessageId"],
        "body": from_text(message.get("Body", "")),
        "attributes": {name: _value(each) for name, each in message.get("MessageAttributes", {}).items()},
        "receive_count": int(system.get("ApproximateReceiveCount", 0)),
        "sent_at": _time(system.get("SentTimestamp")),
        **{name: system.get(theirs) for name, theirs in _SYSTEM_ATTRIBUTES.items()},
        "receipt_handle": message["ReceiptHandle"],
    }


def queue_attributes(attributes: Mapping[str, str]) -> dict[str, Json]:
    """The attributes of a queue by their names in AWS: numbers, booleans and policies as such, all else as text."""
    return {name: _document(value) for name, value in attributes.items()}


def _value(attribute: Mapping[str, Any]) -> Json:
    if "BinaryValue" in attribute:
        return binary(attribute["BinaryValue"])
    text: str = attribute.get("StringValue", "")
    return _document(text) if attribute.get("DataType", "").startswith("Number") else text


def _document(text: str) -> Json:
    try:
        return loads(text)
    except ValueError:
        return text


def _time(milliseconds: str | None) -> str | None:
    if milliseconds is None:
        return None
    return iso_time(datetime.fromtimestamp(int(milliseconds) / 1000, UTC))
