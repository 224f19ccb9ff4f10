"""What state machines know: executions that did not succeed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from awsit.aws.evidence.resources import StackResource
from awsit.diagnosis.inquiry import Inquiry
from awsit.model.evidence import Evidence, EvidenceKind
from awsit.model.ports import Aws
from awsit.system.clock import iso

STATUSES = ("FAILED", "TIMED_OUT", "ABORTED")
MOST = 3
"""Executions that are described, of each status."""


def failed_executions(aws: Aws, resource: StackResource, inquiry: Inquiry) -> Iterator[Evidence]:
    """Executions that failed, timed out or were aborted, with error and cause.

    An express workflow keeps no executions (`StateMachineTypeNotSupported`): its log group is a resource of its own.
    """
    client = aws.client("stepfunctions")
    for status in STATUSES:
        try:
            executions = client.list_executions(
                stateMachineArn=resource.physical_id, statusFilter=status, maxResults=20
            )["executions"]
        except client.exceptions.StateMachineTypeNotSupported:
            return
        ended = [each for each in executions if _ended(each.get("stopDate"), inquiry)]
        for each in ended[:MOST]:
            details = client.describe_execution(executionArn=each["executionArn"])
            why = ": ".join(filter(None, (details.get("error"), details.get("cause")))) or "without an error"
            text = f"execution {each['name']} {status.lower().replace('_', ' ')}: {why}"
            yield Evidence(EvidenceKind.EXECUTION_FAILED, f"state machine {resource.name}", text, iso(each["stopDate"]))


def _ended(moment: datetime | None, inquiry: Inquiry) -> bool:
    return moment is not None and moment >= inquiry.since
