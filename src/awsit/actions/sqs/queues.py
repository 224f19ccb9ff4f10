"""The address of a queue, from its URL, name or ARN."""

from __future__ import annotations

from urllib.parse import urlsplit

from awsit.actions.arns import arn_pattern
from awsit.actions.aws_errors import calling
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.model.permissions import AwsLocation
from awsit.model.ports import Aws

_URLS = ("https://", "http://")


def queue_url(aws: Aws, queue: str) -> str:
    """The queue's URL. Raises ActionError, after which nothing was done."""
    if queue.startswith(_URLS):
        return queue
    named = {"QueueName": queue}
    if queue.startswith("arn:"):
        _, _, _, region, account, name = queue.split(":")
        if region != aws.region:
            raise ActionError(
                f"queue {name} is in {region}, and this run in {aws.region}",
                kind=ErrorKind.VALIDATION,
                hint=f"run in the queue's region, or say `at: {{region: {region}}}`",
            )
        named = {"QueueName": name, "QueueOwnerAWSAccountId": account}
    try:
        with calling(aws, f"find queue {queue}"):
            return str(aws.client("sqs").get_queue_url(**named)["QueueUrl"])
    except ActionError as error:
        error.with_effect(Effect.NONE)
        raise


def name_in(queue: str) -> str:
    """The name in the URL, name or ARN of a queue."""
    return queue.rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def is_surely_url(queue: str) -> bool:
    """Whether the params name a URL, which needs no look-up; a template may bring one, or a name."""
    return queue.startswith(_URLS)


def queue_arn(queue: str, location: AwsLocation) -> str:
    """The ARN of a queue, as far as its URL, name or ARN are known before the run.

    A URL ends with the account and the name (SQS developer guide, "Queue and message identifiers").
    """
    known = arn_pattern(queue)
    if known.startswith("arn:"):
        return known
    if not known.startswith(_URLS):
        return location.arn("sqs", known)
    *_, account, name = ["", *urlsplit(known).path.split("/")]
    return AwsLocation(location.partition, location.region, account or location.account).arn("sqs", name)
