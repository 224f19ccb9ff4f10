"""What removes a tap: it is in the ledger before anything is made, and finds by name what may have been made."""

from __future__ import annotations

from awsit.actions.taps.event_rules import DEFAULT_BUS, TARGET, rule_name
from awsit.actions.taps.params import READ_ONLY, ListenParams
from awsit.actions.taps.queues import arn_before
from awsit.model.action.call import ActionContext
from awsit.model.action.compensation import Compensation, PlannedCompensation
from awsit.model.action.protocol import PlannedParams
from awsit.model.json import Json
from awsit.model.permissions import ANY


def compensations_of(params: ListenParams, context_data: ActionContext) -> tuple[Compensation, ...]:
    """What removes the tap. The ledger undoes the last one first: what sends to the queue goes before the queue."""
    if params.makes_nothing or params.unsubscribe:
        return ()
    queue_arn = arn_before(context_data)
    account, queue = queue_arn.split(":")[4:]
    endpoint = context_data.aws.client("sqs").meta.endpoint_url.rstrip("/")
    removal = _call("sqs", "delete_queue", {"QueueUrl": f"{endpoint}/{account}/{queue}"})
    if params.topic:
        return (removal, Compensation("listen", {"topic": params.topic, "unsubscribe": queue_arn}))
    return (removal, *_of_rule(rule_name(context_data), params.event_bus or DEFAULT_BUS))


def planned(params: PlannedParams) -> PlannedCompensation:
    """The same, as far as it is known before the run: the first of `inverses` is carried out first."""
    if params.keys() & {*READ_ONLY, "unsubscribe"}:
        return PlannedCompensation()
    looks = (_call("sts", "get_caller_identity", {}),)
    removal = _call("sqs", "delete_queue", {"QueueUrl": f"https://sqs/{ANY}/awsit-{ANY}"})
    if "topic" in params:
        return PlannedCompensation(
            looks, (Compensation("listen", {"topic": params["topic"], "unsubscribe": ANY}), removal)
        )
    bus = params.get("event_bus", DEFAULT_BUS)
    return PlannedCompensation(looks, (*reversed(_of_rule(f"awsit-{ANY}", bus)), removal))


def _of_rule(name: str, bus: Json) -> tuple[Compensation, Compensation]:
    return (
        _call("events", "delete_rule", {"Name": name, "EventBusName": bus}),
        _call("events", "remove_targets", {"Rule": name, "EventBusName": bus, "Ids": [TARGET]}),
    )


def _call(service: str, operation: str, params: Json) -> Compensation:
    return Compensation("aws_api", {"service": service, "operation": operation, "params": params})
