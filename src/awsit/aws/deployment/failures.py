"""Why an operation on a stack failed: the first resource that did, or what CloudFormation's own validation found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from awsit.aws.client import errors as failures
from awsit.aws.deployment.model import ResourceProgress
from awsit.errors import EnvironmentFailure
from awsit.model.ports import Aws

STACK = "AWS::CloudFormation::Stack"
_CANCELLED = "cancelled"  # "Resource creation cancelled": the consequence of another failure, never the cause


def first_failure(events: Iterable[ResourceProgress]) -> ResourceProgress | None:
    """The event that began the trouble: the first failed resource, else the first failure of the stack itself."""
    failed = [event for event in events if event.status.endswith("_FAILED") and _CANCELLED not in event.reason.lower()]
    return next((event for event in failed if event.type != STACK), failed[0] if failed else None)


def explain(aws: Aws, failure: ResourceProgress | None, otherwise: str) -> str:
    """The failure in words. `otherwise` is for one that left no event."""
    if failure is None:
        return otherwise or "CloudFormation gives no reason"
    if failure.type != STACK:
        return f"{failure.logical_id} ({failure.type}): {failure.reason}"
    return validation_errors(aws, StackName=failure.logical_id) or failure.reason


def validation_errors(aws: Aws, **which: str) -> str:
    """What CloudFormation found before it made anything; empty when there is nothing, or no permission to read it.

    `which` is `StackName` or `ChangeSetName`. Source: AWS CloudFormation user guide, "Validate stack deployments".
    """
    try:
        with failures.reported("read the validation errors"):
            pages = aws.client("cloudformation").get_paginator("describe_events")
            found = pages.paginate(**which, Filters={"FailedEvents": True}).build_full_result()["OperationEvents"]
    except EnvironmentFailure:  # it only adds detail to a failure that is told anyway
        return ""
    newest: Mapping[str, Any] = max(found, key=lambda event: event["Timestamp"], default={})
    errors = [event for event in found if _is_error(event) and event.get("OperationId") == newest.get("OperationId")]
    return "; ".join(f"{event['LogicalResourceId']} ({event['ResourceType']}): {_reason(event)}" for event in errors)


def _is_error(event: Mapping[str, Any]) -> bool:
    return event.get("EventType") == "VALIDATION_ERROR" and event.get("ValidationFailureMode") != "WARN"


def _reason(event: Mapping[str, Any]) -> str:
    return str(event.get("ValidationStatusReason") or event.get("ValidationName") or "not valid")
