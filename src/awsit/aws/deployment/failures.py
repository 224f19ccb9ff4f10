"""Why an operation on a stack failed: the first resource that failed, or the errors that validation found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from awsit.aws.client import errors
from awsit.aws.deployment.model import ResourceProgress
from awsit.errors import EnvironmentFailure
from awsit.model.ports import Aws

STACK = "AWS::CloudFormation::Stack"
_CANCELLED = "cancelled"  # "Resource creation cancelled" follows from the failure of another resource


def first_failure(events: Iterable[ResourceProgress]) -> ResourceProgress | None:
    """The cause: the first event of a failed resource, else the first failure of the stack itself."""
    failed = [event for event in events if event.status.endswith("_FAILED") and _CANCELLED not in event.reason.lower()]
    return next((event for event in failed if event.type != STACK), failed[0] if failed else None)


def explain(aws: Aws, failure: ResourceProgress | None, stack_reason: str) -> str:
    """The reason of the failed event; without an event `stack_reason`, that of the stack's status."""
    if failure is None:
        return stack_reason or "CloudFormation gives no reason"
    if failure.type != STACK:
        return f"{failure.logical_id} ({failure.type}): {failure.reason}"
    return validation_errors(aws, StackName=failure.logical_id) or failure.reason


def validation_errors(aws: Aws, **target: str) -> str:
    """The errors that CloudFormation found before it changed anything; empty when there are none or none may be read.

    `target` is `StackName` or `ChangeSetName`. Source: AWS CloudFormation user guide, "Validate stack deployments".
    """
    try:
        with errors.reported("read the validation errors"):
            pages = aws.client("cloudformation").get_paginator("describe_events")
            events = pages.paginate(**target, Filters={"FailedEvents": True}).build_full_result()["OperationEvents"]
    except EnvironmentFailure:  # the failure itself is reported in any case; this would only add detail
        return ""
    newest: Mapping[str, Any] = max(events, key=lambda event: event["Timestamp"], default={})
    of_newest = [event for event in events if event.get("OperationId") == newest.get("OperationId")]
    return "; ".join(
        f"{event['LogicalResourceId']} ({event['ResourceType']}): {_reason(event)}"
        for event in of_newest
        if _is_error(event)
    )


def _is_error(event: Mapping[str, Any]) -> bool:
    return event.get("EventType") == "VALIDATION_ERROR" and event.get("ValidationFailureMode") != "WARN"


def _reason(event: Mapping[str, Any]) -> str:
    return str(event.get("ValidationStatusReason") or event.get("ValidationName") or "not valid")
