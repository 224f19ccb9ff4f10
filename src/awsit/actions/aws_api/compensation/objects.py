"""What takes back the writing and the deleting of an object in S3."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from awsit.actions.aws_errors import calling
from awsit.errors import ActionError, ErrorKind
from awsit.model.action.call import ActionContext
from awsit.model.action.compensation import Compensation, PlannedCompensation, thing
from awsit.model.json import Json
from awsit.model.permissions import ANY

OPERATIONS = frozenset({"put_object", "delete_object"})
_KEPT = (
    "ContentType",
    "ContentEncoding",
    "ContentDisposition",
    "ContentLanguage",
    "CacheControl",
    "Metadata",
    "StorageClass",
    "WebsiteRedirectLocation",
    "ServerSideEncryption",
    "SSEKMSKeyId",
)
"""What an object has beside its content that both a look and a write know (S3 API Reference, "PutObject")."""
LARGEST_OBJECT = 1024 * 1024
"""Bytes of an object that are kept to be put back, where the bucket itself keeps no versions."""

LARGEST_COPY = 5 * 1024**3
"""Bytes of an object that one call copies (S3 API Reference, "CopyObject")."""


def compensations(operation: str, params: Mapping[str, Json], context_data: ActionContext) -> tuple[Compensation, ...]:
    """What puts the object back as it is now. Raises ActionError for one that is too large to be kept."""
    object_key = {name: params[name] for name in ("Bucket", "Key")}
    head = _head(object_key, context_data)
    if head is None:
        return (call("delete_object", object_key),) if operation == "put_object" else ()
    version = head.get("VersionId", "null")
    if version != "null":
        _refuse_larger(object_key, head, LARGEST_COPY, "leave out `auto_cleanup` and `restore`")
        source = f"{object_key['Bucket']}/{object_key['Key']}?versionId={version}"
        return (call("copy_object", {**object_key, "CopySource": source}),)
    return (call("put_object", {**object_key, **_content(object_key, head, context_data)}),)


def planned_compensation(operation: str, params: Mapping[str, Json]) -> PlannedCompensation:
    """The same as far as it is known before the run: the looks, and all calls that it may come to."""
    key = {member: params.get(member, ANY) for member in ("Bucket", "Key")}
    put_back = (
        call("put_object", key),
        call("copy_object", {**key, "CopySource": f"{key['Bucket']}/{key['Key']}?versionId={ANY}"}),
    )
    inverses = (call("delete_object", key), *put_back) if operation == "put_object" else put_back
    return PlannedCompensation((call("head_object", key), call("get_object", key)), inverses)


def call(operation: str, params: Mapping[str, Json]) -> Compensation:
    """A call of S3 for an object."""
    things = (thing("s3", str(params["Bucket"]), str(params["Key"])),)
    call_params: dict[str, Json] = {"service": "s3", "operation": operation, "params": dict(params)}
    return Compensation("aws_api", call_params, things, puts_back=operation != "delete_object")


def _head(object_key: Mapping[str, Any], context_data: ActionContext) -> Any:
    try:
        with calling(context_data.aws, "s3 head_object"):
            return context_data.aws.client("s3").head_object(**object_key)
    except ActionError as error:
        if error.kind is ErrorKind.NOT_FOUND:
            return None
        raise


def _content(object_key: Mapping[str, Any], head: Mapping[str, Any], context_data: ActionContext) -> dict[str, Json]:
    hint = "turn on the bucket's versioning, or leave out `auto_cleanup` and `restore`"
    _refuse_larger(object_key, head, LARGEST_OBJECT, hint)
    with calling(context_data.aws, "s3 get_object"):
        body = context_data.aws.client("s3").get_object(**object_key)["Body"].read()
    kept = {name: head[name] for name in _KEPT if name in head}
    return {**kept, "Body": {"$base64": base64.b64encode(body).decode()}}


def _refuse_larger(object_key: Mapping[str, Any], head: Mapping[str, Any], most: int, hint: str) -> None:
    """Raise ActionError for an object that could not be put back."""
    if head["ContentLength"] > most:
        uri = f"s3://{object_key['Bucket']}/{object_key['Key']}"
        message = f"{uri} is there, with more than {most} bytes to put back"
        raise ActionError(message, kind=ErrorKind.VALIDATION, hint=hint)
