"""The queue of a tap: made for one run, admits one source, and is read so that nothing is lost or comes twice."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from msgspec import Struct, field

from awsit.actions.aws_errors import calling, more_than_a_look
from awsit.actions.taps.envelopes import is_probe, read_message
from awsit.actions.taps.tap import LONGEST_QUEUE, Tap, resource_name
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.model.action.call import ActionContext
from awsit.model.json import Json, dumps, loads

RETENTION_SECONDS = 86_400
"""How long the queue holds a message: as long as a run may take."""
VISIBILITY_SECONDS = 10
"""After so long a message comes again. One that was stored meanwhile is deleted then; one that was not is not lost."""
AGAIN_SECONDS = VISIBILITY_SECONDS + 1.0
"""After so long a message comes again for certain: SQS counts whole seconds."""
USABLE_AFTER_SECONDS, USABLE_WITHIN_SECONDS = 1.0, 10.0
"""How soon a queue that was just made may be found, and after how long it is taken not to be there."""
AT_ONCE = 10
"""Messages of one ReceiveMessage or DeleteMessageBatch (Amazon SQS API Reference)."""


class Batch(Struct):
    """What one look brought: new messages by ID, and whether a probe was among the others.

    `unheard` says why more may be there, which a later look hears; None when all was read.
    """

    messages: dict[str, Json] = field(default_factory=dict)
    has_probe: bool = False
    unheard: ActionError | None = None


def create_queue(policy: str, context_data: ActionContext) -> str:
    """Create the queue of the step's tap, or find it again. Returns its URL.

    The policy that it has from the beginning holds as soon as it is usable; one that it got later would hold after up
    to a minute, and what SQS denies to SNS or EventBridge meanwhile is lost (Amazon SQS API Reference,
    "SetQueueAttributes").
    """
    name = resource_name(context_data.run_id, context_data.step, LONGEST_QUEUE)
    attributes = {"MessageRetentionPeriod": str(RETENTION_SECONDS), "SqsManagedSseEnabled": "true", "Policy": policy}
    with calling(context_data.aws, f"create queue {name}"):
        answer = context_data.aws.client("sqs").create_queue(
            QueueName=name, Attributes=attributes, tags=tags(context_data)
        )
        return str(answer["QueueUrl"])


def arn_before(context_data: ActionContext) -> str:
    """The ARN that the queue of the step's tap has, or will have."""
    with calling(context_data.aws, "find out which account this is"):
        caller = context_data.aws.client("sts").get_caller_identity()
    partition, account = caller["Arn"].split(":")[1], caller["Account"]
    name = resource_name(context_data.run_id, context_data.step, LONGEST_QUEUE)
    return f"arn:{partition}:sqs:{context_data.aws.region}:{account}:{name}"


def tags(context_data: ActionContext) -> dict[str, str]:
    """The tags of what a run makes."""
    return {"awsit:run": context_data.run_id}


def policy_for(queue_arn: str, service: str, source_arn: str) -> str:
    """The policy that lets this rule or topic send to the queue, and nothing else."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": source_arn}},
    }
    return dumps({"Version": "2012-10-17", "Statement": [statement]})


def refuse_dead_letters(queue_url: str, context_data: ActionContext) -> None:
    """Refuse to look into a queue whose messages go to another one when they are received too often.

    A look is a receive to SQS, whatever its visibility time-out. Raises ActionError of kind validation.
    """
    with calling(context_data.aws, f"read the attributes of queue {queue_url}"):
        answer = context_data.aws.client("sqs").get_queue_attributes(
            QueueUrl=queue_url, AttributeNames=["RedrivePolicy"]
        )
    policy = answer.get("Attributes", {}).get("RedrivePolicy")
    if policy:
        most = loads(policy).get("maxReceiveCount")
        raise ActionError(
            f"each look into queue {queue_url} counts as a receive, and after {most} its messages are dead letters",
            kind=ErrorKind.VALIDATION,
            hint="listen to the topic or the bus that fills the queue; or `take: true`, then its consumer lacks them",
        )


def receive(tap: Tap, known: Container[str], wait: float, context_data: ActionContext) -> Batch:
    """Look into the queue until it is empty, at first for `wait` seconds; `known` are the IDs of what is stored.

    What is new stays in a queue of the run until a later look finds it stored. So a look ends before what it has
    received comes again: of a queue that fills as fast as it is read, the next looks delete that.
    """
    batch, seconds = Batch(), max(0, min(int(wait), int(context_data.timeout_seconds / 2)))
    ends = context_data.clock.monotonic() + min(context_data.timeout_seconds / 2, seconds + VISIBILITY_SECONDS / 2)
    while True:
        messages, before = _receive_once(tap, seconds, context_data), len(batch.messages)
        _delete(tap, [each["ReceiptHandle"] for each in messages if _is_done(tap, each, known, batch)], context_data)
        is_stuck = not tap.takes and len(batch.messages) == before
        if not messages or is_stuck:
            return batch
        if context_data.clock.monotonic() > ends:
            batch.unheard = more_than_a_look(f"queue {tap.queue_url}")
            return batch
        seconds = 0


def _receive_once(tap: Tap, seconds: int, context_data: ActionContext) -> list[Mapping[str, Any]]:
    """What one call brings; of a queue of the run it is repeated for a while where SQS does not find that yet.

    One whose answer was lost is repeated when what it may have taken comes again: until then the queue may look empty.
    Source: Amazon SQS API Reference, "CreateQueue": a queue can be used a second after it was made, at the earliest.
    """
    clock, client = context_data.clock, context_data.aws.client("sqs")
    patience = min(USABLE_WITHIN_SECONDS, context_data.timeout_seconds / 2) if tap.is_own else 0.0
    ends = clock.monotonic() + patience
    last_wait = clock.monotonic() + context_data.timeout_seconds - AGAIN_SECONDS - seconds
    while True:
        try:
            with calling(context_data.aws, f"receive from queue {tap.queue_url}"):
                answer = client.receive_message(
                    QueueUrl=tap.queue_url,
                    MaxNumberOfMessages=AT_ONCE,
                    WaitTimeSeconds=seconds,
                    VisibilityTimeout=VISIBILITY_SECONDS if tap.takes else 0,
                    MessageAttributeNames=["All"],
                )
                messages: list[Mapping[str, Any]] = answer.get("Messages", [])
                return messages
        except ActionError as error:
            is_lost = tap.takes and error.kind is ErrorKind.CONNECTION and error.effect is not Effect.NONE
            is_not_usable = error.kind is ErrorKind.NOT_FOUND
            if clock.monotonic() >= (last_wait if is_lost else ends) or not (is_lost or is_not_usable):
                raise
        clock.sleep(AGAIN_SECONDS if is_lost else USABLE_AFTER_SECONDS)


def _is_done(tap: Tap, message: Mapping[str, Any], known: Container[str], batch: Batch) -> bool:
    """Note a message; whether it may be deleted."""
    name, document = read_message(tap.kind, message)
    if is_probe(document):
        batch.has_probe = True
        return True
    if name in known:
        return True
    batch.messages.setdefault(name, document)
    return not tap.is_own


def _delete(tap: Tap, handles: list[str], context_data: ActionContext) -> None:
    if not tap.takes or not handles:
        return
    entries = [{"Id": str(number), "ReceiptHandle": handle} for number, handle in enumerate(handles)]
    with calling(context_data.aws, f"delete messages from queue {tap.queue_url}"):
        context_data.aws.client("sqs").delete_message_batch(QueueUrl=tap.queue_url, Entries=entries)
