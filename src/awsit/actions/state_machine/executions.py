"""Executions: their names and ARNs, and what became of one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from awsit.actions.arns import unqualified_machine
from awsit.actions.state_machine.history import document, visited_states
from awsit.actions.state_machine.params import StateMachineParams
from awsit.errors import ActionError
from awsit.model.json import Json, dumps
from awsit.model.ports import Aws

NOT_THERE = "ExecutionDoesNotExist"
"""The code of an execution that is not there, or not yet (API Reference, "DescribeExecution")."""
_EVENTS_OF_A_PAGE = 1000
"""The most that there may be (API Reference, "GetExecutionHistory", `maxResults`)."""

_NEWEST_EVENTS = 100
"""Events among which the last state that was entered is looked for."""


def execution_name(params: StateMachineParams, run_id: str) -> str:
    """The name of the execution that the params start.

    It is the same at each call, so that Step Functions starts one execution however often it is asked (API Reference,
    "StartExecution": it is idempotent for Standard workflows).
    """
    if params.name is not None:
        return params.name
    identity = dumps([params.state_machine, params.input], sort_keys=True)
    return f"{run_id}-{hashlib.sha256(identity.encode()).hexdigest()[:12]}"


def execution_arn(state_machine: str, name: str) -> str:
    """The ARN of an execution, from that of its state machine."""
    return f"{unqualified_machine(state_machine).replace(':stateMachine:', ':execution:')}:{name}"


def code_of(aws: Aws, error: Exception) -> str:
    """The service's code of an error; empty for one that has none."""
    translated = aws.translate(error)
    return translated.service_code if isinstance(translated, ActionError) else ""


def ended(described: Mapping[str, Any], history: Mapping[str, Json]) -> dict[str, Json]:
    """What became of an execution that has ended."""
    seconds = (described["stopDate"] - described["startDate"]).total_seconds()
    return {
        "execution_arn": described["executionArn"],
        "status": described["status"],
        "output": document(described.get("output")),
        "error": described.get("error"),
        "cause": described.get("cause"),
        **history,
        "duration_ms": round(seconds * 1000),
    }


def standing_in(client: Any, arn: str, aws: Aws) -> str:
    """The state that an execution has entered last; empty where its history does not tell."""
    try:
        answer = client.get_execution_history(
            executionArn=arn, reverseOrder=True, includeExecutionData=False, maxResults=_NEWEST_EVENTS
        )
    except Exception as error:
        if aws.translate(error) is error:
            raise
        return ""
    entered = (
        each["stateEnteredEventDetails"]["name"] for each in answer["events"] if "stateEnteredEventDetails" in each
    )
    return str(next(entered, ""))


def past_states(client: Any, arn: str) -> dict[str, Json]:
    """What an execution went through, all pages of its history."""
    paginator = client.get_paginator("get_execution_history")
    pages = paginator.paginate(
        executionArn=arn, includeExecutionData=True, PaginationConfig={"PageSize": _EVENTS_OF_A_PAGE}
    )
    return visited_states(event for page in pages for event in page["events"])
