"""The IAM permissions of `aws_api`: of any operation of any service.

The IAM action is `prefix:Operation`; the prefix is what requests are signed with (`signingName` in botocore's model).
What differs is listed here. Source: Service Authorization Reference, "Actions, resources, and condition keys for ..."
(https://docs.aws.amazon.com/service-authorization/latest/reference/), for S3 also the user guide, "Required permissions
for Amazon S3 API operations" (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from awsit.actions.arns import arn_pattern
from awsit.actions.aws_api.emptying import CALLS
from awsit.actions.aws_api.resource_arns import resource_of
from awsit.actions.aws_api.s3_permissions import S3_ACTIONS, of_version
from awsit.actions.aws_api.service_model import find_operation, find_waiter, method_name, service_problem
from awsit.model.action.protocol import PlannedParams
from awsit.model.json import Json
from awsit.model.permissions import AwsLocation, Permission, RequiredPermissions

PREFIXES: Mapping[str, str] = {
    "cloudwatch": "cloudwatch",  # signed as `monitoring`
    "cloudcontrol": "cloudformation",
    "iot-data": "iot",
    "iot-jobs-data": "iotjobsdata",
    "iotsecuretunneling": "iot",
    "keyspaces": "cassandra",
    "mturk": "mechanicalturk",
    "resourcegroupstaggingapi": "tag",
}
"""Services whose IAM prefix is not the name that their requests are signed with."""

_OF_KEYSPACES = ("Keyspace", "Table", "Type")
_PARTIQL = ("PartiQLSelect", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete")

OPERATIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "s3": S3_ACTIONS,
    # list_amazondynamodb.html: a transaction asks for the permissions of its parts
    "dynamodb": {
        "TransactGetItems": ("GetItem",),
        "TransactWriteItems": ("PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"),
        "ExecuteStatement": _PARTIQL,
        "BatchExecuteStatement": _PARTIQL,
        "ExecuteTransaction": _PARTIQL,
    },
    # list_awslambda.html
    "lambda": {
        "Invoke": ("InvokeFunction",),
        "InvokeWithResponseStream": ("InvokeFunction",),
        "GetLayerVersionByArn": ("GetLayerVersion",),
    },
    # list_amazonsqs.html, list_amazonsns.html: a batch asks for the permission of its parts
    "sqs": {
        "SendMessageBatch": ("SendMessage",),
        "DeleteMessageBatch": ("DeleteMessage",),
        "ChangeMessageVisibilityBatch": ("ChangeMessageVisibility",),
    },
    "sns": {"PublishBatch": ("Publish",)},
    # AWS STS API Reference, GetCallerIdentity: it is allowed even where it is denied
    "sts": {"GetCallerIdentity": ()},
    # list_awskeymanagementservice.html
    "kms": {"ReEncrypt": ("ReEncryptFrom", "ReEncryptTo")},
    # list_amazonbedrock.html
    "bedrock": {
        "Converse": ("InvokeModel",),
        "ConverseStream": ("InvokeModelWithResponseStream",),
        "StartAsyncInvoke": ("InvokeModel",),
    },
    # list_amazonapigatewaymanagement.html, "ManageConnections"
    "execute-api": {
        "PostToConnection": ("ManageConnections",),
        "GetConnection": ("ManageConnections",),
        "DeleteConnection": ("ManageConnections",),
    },
    # list_amazonkeyspacesforapachecassandra.html: the actions are those of CQL
    "cassandra": {
        **{f"Create{what}": ("Create",) for what in _OF_KEYSPACES},
        **{f"Delete{what}": ("Drop",) for what in _OF_KEYSPACES},
        **{f"Update{what}": ("Alter",) for what in _OF_KEYSPACES},
        **{f"Get{what}": ("Select",) for what in _OF_KEYSPACES},
        **{f"List{what}s": ("Select",) for what in _OF_KEYSPACES},
        "GetTableAutoScalingSettings": ("Select",),
        "ListTagsForResource": ("Select",),
        "RestoreTable": ("Restore",),
    },
    # list_amazontimestream.html
    "timestream": {"Query": ("Select",)},
}
"""Operations whose IAM actions are not their names, by prefix."""

_HTTP_VERBS = "apigateway"  # list_amazonapigatewaymanagement.html: the actions are HTTP methods, the resources paths

_ROLES = frozenset({"role", "rolearn", "executionrolearn", "taskrolearn", "servicerole", "servicerolearn"})
_TAKES_NO_ROLE = frozenset({"iam", "sts"})


def required_permissions(params: PlannedParams, location: AwsLocation) -> RequiredPermissions:
    """The permissions of one `aws_api` action; unknown when its service or operation is not known before the run."""
    operation = _operation(params)
    if operation is None:
        return RequiredPermissions(unknown="the service or the operation of an `aws_api` action is a template")
    api_params = params.get("params")
    api_params = api_params if isinstance(api_params, Mapping) else {}
    prefix = prefix_of(operation.service_model)
    if prefix == _HTTP_VERBS:
        return RequiredPermissions((_http_verb(operation, location),))
    actions = actions_of(prefix, operation.name)
    actions = of_version(actions, api_params) if prefix == "s3" else actions
    permissions = [
        Permission(f"{prefix}:{action}", resource_of(prefix, action, api_params, location)) for action in actions
    ]
    if params.get("empty_first") is True:
        called = CALLS.get((operation.service_model.service_name, method_name(operation.name)), ())
        named = {**api_params, "Rule": api_params.get("Name")}
        permissions += [
            Permission(f"{prefix}:{action}", resource_of(prefix, action, named, location))
            for name in called
            for action in actions_of(prefix, name)
        ]
    if prefix not in _TAKES_NO_ROLE:
        permissions += [
            Permission("iam:PassRole", _role_arn(arn_pattern(role), location)) for role in _roles(api_params)
        ]
    return RequiredPermissions(tuple(permissions))


def prefix_of(service: Any) -> str:
    """The IAM prefix of botocore's ServiceModel."""
    return PREFIXES.get(service.service_name) or str(service.signing_name)


def actions_of(prefix: str, operation: str) -> tuple[str, ...]:
    """The names of the IAM actions of an operation."""
    return OPERATIONS.get(prefix, {}).get(operation, (operation,))


def _operation(params: PlannedParams) -> Any:
    """The operation in botocore's model, or None."""
    service, wait_for = params.get("service"), params.get("wait_for")
    if not isinstance(service, str) or service_problem(service):
        return None
    name = params.get("operation")
    if isinstance(wait_for, Mapping):
        waiter = find_waiter(service, str(wait_for.get("waiter")))
        name = waiter.operation if waiter else None
    return find_operation(service, name) if isinstance(name, str) else None


def _http_verb(operation: Any, location: AwsLocation) -> Permission:
    uri = operation.http["requestUri"].split("?")[0].removeprefix("/v2")
    path = arn_pattern(uri.replace("{", "{{").replace("}", "}}"))  # the URI's parameters as if they were expressions
    arn = f"arn:{location.partition}:{_HTTP_VERBS}:{location.region}::{path}"
    return Permission(f"{_HTTP_VERBS}:{operation.http['method']}", arn)


def _role_arn(known: str, location: AwsLocation) -> str:
    return known if known.startswith("arn:") else f"arn:{location.partition}:iam::{location.account}:role/{known}"


def _roles(value: Json) -> Iterator[str]:
    """The roles that an operation hands to a service, which asks for `iam:PassRole`."""
    for name, item in value.items() if isinstance(value, Mapping) else ():
        if name.lower() in _ROLES and isinstance(item, str):
            yield item
        else:
            yield from _roles(item)
    for item in value if isinstance(value, list) else ():
        yield from _roles(item)
