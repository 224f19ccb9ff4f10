"""What `plan` says of an `sqs` action: the operation and its queue, and the IAM permissions for it."""

from __future__ import annotations

from collections.abc import Mapping

from awsit.actions.sqs.queues import is_surely_url, queue_arn
from awsit.expressions.values import as_text
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.permissions import ANY, AwsLocation, Permission, RequiredPermissions

IAM_ACTIONS: Mapping[str, str] = {
    "send": "sqs:SendMessage",
    "send_batch": "sqs:SendMessage",
    "receive": "sqs:ReceiveMessage",
    "look": "sqs:ReceiveMessage",
    "purge": "sqs:PurgeQueue",
    "attributes": "sqs:GetQueueAttributes",
    "depth": "sqs:GetQueueAttributes",
}
"""The IAM action of each operation (Service Authorization Reference, list_amazonsqs.html)."""

_WORDS: Mapping[str, str] = {
    "send": "send to {}",
    "send_batch": "send several to {}",
    "receive": "receive from {}",
    "look": "look into {} (raises the receive count)",
    "purge": "purge {}",
    "attributes": "attributes of {}",
    "depth": "depth of {}",
}


def required_permissions(params: PlannedParams, location: AwsLocation) -> RequiredPermissions:
    """The permissions for the operation, and to find the queue's URL by its name."""
    action = IAM_ACTIONS.get(str(params.get("operation")))
    if action is None:
        return RequiredPermissions(unknown="the `operation` of an `sqs` action is a template")
    queue = str(params.get("queue", ANY))
    actions = [action]
    if params.get("delete"):
        actions.append("sqs:DeleteMessage")
    if not is_surely_url(queue):
        actions.append("sqs:GetQueueUrl")
    return RequiredPermissions(tuple(Permission(each, queue_arn(queue, location)) for each in actions))


def summary_of(params: PlannedParams) -> Summary:
    """The operation and its queue."""
    queue = as_text(params.get("queue"))
    operation = as_text(params.get("operation"))
    return Summary(_WORDS.get(operation, f"{operation} on {{}}").replace("{}", queue), queue)
