"""What a message in a tap's queue says, out of the envelopes that EventBridge, SNS and SQS put around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
        attributes = {name: each.get("Value") for name, each in body.get("MessageAttributes", {}).items()}
        said = {"message": _parsed(body.get("Message", "")), "subject": body.get("Subject"), "attributes": attributes}
        return body["MessageId"], said
    values = message.get("MessageAttributes", {}).items()
    return message["MessageId"], {"body": body, "attributes": {name: each.get("StringValue") for name, each in values}}


def is_probe(message: Json) -> bool:
    """Whether it is an event by which a tap proves that it hears."""
    return isinstance(message, Mapping) and message.get("source") == PROBE


def _parsed(text: str) -> Json:
    try:
        return loads(text)
    except ValueError:
        return text
