"""The permissions of taps: what they make is bounded to names that begin with `awsit-`."""

from __future__ import annotations

from collections.abc import Iterator

from awsit.actions.arns import arn_pattern
from awsit.actions.logs.events import streams_arn
from awsit.actions.sqs.queues import is_surely_url, queue_arn
from awsit.actions.taps.event_rules import DEFAULT_BUS
from awsit.actions.taps.shards import is_of_table
from awsit.model.action.protocol import PlannedParams
from awsit.model.permissions import ANY, AwsLocation, Permission

OWN = f"awsit-{ANY}"
"""The names of what taps make."""
_OF_QUEUE = ("CreateQueue", "TagQueue", "ReceiveMessage", "DeleteMessage")


_OF_STREAM = {
    "kinesis": ("ListShards", "GetShardIterator", "GetRecords"),
    "dynamodb": ("DescribeStream", "GetShardIterator", "GetRecords"),
}


def of_listen(params: PlannedParams, location: AwsLocation) -> Iterator[Permission]:
    """What `listen` needs for its source, and what `receive` needs of a stream or log group, which it does not name."""
    if "stream" in params:
        yield from _of_stream(arn_pattern(str(params["stream"])), location)
        return
    if "log_group" in params:
        yield Permission("logs:FilterLogEvents", streams_arn(str(params["log_group"]), location))
        return
    if "queue" in params:
        queue = str(params["queue"])
        finding = () if is_surely_url(queue) else ("GetQueueUrl",)
        looking = () if params.get("take") else ("GetQueueAttributes",)
        taking = ("DeleteMessage",) if params.get("take") else ()
        yield from _each("sqs", (*finding, *looking, "ReceiveMessage", *taking), queue_arn(queue, location))
        return
    if "topic" in params:
        topic = arn_pattern(str(params["topic"]))
        yield Permission("sns:ListSubscriptionsByTopic" if "unsubscribe" in params else "sns:Subscribe", topic)
        if "unsubscribe" in params:
            yield Permission(
                "sns:Unsubscribe", ANY
            )  # IAM knows it on no resource (Service Authorization Reference, SNS)
    else:
        yield from _of_rule(params, location)
    if "unsubscribe" not in params:
        yield from _each("sqs", _OF_QUEUE, location.arn("sqs", OWN))


def of_receive(location: AwsLocation) -> Iterator[Permission]:
    """What `receive` needs of the queues of taps; of another queue, its `listen` has named it."""
    yield from _each("sqs", ("ReceiveMessage", "DeleteMessage"), location.arn("sqs", OWN))


def _of_stream(stream: str, location: AwsLocation) -> Iterator[Permission]:
    """Of a name that only the run knows, either may come of it: a data stream, or the ARN of a table's stream."""
    if stream.startswith("arn:"):
        service = "dynamodb" if is_of_table(stream) else "kinesis"
        yield from _each(service, _OF_STREAM[service], stream)
        return
    yield from _each("kinesis", _OF_STREAM["kinesis"], location.arn("kinesis", f"stream/{stream}"))
    if stream.startswith(ANY):
        yield from _each("dynamodb", _OF_STREAM["dynamodb"], location.arn("dynamodb", f"table/{ANY}/stream/{ANY}"))


def _of_rule(params: PlannedParams, location: AwsLocation) -> Iterator[Permission]:
    bus = arn_pattern(str(params.get("event_bus", DEFAULT_BUS)))
    name = bus.partition(":event-bus/")[2] if bus.startswith("arn:") else bus
    rule = location.arn("events", f"rule/{OWN}" if name == DEFAULT_BUS else f"rule/{name}/{OWN}")
    yield from _each("events", ("PutRule", "TagResource", "PutTargets"), rule)
    if params.get("ready_seconds") is None:
        yield Permission(
            "events:PutEvents", bus if bus.startswith("arn:") else location.arn("events", f"event-bus/{bus}")
        )
    if "bucket" in params:
        bucket = location.global_arn("s3", arn_pattern(str(params["bucket"])))
        yield Permission("s3:GetBucketNotification", bucket)


def _each(service: str, calls: tuple[str, ...], resource: str) -> Iterator[Permission]:
    return (Permission(f"{service}:{call}", resource) for call in calls)
