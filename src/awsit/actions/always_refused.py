"""Values that a service refuses in every call that has them, most of them because they are empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any, Protocol

from awsit.actions.documents import is_binary, to_bytes
from awsit.errors import ActionError
from awsit.expressions.templates.segments import holds_template
from awsit.model.text.paths import child_path
from awsit.validation.errors import Finding

Place = tuple[int | str, ...]
"""Where a value stands in the params."""

_FIFO = ".fifo"
_NOT_SENT = "leave it out: null is not sent either"


def empty_value(value: Any, at: Place, hint: str) -> Iterator[Finding]:
    """What is wrong with an empty text, list or mapping; null is none of them."""
    if isinstance(value, str | list | Mapping) and not value:
        yield Finding(f"`{reduce(child_path, at, '')}` must not be empty", at, hint)


def broken_base64(value: Any, at: Place) -> Iterator[Finding]:
    """What is wrong with `{$base64: ...}` of which no bytes can be made."""
    if not is_binary(value) or holds_template(value):
        return
    try:
        to_bytes(value, reduce(child_path, at, ""))
    except ActionError as error:
        yield Finding(error.message, at, "encode it, with the filter b64encode for one")


def empty_message(body: Any, attributes: Mapping[str, Any], body_at: Place, attributes_at: Place) -> Iterator[Finding]:
    """What SQS and SNS never take: a body without a character, and an attribute without name or value.

    Sources: "SendMessage" (minimum size of `MessageBody`) and "MessageAttributeValue" in the SQS API Reference, and
    "Publish" in the SNS API Reference.
    """
    if body == "":
        yield from empty_value(body, body_at, "a message has at least one character")
    for name, value in attributes.items():
        if not name:
            yield Finding("an attribute of a message needs a name", (*attributes_at, name), "give it one")
        yield from empty_value(_content(value), (*attributes_at, name), _NOT_SENT)
        yield from broken_base64(value, (*attributes_at, name))


class Ordered(Protocol):
    """A message, with what only some queues and topics take."""

    @property
    def group_id(self) -> str | None:
        """Its message group."""

    @property
    def deduplication_id(self) -> str | None:
        """By which a second one is dropped."""


def wrong_order(name: str, what: str, message: Ordered, at: Place, name_at: Place) -> Iterator[Finding]:
    """What a FIFO queue or topic (`what`) never takes, or one that is none, as far as its name is known.

    Sources: "SendMessage" in the SQS API Reference and "Publish" in the SNS API Reference (`MessageGroupId`,
    `MessageDeduplicationId`); the name of a FIFO one ends with `.fifo`.
    """
    if name.endswith(_FIFO):
        if message.group_id is None:
            yield Finding(
                f"a FIFO {what} takes no message without `group_id`", at or name_at, "give it, as in `group_id: a`"
            )
    elif message.deduplication_id is not None and not holds_template(name):
        hint = f"leave it out, or name a {what} that ends with {_FIFO}"
        yield Finding(f"only a FIFO {what} takes a `deduplication_id`", (*at, "deduplication_id"), hint)


def own_delay(name: str, seconds: int | None, at: Place) -> Iterator[Finding]:
    """What is wrong with the delay of one message to a FIFO queue (SQS API Reference, "SendMessage")."""
    if seconds and name.endswith(_FIFO):
        hint = "leave it out: a FIFO queue has a delay of its own, `DelaySeconds`"
        yield Finding("a FIFO queue delays no message by itself", (*at, "delay_seconds"), hint)


def impossible_pattern(pattern: Mapping[str, Any], at: Place) -> Iterator[Finding]:
    """What is wrong with fields of an event pattern that are empty, or a single value that stands in no list.

    Source: EventBridge's own compiler of patterns, https://github.com/aws/event-ruler, `RuleCompiler.parseObject`.
    """
    for name, value in pattern.items():
        place = (*at, name)
        if isinstance(value, Mapping | list):
            yield from empty_value(value, place, "leave it out, or write what the field may be: `[a, b]`")
        elif not holds_template(value):
            yield Finding(f"`{name}` of an event pattern must be a list or a mapping", place, "put it in brackets")
        if isinstance(value, Mapping):
            yield from impossible_pattern(value, place)
        elif name == "$or" and isinstance(value, list):
            for index, each in enumerate(value):
                yield from impossible_pattern(each, (*place, index)) if isinstance(each, Mapping) else ()


def _content(value: Any) -> Any:
    """The text or base64 of an attribute; what is sent as JSON is not empty."""
    if is_binary(value):
        return next(iter(value.values()))
    return value if isinstance(value, str) else None
