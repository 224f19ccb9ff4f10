"""The function's log: lines of JSON, each with the run, the scenario and the action it is about, and how that went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger

from awsit import config
from awsit.aws.stepfunctions.execution import Execution
from awsit.engine.log_entry import ERROR, INFO, WARNING, LogEntry
from awsit.errors import AwsitError
from awsit.lambdas.host import Host
from awsit.lambdas.tasks import action_of
from awsit.model.json import Json, dumps

_UNSHOWN = ("failure", "execution", "input", "state", "params", "context_data", "goes_on")
_OF_A_TASK = ("run_id", "scenario", "action", "attempt")

logger = Logger(
    service="awsit",
    level=config.environment().get("AWSIT_LOG_LEVEL", "INFO"),
    utc=True,
    json_serializer=dumps,
    serialize_stacktrace=False,  # it would put the exception itself into the line, which is no JSON
)


def log(entry: LogEntry) -> None:
    """Write a line of a run's log. Those after it, in the same task, are of its attempt."""
    write = {INFO: logger.info, WARNING: logger.warning, ERROR: logger.error}[entry.level]
    write(entry.message, extra=dict(entry.fields))
    logger.append_keys(attempt=entry.fields.get("attempt"))


def of_task(host: Host, execution: Execution, event: Mapping[str, Any]) -> dict[str, Json]:
    """The run, the scenario and the action that a task is about; only the run where there is no plan."""
    named = {"run_id": execution.run_id}
    try:
        scenario = host.services.store.plan(execution.run_id).scenario
    except AwsitError:
        return named
    return {**named, "scenario": scenario, **action_of(host, execution, event)}


def begin(request_id: str) -> None:
    """Begin an invocation: what the one before named, in the same worker, is forgotten."""
    logger.append_keys(request_id=request_id, **dict.fromkeys(_OF_A_TASK))


def name(host: Host, execution: Execution, event: Mapping[str, Any]) -> Mapping[str, Json]:
    """Name in each line from here on the run, the scenario and the action that a task is about, and return them."""
    named = {"run_id": execution.run_id}
    if event["task"] != "prepare":  # which makes the plan
        named = of_task(host, execution, event)
    logger.append_keys(attempt=event.get("sequence"), **named)
    return named


def done(event: Mapping[str, Any], named: Mapping[str, Json], answer: Json, seconds: float) -> None:
    """Write that a task is done, which scenario and action it was about (`of_task`), and what follows from it."""
    outcome = answer.get("next") or answer.get("status") or "done"
    follows = {key: answer[key] for key in ("delay_seconds", "cleanup") if key in answer}
    fields = {**_shown(event), **follows, **named}
    logger.info("task done", extra={**fields, "duration_seconds": round(seconds, 3), "outcome": outcome})


def failed(event: Mapping[str, Any], seconds: float) -> Mapping[str, Json]:
    """The fields of the line that a task failed."""
    return {**_shown(event), "duration_seconds": round(seconds, 3), "outcome": "error"}


def _shown(event: Mapping[str, Any]) -> dict[str, Json]:
    return {key: value for key, value in event.items() if key not in _UNSHOWN}
