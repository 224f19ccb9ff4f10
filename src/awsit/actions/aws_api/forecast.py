"""What `plan` says of an `aws_api` action: the operation, or the waiter and how often it looks."""

from __future__ import annotations

from collections.abc import Mapping

from awsit.actions.aws_api.service_model import find_waiter, service_problem
from awsit.expressions.values import as_text, is_number
from awsit.model.action.abilities import Resumptions
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.json import Json


def summary_of(params: PlannedParams) -> Summary:
    """The service and the operation, or the waiter; both together are the resource."""
    wait_for = params.get("wait_for")
    name = wait_for.get("waiter") if isinstance(wait_for, Mapping) else params.get("operation")
    called = f"{as_text(params.get('service'))} {as_text(name)}"
    return Summary(f"{called} (until it is so)" if wait_for else called, called)


def resumptions_of(params: PlannedParams) -> Resumptions | None:
    """All looks of a waiter after its first, as many as the params say, or else botocore's model of the waiter."""
    wait_for = params.get("wait_for")
    if not isinstance(wait_for, Mapping):
        return None
    looks, delay = _defaults(params.get("service"), wait_for.get("waiter"))
    looks = int(_number(wait_for.get("max_attempts"), looks))
    return Resumptions(looks - 1, _number(wait_for.get("delay_seconds"), delay), polls=True)


def _defaults(service: Json, waiter: Json) -> tuple[int, float]:
    """Looks of the waiter and seconds between them; one look for a waiter that is not known before the run."""
    known = isinstance(service, str) and isinstance(waiter, str) and not service_problem(service)
    model = find_waiter(service, waiter) if known else None
    return (model.max_attempts, model.delay) if model else (1, 1.0)


def _number(value: Json, default: float) -> float:
    """The value as a number; `default` for a template, or for none."""
    return float(value) if is_number(value) else default
