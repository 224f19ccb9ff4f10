"""The subscription of a tap to an SNS topic."""

from __future__ import annotations

from collections.abc import Iterator

from awsit.actions.aws_errors import calling
from awsit.model.action.call import ActionContext
from awsit.model.json import Json, dumps


def subscribe(topic: str, policy: Json, queue_arn: str, context_data: ActionContext) -> None:
    """Subscribe the queue; SNS gives an endpoint that is subscribed already the subscription that it has."""
    attributes = {"FilterPolicy": dumps(policy)} if policy else {}
    with calling(context_data.aws, f"subscribe to topic {topic}"):
        context_data.aws.client("sns").subscribe(
            TopicArn=topic, Protocol="sqs", Endpoint=queue_arn, Attributes=attributes, ReturnSubscriptionArn=True
        )


def unsubscribe(topic: str, queue_arn: str, context_data: ActionContext) -> None:
    """End the subscription of the queue, which is found by its ARN: a run may end before it learns the subscription's.

    One that is not there is none to end.
    """
    with calling(context_data.aws, f"unsubscribe from topic {topic}"):
        for subscription in _subscriptions(topic, context_data):
            if subscription["Endpoint"] == queue_arn:
                context_data.aws.client("sns").unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])


def _subscriptions(topic: str, context_data: ActionContext) -> Iterator[dict[str, str]]:
    pages = context_data.aws.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    for page in pages:
        yield from page["Subscriptions"]
