"""The tasks of the state machine: one function each, from the event to what the next state reads."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from awsit.aws.execution import Execution
from awsit.engine.execute import execute, fail_branch
from awsit.engine.prepare import prepare, refuse
from awsit.engine.report import report
from awsit.engine.services import Services
from awsit.engine.store import Directive, Kind
from awsit.engine.undo import undo
from awsit.engine.verify import ToDo, verify
from awsit.errors import AwsitError
from awsit.lambdas.metrics import count_run
from awsit.lambdas.request import read_request
from awsit.model.json import Json
from awsit.model.plan import Plan
from awsit.model.result import ErrorInfo

Event = Mapping[str, Any]
Task = Callable[["Host", Execution, Event], Json]


@dataclass(frozen=True, slots=True)
class Host:
    """What a task works with: the engine's services, and the bucket with the scenarios."""

    services: Services
    bucket: str


def _prepare(host: Host, execution: Execution, event: Event) -> Json:
    try:
        request = read_request(host.services.aws, host.bucket, execution, event["input"])
    except AwsitError as error:
        plan = refuse(host.services, execution.run_id, "", error, execution.arn).plan
    else:
        plan = prepare(host.services, request, execution.arn).plan
    return {"run_id": execution.run_id, "segments": _segments(plan)}


def _segments(plan: Plan) -> Json:
    return [
        {
            "max_concurrency": segment.max_concurrency,
            "branches": [{"steps": list(branch.steps)} for branch in segment.branches],
        }
        for segment in plan.segments
    ]


def _execute(host: Host, execution: Execution, event: Event) -> Json:
    directive = execute(host.services, execution.run_id, event["index"], event["sequence"])
    return {"index": event["index"], **_directive(directive)}


def _fail(host: Host, execution: Execution, event: Event) -> Json:
    fail_branch(host.services, execution.run_id, _failure(event))
    return {"run_id": execution.run_id}


def _verify(host: Host, execution: Execution, event: Event) -> Json:
    error = _failure(event) if "failure" in event else None
    items = verify(host.services, execution.run_id, error)
    to_do = [{"kind": str(item.kind), "index": item.index} for item in items]
    return {"run_id": execution.run_id, "to_do": to_do}


def _cleanup(host: Host, execution: Execution, event: Event) -> Json:
    item = ToDo(Kind(event["item"]["kind"]), event["item"]["index"])
    directive = undo(host.services, execution.run_id, item, event["sequence"])
    return {"item": event["item"], **_directive(directive)}


def _report(host: Host, execution: Execution, event: Event) -> Json:
    state = event.get("state") or {}
    result = report(host.services, execution.run_id, _failure(state) if "failure" in state else None)
    count_run(result)
    return {"run_id": result.run_id, "status": str(result.status), "cleanup": str(result.cleanup.verdict)}


def _directive(directive: Directive) -> dict[str, Json]:
    """As the Choice and Wait states read it; a Wait state takes whole seconds (Amazon States Language, "Wait")."""
    delay = math.ceil(directive.delay_seconds)
    return {"next": str(directive.next), "sequence": directive.sequence, "delay_seconds": delay}


def _failure(event: Event) -> ErrorInfo:
    """What a Catch left at `$.failure`: `{Error, Cause}`."""
    failure = event["failure"]
    error, cause = str(failure.get("Error", "unknown")), str(failure.get("Cause", ""))
    hint = "Look at the function's log: `awsit logs` with this run's ID."
    return ErrorInfo("platform", f"{error}: {cause}" if cause else error, hint)


TASKS: Mapping[str, Task] = {
    "prepare": _prepare,
    "execute": _execute,
    "fail": _fail,
    "verify": _verify,
    "close": _verify,
    "cleanup": _cleanup,
    "report": _report,
}
