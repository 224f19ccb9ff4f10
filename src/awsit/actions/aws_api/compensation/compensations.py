"""What takes back an `aws_api` call: of objects in S3, of targets of a rule, and of all that is created."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from awsit.actions.aws_api.compensation import objects
from awsit.actions.aws_api.compensation.existing import existing, listing_of
from awsit.actions.aws_api.compensation.inverses import find_inverse, no_inverse
from awsit.actions.aws_api.compensation.reviewed_inverses import Inverse
from awsit.actions.aws_api.params import AwsApiParams, operation_of
from awsit.actions.aws_api.service_model import method_name
from awsit.actions.aws_errors import calling
from awsit.actions.expected_error import NOT_REFUSED
from awsit.errors import ActionError, ErrorKind
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.compensation import Compensation
from awsit.model.json import Json


def compensations_of_call(params: AwsApiParams, context_data: ActionContext) -> tuple[Compensation, ...]:
    """What takes the call back, as far as it is known before. Raises ActionError of kind validation when nothing does.

    Nothing is returned of a creation whose result names what it made: `compensations_of_result` has that.
    """
    operation = method_name(params.operation or "")
    if params.service == "s3" and operation in objects.OPERATIONS:
        return objects.compensations(operation, params.params, context_data)
    inverse = _inverse(params)
    _refuse_tokens(params, inverse)
    found = existing(params.service, operation, params.params, context_data)
    named = _named(inverse, params)
    if inverse.is_known_before:
        named |= _addresses(inverse, params, context_data)
    if inverse.is_known_before and not listing_of(params.service, operation):
        there = _look(params.service, inverse.look, named, context_data)
        found = [] if there is None else [str(each) for each in named.values()]
    if found:
        raise ActionError(
            f"{params.service} {operation}: {', '.join(found)} exists already",
            kind=ErrorKind.VALIDATION,
            hint="`auto_cleanup` removes only what the action itself creates; choose a name of the run's own",
        )
    return (inverse_call(params.service, inverse, named),) if inverse.is_known_before else ()


def compensations_of_result(params: AwsApiParams, done: ActionResult) -> tuple[Compensation, ...]:
    """What takes back a creation that succeeded, and whose result names what it made."""
    operation = method_name(params.operation or "")
    succeeded = params.expect_error is None or done.failure_code == NOT_REFUSED
    if not succeeded or (params.service == "s3" and operation in objects.OPERATIONS):
        return ()
    inverse = _inverse(params)
    if inverse.is_known_before:
        return ()
    results = {name: _at(place, done.result) for name, place in inverse.results.items()}
    if not all(isinstance(each, str) and each.lower() != "pending confirmation" for each in results.values()):
        return ()
    return (inverse_call(params.service, inverse, {**_named(inverse, params), **results}),)


def inverse_call(service: str, inverse: Inverse, named: Mapping[str, Json]) -> Compensation:
    """The call that deletes what has these identifiers."""
    call = {"service": service, "operation": inverse.operation, "params": {**named, **inverse.more}}
    return Compensation("aws_api", {**call, "empty_first": True} if inverse.empties else call)


def _look(service: str, operation: str, named: Mapping[str, Any], context_data: ActionContext) -> Any:
    """What the service says of a resource; None when there is none."""
    method: Callable[..., Any] = getattr(context_data.aws.client(service), operation)
    try:
        with calling(context_data.aws, f"{service} {operation}"):
            return method(**named)
    except ActionError as error:
        if error.kind is ErrorKind.NOT_FOUND:
            return None
        raise


def _inverse(params: AwsApiParams) -> Inverse:
    inverse = find_inverse(params.service, params.operation, params.params) if params.operation else None
    if inverse is not None:
        return inverse
    message, hint = no_inverse(params.service, params.operation or "")
    raise ActionError(message, kind=ErrorKind.VALIDATION, hint=hint)


def _refuse_tokens(params: AwsApiParams, inverse: Inverse) -> None:
    """Refuse an idempotency token of the scenario's own: with it, a creation may find what an earlier one made."""
    shape = operation_of(params).input_shape
    for name, member in shape.members.items() if inverse.results else ():
        if name in params.params and member.metadata.get("idempotencyToken"):
            raise ActionError(
                f"{params.service} {params.operation}: with `{name}` it may find what another run created",
                kind=ErrorKind.VALIDATION,
                hint=f"leave out `{name}`, or `auto_cleanup`",
            )


def _named(inverse: Inverse, params: AwsApiParams) -> dict[str, Json]:
    named = {theirs: _value(ours, params.params) for ours, theirs in inverse.names.items()}
    return {name: value for name, value in named.items() if value is not None}


def _value(name: str, params: Mapping[str, Json]) -> Json:
    """The param of this name; of `Targets[].Id`, that of each in the list."""
    whole, _, part = name.partition("[].")
    return [each[part] for each in params.get(whole, [])] if part else params.get(whole)


def _addresses(inverse: Inverse, params: AwsApiParams, context_data: ActionContext) -> dict[str, Json]:
    """ARNs and URLs of what is about to be created: they follow from its name, the account and the region."""
    if not inverse.addresses:
        return {}
    client = context_data.aws.client(params.service)
    with calling(context_data.aws, "find out which account this is"):
        caller = context_data.aws.client("sts").get_caller_identity()
    parts = {name: value.split(":") if name.endswith("Arn") else value for name, value in params.params.items()}
    known = {
        **parts,
        "partition": caller["Arn"].split(":")[1],
        "account": caller["Account"],
        "region": context_data.aws.region,
        "endpoint": client.meta.endpoint_url.rstrip("/"),
    }
    return {name: address.format(**known) for name, address in inverse.addresses.items()}


def _at(place: str, result: Json) -> Json:
    for name in place.split("."):
        result = result.get(name) if isinstance(result, Mapping) else None
    return result
