"""The IAM permissions that each type of action needs, and what it touches.

Source: Service Authorization Reference, one page a service ("Actions, resources, and condition keys for ..."). ARNs
hold `*` for what is not known before the run; an account or region that is not known is `*` too, which IAM allows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from awsit.actions.arns import arn_pattern
from awsit.actions.aws_api import permissions as api_permissions
from awsit.model.json import Json
from awsit.model.permissions import ANY, AwsLocation, Permission

Params = Mapping[str, Json]

DYNAMODB: Mapping[str, str] = {
    "get_item": "dynamodb:GetItem",
    "put_item": "dynamodb:PutItem",
    "update_item": "dynamodb:UpdateItem",
    "delete_item": "dynamodb:DeleteItem",
    "query": "dynamodb:Query",
    "scan": "dynamodb:Scan",
    "batch_get": "dynamodb:BatchGetItem",
    "batch_write": "dynamodb:BatchWriteItem",
}
"""The IAM action of each operation of `dynamodb` (list_amazondynamodb.html)."""

SIGNED: Mapping[str, tuple[str, ...]] = {
    "execute-api": ("execute-api:Invoke",),
    # a function URL asks for both ("Control access to Lambda function URLs", Lambda developer guide)
    "lambda": ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"),
}
"""The IAM actions of an `http_call` that is signed for a service (list_amazonapigateway.html, list_awslambda.html)."""

LOOK_UPS: Mapping[str, tuple[str, ...]] = {
    "stack": ("cloudformation:DescribeStacks", "cloudformation:ListStackResources"),
    "secret": ("secretsmanager:GetSecretValue",),
    "parameter": ("ssm:GetParameter",),
}
"""The IAM actions of the functions of templates: stacks are read with the plan, the others with a step."""

_API_HOST = re.compile(r"(?P<api>[a-z0-9]+)\.execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?")
_PARTIAL_FUNCTION = re.compile(r"(?P<account>\d{12}):function:(?P<name>.+)")


@dataclass(frozen=True, slots=True)
class Needs:
    """What one step needs. `unknown` says why some of it cannot be told before the run; empty when all is told."""

    permissions: tuple[Permission, ...] = ()
    unknown: str = ""


def needs(action_type: str, params: Params, location: AwsLocation) -> Needs:
    """The permissions of one step, from its params as far as they are known."""
    entry = BY_TYPE.get(action_type)
    return (
        entry(params, location) if entry else Needs(unknown=f"the permissions of `{action_type}` are not in the table")
    )


def look_up(function: str, name: str | None, location: AwsLocation) -> tuple[Permission, ...]:
    """The permissions of `stack(name)`, `secret(name)` or `parameter(name)`; None: an expression computes the name."""
    known = ANY if name is None else arn_pattern(name)
    resources = {
        "stack": known if known.startswith("arn:") else location.arn("cloudformation", f"stack/{known}/*"),
        # the ARN ends with a hyphen and six random characters (Secrets Manager user guide, "IAM policies")
        "secret": known if known.startswith("arn:") else location.arn("secretsmanager", f"secret:{_secret(known)}"),
        "parameter": known if known.startswith("arn:") else location.arn("ssm", f"parameter/{known.lstrip('/')}"),
    }
    return tuple(Permission(action, resources[function]) for action in LOOK_UPS[function])


def table_arn(name: str, location: AwsLocation) -> str:
    """The ARN of a table that is named by its name or its ARN."""
    known = arn_pattern(name)
    return known if known.startswith("arn:") else location.arn("dynamodb", f"table/{known}")


def function_arn(name: str, qualifier: str, location: AwsLocation) -> str:
    """The ARN of a function, and of its version or alias, from any of the forms that Lambda takes."""
    known = arn_pattern(name)
    partial = _PARTIAL_FUNCTION.fullmatch(known)
    if partial:
        known = f"arn:{location.partition}:lambda:{location.region}:{partial['account']}:function:{partial['name']}"
    elif not known.startswith("arn:"):
        known = location.arn("lambda", f"function:{known}")
    return f"{known}:{arn_pattern(qualifier)}" if qualifier else known


def host_of(url: str) -> str:
    """The host of a URL, with `*` for what is not known; empty when it has none."""
    try:
        return urlsplit(arn_pattern(url)).hostname or ""
    except ValueError:
        return ""


def _secret(known: str) -> str:
    return known if known.endswith(ANY) else f"{known}-??????"


def _dynamodb(params: Params, location: AwsLocation) -> Needs:
    action = DYNAMODB.get(str(params.get("operation")))
    if action is None:
        return Needs(unknown="the `operation` of a `dynamodb` action is a template")
    table = table_arn(str(params.get("table", ANY)), location)
    index = params.get("index")
    return Needs((Permission(action, f"{table}/index/{arn_pattern(str(index))}" if index else table),))


def _lambda_invoke(params: Params, location: AwsLocation) -> Needs:
    arn = function_arn(str(params.get("function", ANY)), str(params.get("qualifier") or ""), location)
    return Needs((Permission("lambda:InvokeFunction", arn),))


def _http_call(params: Params, location: AwsLocation) -> Needs:
    auth = params.get("auth")
    signature = auth.get("sigv4") if isinstance(auth, Mapping) else None
    if not isinstance(signature, Mapping):
        return Needs()
    service = str(signature.get("service", "execute-api"))
    if service not in SIGNED:
        return Needs(unknown=f"an `http_call` is signed for {service}, whose IAM action its URL does not tell")
    region = arn_pattern(str(signature.get("region") or location.region))
    resource = _api_arn(params, region, location) if service == "execute-api" else _any_function(region, location)
    return Needs(tuple(Permission(action, resource) for action in SIGNED[service]))


def _any_function(region: str, location: AwsLocation) -> str:
    """A function URL does not tell which function it belongs to."""
    return AwsLocation(location.partition, region, location.account).arn("lambda", "function:*")


def _api_arn(params: Params, region: str, location: AwsLocation) -> str:
    """`API/STAGE/METHOD/PATH`; `*` for stage and path: a URL does not tell whether its first part is the stage."""
    method = arn_pattern(str(params.get("method", "GET"))).upper()
    found = _API_HOST.fullmatch(host_of(str(params.get("url", ""))))
    api = found["api"] if found else ANY
    return AwsLocation(location.partition, found["region"] if found else region, location.account).arn(
        "execute-api", f"{api}/*/{method}/*"
    )


def _aws_api(params: Params, location: AwsLocation) -> Needs:
    permissions = api_permissions.needed(params, location)
    if permissions is None:
        return Needs(unknown="the service or the operation of an `aws_api` action is a template")
    return Needs(permissions)


def _nothing(_params: Params, _place: AwsLocation) -> Needs:
    return Needs()


BY_TYPE: Mapping[str, Callable[[Params, AwsLocation], Needs]] = {
    "http_call": _http_call,
    "dynamodb": _dynamodb,
    "lambda_invoke": _lambda_invoke,
    "aws_api": _aws_api,
    "wait": _nothing,
    "choice": _nothing,
}
"""One entry for each type of action; a test holds it to the registry."""
