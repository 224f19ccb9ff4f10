"""What takes back an `aws_api` call: of objects in S3, and of resources that are named when they are created."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from awsit.actions.aws_api.params import AwsApiParams
from awsit.actions.aws_api.service_model import method_name
from awsit.actions.aws_errors import calling
from awsit.errors import ActionError, ErrorKind
from awsit.model.json import Json
from awsit.model.ports import ActionContext, Compensation

LARGEST_OBJECT = 1024 * 1024
"""Bytes of an object that are kept to be put back, where the bucket itself keeps no versions."""


@dataclass(frozen=True, slots=True)
class Creation:
    """How to see whether a resource exists, and how to delete it; `names` maps params of the creation to theirs."""

    look: str
    delete: str
    names: Mapping[str, str]
    more: Mapping[str, Json] = field(default_factory=dict)


_CREATIONS: Mapping[tuple[str, str], Creation] = {
    ("cloudformation", "create_stack"): Creation("describe_stacks", "delete_stack", {"StackName": "StackName"}),
    ("dynamodb", "create_table"): Creation("describe_table", "delete_table", {"TableName": "TableName"}),
    ("events", "put_rule"): Creation("describe_rule", "delete_rule", {"Name": "Name", "EventBusName": "EventBusName"}),
    ("lambda", "create_function"): Creation(
        "get_function_configuration", "delete_function", {"FunctionName": "FunctionName"}
    ),
    ("s3", "create_bucket"): Creation("head_bucket", "delete_bucket", {"Bucket": "Bucket"}),
    ("secretsmanager", "create_secret"): Creation(
        "describe_secret", "delete_secret", {"Name": "SecretId"}, {"ForceDeleteWithoutRecovery": True}
    ),
    ("ssm", "put_parameter"): Creation("get_parameter", "delete_parameter", {"Name": "Name"}),
}


def compensations_of_call(params: AwsApiParams, context_data: ActionContext) -> tuple[Compensation, ...]:
    """What takes the call back. Raises ActionError of kind validation when awsit does not know."""
    operation = method_name(params.operation or "")
    if params.service == "s3" and operation in {"put_object", "delete_object"}:
        return _object(params, context_data, creates=operation == "put_object")
    creation = _CREATIONS.get((params.service, operation))
    if creation is None:
        raise ActionError(
            f"awsit knows no inverse of {params.service} {operation or 'waiters'}",
            kind=ErrorKind.VALIDATION,
            hint="leave out `auto_cleanup` and `restore`, and write its `cleanup`",
        )
    return _creation(params, operation, creation, context_data)


def _creation(
    params: AwsApiParams, operation: str, creation: Creation, context_data: ActionContext
) -> tuple[Compensation, ...]:
    named = {theirs: params.params[ours] for ours, theirs in creation.names.items() if ours in params.params}
    if _look(params.service, creation.look, named, context_data) is not None:
        raise ActionError(
            f"{params.service} {operation}: {', '.join(map(str, named.values()))} exists already",
            kind=ErrorKind.VALIDATION,
            hint="`auto_cleanup` removes only what the action itself creates; choose a name of the run's own",
        )
    return (_compensation(params.service, creation.delete, {**named, **creation.more}),)


def _object(params: AwsApiParams, context_data: ActionContext, *, creates: bool) -> tuple[Compensation, ...]:
    object_key = {name: params.params[name] for name in ("Bucket", "Key")}
    head = _look("s3", "head_object", object_key, context_data)
    if head is None:
        return (_compensation("s3", "delete_object", object_key),) if creates else ()
    version = head.get("VersionId", "null")
    if version != "null":
        source = f"{object_key['Bucket']}/{object_key['Key']}?versionId={version}"
        return (_compensation("s3", "copy_object", {**object_key, "CopySource": source}),)
    return (_compensation("s3", "put_object", {**object_key, **_content(object_key, head, context_data)}),)


def _content(object_key: Mapping[str, Any], head: Mapping[str, Any], context_data: ActionContext) -> dict[str, Json]:
    uri = f"s3://{object_key['Bucket']}/{object_key['Key']}"
    if head["ContentLength"] > LARGEST_OBJECT:
        raise ActionError(
            f"{uri} is there, with more than {LARGEST_OBJECT} bytes to put back",
            kind=ErrorKind.VALIDATION,
            hint="turn on the bucket's versioning, or leave out `auto_cleanup` and `restore`",
        )
    with calling(context_data.aws, "s3 get_object"):
        body = context_data.aws.client("s3").get_object(**object_key)["Body"].read()
    kept = {name: head[name] for name in ("ContentType", "ContentEncoding", "CacheControl", "Metadata") if name in head}
    return {**kept, "Body": {"$base64": base64.b64encode(body).decode()}}


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


def _compensation(service: str, operation: str, params: Mapping[str, Json]) -> Compensation:
    return Compensation("aws_api", {"service": service, "operation": operation, "params": dict(params)})
