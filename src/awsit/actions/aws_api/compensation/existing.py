"""Whether a creation would find what was there before, where no operation looks for the one thing by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from awsit.actions.aws_api.emptying import target_ids
from awsit.actions.aws_errors import calling
from awsit.errors import ActionError, ErrorKind
from awsit.model.action.call import ActionContext
from awsit.model.json import Json


def _targets(params: Mapping[str, Json], context_data: ActionContext) -> list[str]:
    """The IDs of targets that the rule has already, and that `put_targets` would replace."""
    rule = {name: params[name] for name in ("Rule", "EventBusName") if name in params}
    wanted = {target["Id"] for target in params["Targets"]}
    return [each for each in target_ids(rule, context_data) if each in wanted]


def _subscriptions(params: Mapping[str, Json], context_data: ActionContext) -> list[str]:
    """The subscription of the same endpoint, which `subscribe` would return."""
    client = context_data.aws.client("sns")
    pages = client.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=params["TopicArn"])
    wanted = params["Protocol"], params.get("Endpoint")
    return [
        each["SubscriptionArn"]
        for page in pages
        for each in page["Subscriptions"]
        if (each["Protocol"], each.get("Endpoint")) == wanted
    ]


_LISTS: Mapping[tuple[str, str], tuple[str, Callable[[Mapping[str, Json], ActionContext], list[str]]]] = {
    ("events", "put_targets"): ("list_targets_by_rule", _targets),
    ("sns", "subscribe"): ("list_subscriptions_by_topic", _subscriptions),
}


def listing_of(service: str, operation: str) -> str:
    """The operation that lists what a creation could find; empty for most of them."""
    return _LISTS[service, operation][0] if (service, operation) in _LISTS else ""


def existing(service: str, operation: str, params: Mapping[str, Json], context_data: ActionContext) -> list[str]:
    """The names of what a creation would find, as far as it must be listed; nothing when its parent is not there."""
    if (service, operation) not in _LISTS:
        return []
    listing, find = _LISTS[service, operation]
    try:
        with calling(context_data.aws, f"{service} {listing}"):
            return find(params, context_data)
    except ActionError as error:
        if error.kind is ErrorKind.NOT_FOUND:
            return []
        raise
