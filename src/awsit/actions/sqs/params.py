"""What an `sqs` action takes, and which param belongs to which operation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from awsit.actions.always_refused import Place, empty_message, own_delay, wrong_order
from awsit.actions.expected_error import EXPECT_ERROR, ExpectedError, misspelt_codes
from awsit.actions.operations import Takes, check_operation
from awsit.actions.params import MessageAttribute, Params
from awsit.validation.errors import Finding, findings

LARGEST_BATCH = 10
"""Messages of one call (SQS API Reference, "SendMessageBatch" and "ReceiveMessage")."""
_ARN_PARTS = 6

Operation = Literal["send", "send_batch", "receive", "look", "purge", "attributes", "depth"]


def _queue(value: str) -> str:
    if value.startswith("arn:") and len(value.split(":")) != _ARN_PARTS:
        raise ValueError("must be the queue's URL, its name, or an ARN such as arn:aws:sqs:REGION:ACCOUNT:NAME")
    return value


Queue = Annotated[str, AfterValidator(_queue)]


class SqsMessage(Params):
    """One message of `send_batch`."""

    body: Any = Field(description="Text, sent as it is; anything else is sent as JSON.")
    attributes: dict[str, MessageAttribute] = Field(
        default_factory=dict, description="Message attributes: text, numbers or `{$base64: ...}`."
    )
    delay_seconds: int | None = Field(default=None, ge=0, le=900, description="Seconds until it can be received.")
    group_id: str | None = Field(default=None, description="Message group, in which FIFO queues keep the order.")
    deduplication_id: str | None = Field(
        default=None, description="FIFO queues take a second message with this ID, within 5 minutes, and drop it."
    )


_MESSAGE = frozenset({"attributes", "delay_seconds", "group_id", "deduplication_id"})
TAKES = {
    "send": Takes(frozenset({"body"}), _MESSAGE),
    "send_batch": Takes(frozenset({"messages"})),
    "receive": Takes(more=frozenset({"max_messages", "wait_seconds", "visibility_timeout_seconds", "delete"})),
    "look": Takes(more=frozenset({"max_messages", "wait_seconds"})),
    "purge": Takes(),
    "attributes": Takes(),
    "depth": Takes(),
}


class SqsParams(Params):
    """Params of `sqs`. Bodies are JSON or text."""

    operation: Operation = Field(description="What to do.")
    queue: Queue = Field(min_length=1, description="URL, name or ARN of the queue.", examples=["orders.fifo"])
    body: Any = Field(default=None, description="`send`: text, sent as it is; anything else is sent as JSON.")
    attributes: dict[str, MessageAttribute] = Field(
        default_factory=dict,
        description="`send`: message attributes: text, numbers or `{$base64: ...}`.",
        examples=[{"tenant": "a"}],
    )
    delay_seconds: int | None = Field(
        default=None, ge=0, le=900, description="`send`: seconds until the message can be received."
    )
    group_id: str | None = Field(
        default=None, description="`send`: message group, in which FIFO queues keep the order."
    )
    deduplication_id: str | None = Field(
        default=None,
        description="`send`: FIFO queues take a second message with this ID, within 5 minutes, and drop it; "
        "lets a run go on after a lost answer.",
    )
    messages: list[SqsMessage] | None = Field(
        default=None, min_length=1, max_length=LARGEST_BATCH, description="`send_batch`: 1 to 10 messages."
    )
    max_messages: int = Field(
        default=LARGEST_BATCH, ge=1, le=LARGEST_BATCH, description="`receive`, `look`: messages at most."
    )
    wait_seconds: int = Field(
        default=1,
        ge=0,
        le=20,
        description="`receive`, `look`: how long to wait for a first message. 0 asks only some "
        "of the servers, and may miss messages that are there.",
    )
    visibility_timeout_seconds: int | None = Field(
        default=None,
        ge=0,
        le=43_200,
        description="`receive`: seconds for which nobody else receives the messages; default: the queue's own.",
    )
    delete: bool = Field(default=False, description="`receive`: delete the messages that were received.")
    expect_error: ExpectedError | None = EXPECT_ERROR

    @model_validator(mode="after")
    def _fits_operation(self) -> Self:
        check_operation(self, self.operation, TAKES, "queue")
        wrong = misspelt_codes("sqs", self.expect_error) if self.expect_error else self._always_refused()
        if found := list(wrong):
            raise findings(found)
        return self

    def _always_refused(self) -> Iterator[Finding]:
        """What no queue takes; a scenario that expects an error may be about just that."""
        sent: list[tuple[Place, SqsParams | SqsMessage]] = [((), self)] if self.operation == "send" else []
        sent += [(("messages", index), message) for index, message in enumerate(self.messages or ())]
        for at, message in sent:
            yield from empty_message(message.body, message.attributes, (*at, "body"), (*at, "attributes"))
            yield from wrong_order(self.queue, "queue", message, at, ("queue",))
            yield from own_delay(self.queue, message.delay_seconds, at)
