"""What state machines know: executions that did not succeed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from awsit.aws.evidence.resources import StackResource
from awsit.diagnosis.attribution import is_of_another_run
from awsit.diagnosis.inquiry import Inquiry
from awsit.model.evidence import Evidence, EvidenceKind
from awsit.model.ports import Aws
from awsit.system.clock import iso

STATUSES = ("FAILED", "TIMED_OUT", "ABORTED")
MOST, MOST_LOOKS = 3, 10
"""Executions of each status that are shown, and that are described to find them."""


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
        described = (
            (each, client.describe_execution(executionArn=each["executionArn"])) for each in ended[:MOST_LOOKS]
        )
        own = (pair for pair in described if not _is_of_another_run(*pair, inquiry))
        for each, details in islice(own, MOST):
            why = ": ".join(filter(None, (details.get("error"), details.get("cause")))) or "without an error"
            text = f"execution {each['name']} {status.lower().replace('_', ' ')}: {why}"
            yield Evidence(EvidenceKind.EXECUTION_FAILED, f"state machine {resource.name}", text, iso(each["stopDate"]))


def _ended(moment: datetime | None, inquiry: Inquiry) -> bool:
    return moment is not None and moment >= inquiry.since


def _is_of_another_run(listed: Any, details: Any, inquiry: Inquiry) -> bool:
    return is_of_another_run(f"{listed['name']} {details.get('input', '')}", inquiry.runs)
