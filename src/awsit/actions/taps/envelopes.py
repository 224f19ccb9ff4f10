"""What a message in a tap's queue says, out of the envelopes that EventBridge, SNS and SQS put around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awsit.actions.documents import binary
from awsit.model.json import Json, loads

PROBE = "awsit.probe"
"""The source of the events by which a tap proves that it hears."""


def read_message(kind: str, message: Mapping[str, Any]) -> tuple[str, Json]:
    """The ID that stays the same however often it is delivered, and the message as `match` and paths see it.

    Of an event bus: the event. Of a topic: `{message, subject, attributes}`. Of a queue: `{body, attributes}`. What is
    JSON in a text is parsed. EventBridge and SNS may deliver twice, with two IDs of SQS: their own counts.
    """
    body = _parsed(message["Body"])
    if kind == "event_bus" and isinstance(body, Mapping) and isinstance(body.get("id"), str):
        return body["id"], body
    if kind == "topic" and isinstance(body, Mapping) and isinstance(body.get("MessageId"), str):
        given = body.get("MessageAttributes")
        values = given.items() if isinstance(given, Mapping) else ()
        attributes = {name: each.get("Value") for name, each in values if isinstance(each, Mapping)}
        said = {
            "message": _parsed(str(body.get("Message", ""))),
            "subject": body.get("Subject"),
            "attributes": attributes,
        }
        return body["MessageId"], said
    own = {name: _value(each) for name, each in message.get("MessageAttributes", {}).items()}
    return message["MessageId"], {"body": body, "attributes": own}


def is_probe(message: Json) -> bool:
    """Whether it is an event by which a tap proves that it hears."""
    return isinstance(message, Mapping) and message.get("source") == PROBE


def _value(attribute: Mapping[str, Any]) -> Json:
    if "BinaryValue" in attribute:
        return binary(attribute["BinaryValue"])
    return attribute.get("StringValue")


def _parsed(text: str) -> Json:
    try:
        return loads(text)
    except ValueError:
        return text
