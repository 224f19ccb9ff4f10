"""What the SDK repeats of a call: in a scenario, only what leaves the same state and gives the same answer twice.

botocore repeats any call that had no answer, or a 500. An `ADD` is then added twice, and a conditional write that
succeeded is refused the second time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from contextvars import ContextVar
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING, Any

from awsit.aws.client import errors
from awsit.errors import AwsitError, Effect
from awsit.model.http import Repeat, Sending
from awsit.patterns import lazy_pattern
from awsit.records import replace
from awsit.system.variable_block import VariableBlock

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

_scope: ContextVar[Sending | None] = ContextVar("awsit_sending", default=None)

_IS_SAFE, _BEGAN, _LAST = "awsit_is_safe", "awsit_began", "awsit_last"

_READS = lazy_pattern(
    r"(Get|List|Describe|Head|Query|Scan|BatchGet|Search|Lookup|Filter|Validate|Simulate|Estimate)(?=[A-Z0-9]|$)"
)
_UNCONDITIONAL = ("ConditionExpression", "Expected", "IfMatch", "IfNoneMatch")


def _is_unconditional(params: Mapping[str, Any]) -> bool:
    """Whether nothing is compared before the write, and nothing of what stood there is returned."""
    return not any(name in params for name in _UNCONDITIONAL) and params.get("ReturnValues", "NONE") == "NONE"


def _always(_: Mapping[str, Any]) -> bool:
    return True


def _is_deduplicated(params: Mapping[str, Any]) -> bool:
    return "MessageDeduplicationId" in params


def _are_deduplicated(params: Mapping[str, Any]) -> bool:
    return all(map(_is_deduplicated, params["Entries"]))


_SAFE_WRITES: Mapping[str, Mapping[str, Callable[[Mapping[str, Any]], bool]]] = {
    "dynamodb": {"PutItem": _is_unconditional, "DeleteItem": _is_unconditional, "BatchWriteItem": _always},
    "s3": {
        "PutObject": _is_unconditional,
        "UploadPart": _always,
        "CopyObject": _is_unconditional,
        "DeleteObject": _is_unconditional,
        "DeleteObjects": _always,
    },
    "sqs": {
        "CreateQueue": _always,
        "DeleteMessage": _always,
        "SetQueueAttributes": _always,
        "SendMessage": _is_deduplicated,
        "SendMessageBatch": _are_deduplicated,
    },
    "sns": {"CreateTopic": _always, "Subscribe": _always, "Publish": _is_deduplicated},
    "events": {"PutRule": _always, "PutTargets": _always, "RemoveTargets": _always},
}
"""Writes that are documented to be idempotent, by service and operation, if their params are so, too.

Sources: the API references of the services, each operation's page; of DynamoDB, "Working with items" (a write replaces
or removes the whole item); of SQS and SNS, "Message deduplication ID"; of S3, "Amazon S3 data consistency model".
"""


def sent_once(note: Callable[[Repeat], None]) -> AbstractContextManager[Sending]:
    """Have the calls of the block repeated only where that is safe; `note` gets each request that was repeated."""
    return VariableBlock(_scope, Sending(note))


def watch_repeats(client: Any) -> None:
    """Make a botocore client keep to `sent_once`."""
    events = client.meta.events
    events.register("before-parameter-build.*.*", _judge)
    events.register("request-created.*.*", _begin)
    events.register_first("needs-retry.*.*", _give_up_unless_safe)


def is_safe(operation: Any, params: Mapping[str, Any]) -> bool:
    """Whether a call leaves the same state and gives the same answer however often it is carried out.

    That is a read; an operation with an idempotency token, which botocore adds where a call has none, the same for each
    repetition; or a write that is documented so.
    """
    if operation.idempotent_members or operation.http.get("method") in {"GET", "HEAD"} or _READS.match(operation.name):
        return True
    safe = _SAFE_WRITES.get(operation.service_model.service_name, {}).get(operation.name)
    return safe is not None and safe(params)


def _judge(params: Mapping[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
    context[_IS_SAFE] = is_safe(model, params)


def _begin(request: Any, **_: Any) -> None:
    request.context[_BEGAN] = monotonic()


def _give_up_unless_safe(
    operation: Any, response: Any, caught_exception: Any, request_dict: Mapping[str, Any], **_: Any
) -> None:
    """Raise what a request ended with where the SDK might repeat it, and it may have been carried out already."""
    sending, context = _scope.get(), request_dict["context"]
    if sending is None:
        return
    began: float = context.get(_BEGAN, monotonic())
    last: Repeat | None = context.pop(_LAST, None)
    if last is not None:
        sending.note(replace(last, delay_seconds=max(0.0, began - last.started - last.seconds)))
    failure = caught_exception or _refusal(operation, response)
    effect = Effect.DONE if failure is None else errors.effect_of(failure)
    if not context.get(_IS_SAFE):
        sending.is_unsafe = sending.is_unsafe or effect is not Effect.NONE
        if failure is not None and effect is Effect.UNKNOWN:
            raise failure
    if failure is not None:
        error = errors.translate(failure)
        code = error.code if isinstance(error, AwsitError) else ""
        context[_LAST] = Repeat(began, monotonic() - began, str(error), effect, code=code)


def _refusal(operation: Any, response: Any) -> ClientError | None:
    """The error of a response; a redirect, such as S3's to the region of a bucket, is none."""
    from botocore.exceptions import ClientError

    http_response, parsed = response
    is_refused = http_response.status_code >= HTTPStatus.BAD_REQUEST
    return ClientError(parsed, operation.name) if is_refused else None
