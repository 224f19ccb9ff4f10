"""What `plan` says of a `state_machine` action: what it starts or waits for, its looks, permissions and inverse."""

from __future__ import annotations

import math
from collections.abc import Mapping

from awsit.actions.arns import arn_pattern, unqualified_machine
from awsit.actions.state_machine.executions import execution_arn
from awsit.actions.state_machine.params import DEFAULT_INTERVAL, DEFAULT_WAIT
from awsit.expressions.values import as_text, is_number
from awsit.model.action.abilities import Resumptions
from awsit.model.action.compensation import Compensation, PlannedCompensation
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.json import Json
from awsit.model.permissions import ANY, Permission, RequiredPermissions

_OF_EXECUTIONS: Mapping[str, tuple[str, ...]] = {
    "wait": ("states:DescribeExecution", "states:GetExecutionHistory"),
    "stop": ("states:DescribeExecution", "states:StopExecution"),
}
_WORDS: Mapping[str, str] = {
    "start": "run {}",
    "start_express": "run {} (Express)",
    "wait": "wait for {}",
    "find": "find an execution of {}",
    "stop": "stop {}",
    "test_state": "try a state of {}",
}


def operation_of(params: PlannedParams) -> str:
    """The operation, `start` unless the params say another."""
    return str(params.get("operation", "start"))


def required_permissions(params: PlannedParams) -> RequiredPermissions:
    """The permissions to start an execution, and to look at it.

    Source: Service Authorization Reference, list_awsstepfunctions.html.
    """
    operation = operation_of(params)
    if operation not in _WORDS:
        return RequiredPermissions(unknown="the `operation` of a `state_machine` action is a template")
    if operation in _OF_EXECUTIONS:
        execution = arn_pattern(str(params.get("execution", ANY)))
        return RequiredPermissions(tuple(Permission(each, execution) for each in _OF_EXECUTIONS[operation]))
    machine = unqualified_machine(arn_pattern(str(params.get("state_machine", ANY))))
    if operation == "test_state":
        return RequiredPermissions(
            (Permission("states:DescribeStateMachine", machine), Permission("states:TestState", ANY))
        )
    if operation == "start_express":
        return RequiredPermissions((Permission("states:StartSyncExecution", machine),))
    begins = "states:ListExecutions" if operation == "find" else "states:StartExecution"
    looks = (Permission(action, _execution_of(machine, params)) for action in _OF_EXECUTIONS["wait"])
    return RequiredPermissions((Permission(begins, machine), *looks))


def summary_of(params: PlannedParams) -> Summary:
    """The operation and the state machine, or the execution."""
    operation = operation_of(params)
    name = as_text(params.get("execution" if operation in _OF_EXECUTIONS else "state_machine"))
    return Summary(_WORDS.get(operation, f"{operation} {{}}").replace("{}", name), name)


def looks(interval_seconds: float, wait_seconds: float) -> int:
    """How often an execution is looked at until it must have ended, besides the first time."""
    return max(1, math.ceil(wait_seconds / interval_seconds))


def resumptions_of(params: PlannedParams) -> Resumptions | None:
    """The looks at the execution after the first call."""
    if operation_of(params) not in {"start", "wait", "find"}:
        return None
    interval = _number(params.get("interval_seconds"), DEFAULT_INTERVAL)
    return Resumptions(looks(interval, _number(params.get("wait_seconds"), DEFAULT_WAIT)), interval, polls=True)


def stop(arn: str) -> Compensation:
    """The action that stops an execution, if it still runs."""
    return Compensation("state_machine", {"operation": "stop", "execution": arn})


def planned_compensation(params: PlannedParams) -> PlannedCompensation:
    """The stop of an execution that was started."""
    operation = operation_of(params)
    if operation == "start":
        return PlannedCompensation((), (stop(_execution_of(arn_pattern(str(params.get("state_machine"))), params)),))
    if operation == "start_express":
        return PlannedCompensation(problem="an Express workflow ends with its answer", hint="leave it out")
    if operation in _WORDS:
        return PlannedCompensation(problem=f"{operation} starts nothing that could be stopped", hint="leave it out")
    return PlannedCompensation()


def _execution_of(machine: str, params: PlannedParams) -> str:
    name = arn_pattern(str(params["name"])) if params.get("name") else ANY
    return execution_arn(machine, name) if machine.startswith("arn:") else ANY


def _number(value: Json, default: float) -> float:
    return float(value) if is_number(value) and value > 0 else default
