"""How an `aws_api` call is taken back, as far as it is known before the run: what `validate` and `plan` say of it."""

from __future__ import annotations

from collections.abc import Mapping

from awsit.actions.aws_api.compensation import objects
from awsit.actions.aws_api.compensation.compensations import inverse_call
from awsit.actions.aws_api.compensation.existing import listing_of
from awsit.actions.aws_api.compensation.inverses import find_inverse, no_inverse
from awsit.actions.aws_api.compensation.reviewed_inverses import Inverse
from awsit.actions.aws_api.service_model import TEMPLATE, find_operation, method_name, service_problem
from awsit.model.action.compensation import Compensation, PlannedCompensation
from awsit.model.action.protocol import PlannedParams
from awsit.model.json import Json
from awsit.model.permissions import ANY
from awsit.patterns import lazy_pattern

_PLACEHOLDER = lazy_pattern(r"\{([^}]+)\}")


def planned_compensation(params: PlannedParams) -> PlannedCompensation:
    """See `Compensable`; empty when the service or the operation is a template, or wrong."""
    service, operation = params.get("service"), params.get("operation")
    if params.get("wait_for") is not None:
        return PlannedCompensation(problem="a waiter changes nothing", hint="leave it out")
    if not _is_known(service, operation):
        return PlannedCompensation()
    name = method_name(str(operation))
    call_params = params.get("params")
    call_params = call_params if isinstance(call_params, Mapping) else {}
    if service == "s3" and name in objects.OPERATIONS:
        return objects.planned_compensation(name, call_params)
    inverse = find_inverse(str(service), name, call_params)
    if inverse is None:
        return PlannedCompensation((), (), *no_inverse(str(service), name))
    return _of_creation(str(service), name, inverse, call_params)


def _is_known(service: Json, operation: Json) -> bool:
    if not isinstance(service, str) or not isinstance(operation, str) or TEMPLATE in service + operation:
        return False
    return not service_problem(service) and find_operation(service, operation) is not None


def _of_creation(service: str, name: str, inverse: Inverse, call_params: Mapping[str, Json]) -> PlannedCompensation:
    named = {theirs: call_params[ours] for ours, theirs in inverse.names.items() if ours in call_params}
    named |= {member: _names(address, call_params) for member, address in inverse.addresses.items()}
    named |= dict.fromkeys(inverse.results, ANY)
    listing = listing_of(service, name)
    looks = [_call(service, inverse.look, named)] if inverse.look and not listing else []
    looks += [_call(service, listing, call_params)] if listing else []
    looks += [_call("sts", "get_caller_identity", {})] if inverse.addresses else []
    return PlannedCompensation(tuple(looks), (inverse_call(service, inverse, named),))


def _names(address: str, call_params: Mapping[str, Json]) -> str:
    """The names after the account in an ARN or URL: of an execution those of its state machine and its own."""
    names = _PLACEHOLDER.findall(address.partition("{account}")[2])
    return ":".join(str(call_params.get(name, ANY)) for name in names)


def _call(service: str, operation: str, params: Mapping[str, Json]) -> Compensation:
    return Compensation("aws_api", {"service": service, "operation": operation, "params": dict(params)})
