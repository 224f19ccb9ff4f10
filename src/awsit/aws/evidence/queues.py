"""What queues know: messages in a dead-letter queue, and messages that nothing reads. None is received."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from awsit.aws.evidence.resources import StackResource
from awsit.diagnosis.inquiry import Inquiry
from awsit.model import json
from awsit.model.evidence import Evidence, EvidenceKind
from awsit.model.ports import Aws
from awsit.model.text.counts import count

_SQS_ARN = ":sqs:"
_ATTRIBUTES = ["QueueArn", "ApproximateNumberOfMessages", "RedrivePolicy"]


def waiting_messages(aws: Aws, resource: StackResource, inquiry: Inquiry) -> Iterator[Evidence]:
    """The messages of the queue's dead-letter queue, and those of a queue that no function reads."""
    attributes = aws.client("sqs").get_queue_attributes(QueueUrl=resource.physical_id, AttributeNames=_ATTRIBUTES)
    queue: dict[str, Any] = attributes["Attributes"]
    if "RedrivePolicy" in queue:
        target = json.loads(queue["RedrivePolicy"])["deadLetterTargetArn"]
        yield from dead_letters(aws, target, f"queue {resource.name}")
    waiting = int(queue["ApproximateNumberOfMessages"])
    is_read = resource.name in inquiry.received  # by the scenario: a queue of its own
    if waiting and not is_read and not _mappings(aws, queue["QueueArn"]):
        held = count(waiting, "message")
        text = f"{held} in it, and no event source mapping reads it: no function is called for them"
        yield Evidence(EvidenceKind.NO_CONSUMER, f"queue {resource.name}", text)


def dead_letters(aws: Aws, arn: str, owner: str) -> Iterator[Evidence]:
    """The messages in the dead-letter queue of `owner`, such as `queue orders`; nothing for the ARN of a topic."""
    if _SQS_ARN not in arn:
        return
    account, name = arn.split(":")[4:6]
    url = aws.client("sqs").get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)["QueueUrl"]
    attributes = aws.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=_ATTRIBUTES)["Attributes"]
    waiting = int(attributes["ApproximateNumberOfMessages"])
    if waiting:
        held = count(waiting, "message")
        text = f"{held} in this dead-letter queue of {owner}: what could not be processed ends here"
        yield Evidence(EvidenceKind.DEAD_LETTERS, f"queue {name}", text)


def _mappings(aws: Aws, arn: str) -> list[Any]:
    mappings: list[Any] = aws.client("lambda").list_event_source_mappings(EventSourceArn=arn)["EventSourceMappings"]
    return mappings
