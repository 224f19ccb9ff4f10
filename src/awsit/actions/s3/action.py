"""`s3`: put, get, list and delete objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from mimetypes import MimeTypes
from typing import Any

from awsit.actions.aws_api.compensation import objects
from awsit.actions.aws_errors import calling
from awsit.actions.documents import from_bytes, is_binary, iso_time, read_body, to_bytes
from awsit.actions.expected_error import expecting
from awsit.actions.s3.forecast import WRITES, object_key, planned_compensation, required_permissions, summary_of
from awsit.actions.s3.params import S3Params
from awsit.errors import ActionError, ErrorKind
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.compensation import Compensation, PlannedCompensation
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.files import FileSource, digest_of
from awsit.model.json import Json
from awsit.model.permissions import AwsLocation, RequiredPermissions

_JSON, _TEXT, _BINARY = "application/json", "text/plain; charset=utf-8", "application/octet-stream"


class S3Action:
    """One operation on the objects of one bucket, with JSON, text or files as their bodies."""

    type = "s3"
    params_model = S3Params
    resource_kind = "bucket"
    not_found_means_gone = True

    def execute(self, params: S3Params, context_data: ActionContext) -> ActionResult:
        """Carry out the operation.

        Result: `{etag, version_id}` of `put`; `{body, content_type, content_length, etag, version_id, last_modified,
        metadata}` of `get`, and of `head` without the body; `{objects: [{key, size, etag, last_modified}], count,
        truncated}` of `list`; `{version_id, delete_marker}` of `delete`. An expected error is `{error: {code,
        message}}`. Raises ActionError when the operation could not be carried out.
        """
        request: Json = params.model_dump(exclude_unset=True, exclude_none=True)
        content = _content(params, context_data.files)
        if params.file is not None:
            request |= {"bytes": len(content), "digest": digest_of(content)}
        operation = f"{params.operation} s3://{params.bucket}/{params.key or params.prefix}"

        def call() -> ActionResult:
            with calling(context_data.aws, operation):
                client = context_data.aws.client("s3")
                if params.operation == "put":
                    return ActionResult(_put(params, client, content), request=request)
                return ActionResult(_OPERATIONS[params.operation](params, client), request=request)

        return expecting(operation, params.expect_error, request, call)

    def compensations(self, params: S3Params, context_data: ActionContext) -> tuple[Compensation, ...]:
        """What puts the object back as it is now, or deletes it where there is none."""
        if params.operation in WRITES:
            key = object_key({"bucket": params.bucket, "key": params.key})
            return objects.compensations(WRITES[params.operation], key, context_data)
        raise ActionError(
            f"{params.operation} changes nothing that could be undone",
            kind=ErrorKind.VALIDATION,
            hint="leave out `auto_cleanup` and `restore`",
        )

    def compensations_of_result(self, _params: S3Params, _done: ActionResult) -> tuple[Compensation, ...]:
        """Nothing: all is known before."""
        return ()

    def planned_compensation(self, params: PlannedParams) -> PlannedCompensation:
        """What puts the object back, and the looks for what is there before."""
        return planned_compensation(params)

    def is_safe_to_repeat(self, _params: S3Params) -> bool:
        """Always: what is put twice, or deleted twice, is as after the first time."""
        return True

    def only_reads(self, params: S3Params) -> bool:
        """Whether the operation is one that reads."""
        return params.operation not in WRITES

    def uses_aws(self, _params: PlannedParams) -> bool:
        """Always."""
        return True

    def permissions(self, params: PlannedParams, location: AwsLocation) -> RequiredPermissions:
        """The permissions for the operation, on the object and on the bucket."""
        return required_permissions(params, location)

    def named_files(self, params: PlannedParams) -> Iterator[tuple[str, Json]]:
        """The file that is put."""
        if params.get("file") is not None:
            yield "file", params["file"]

    def summary(self, params: PlannedParams) -> Summary:
        """The operation and its object."""
        return summary_of(params)


ACTION = S3Action()


def _put(params: S3Params, client: Any, content: bytes) -> Json:
    response = client.put_object(
        **_object(params),
        Body=content,
        ContentType=params.content_type or _default_type(params),
        Metadata=params.metadata,
    )
    return {"etag": _etag(response), "version_id": response.get("VersionId")}


def _get(params: S3Params, client: Any) -> Json:
    response = client.get_object(**_object(params))
    return {"body": from_bytes(read_body(response["Body"], params.max_body_bytes)), **_headers(response)}


def _head(params: S3Params, client: Any) -> Json:
    return _headers(client.head_object(**_object(params)))


def _list(params: S3Params, client: Any) -> Json:
    response = client.list_objects_v2(Bucket=params.bucket, Prefix=params.prefix, MaxKeys=params.limit)
    listed = [
        {
            "key": each["Key"],
            "size": each["Size"],
            "etag": _etag(each),
            "last_modified": iso_time(each["LastModified"]),
        }
        for each in response.get("Contents", [])
    ]
    return {"objects": listed, "count": len(listed), "truncated": response["IsTruncated"]}


def _delete(params: S3Params, client: Any) -> Json:
    response = client.delete_object(**_object(params))
    return {"version_id": response.get("VersionId"), "delete_marker": response.get("DeleteMarker", False)}


_OPERATIONS: dict[str, Callable[[S3Params, Any], Json]] = {
    "get": _get,
    "head": _head,
    "list": _list,
    "delete": _delete,
}


def _object(params: S3Params) -> dict[str, Any]:
    key = {"Bucket": params.bucket, "Key": params.key}
    return key if params.version_id is None else {**key, "VersionId": params.version_id}


def _content(params: S3Params, files: FileSource) -> bytes:
    """What is put; nothing for other operations. Raises ActionError of kind validation."""
    if params.file is not None:
        return files.read(params.file)
    return b"" if params.body is None else to_bytes(params.body, "body")


def _default_type(params: S3Params) -> str:
    if params.file is not None:
        return MimeTypes().guess_type(params.file)[0] or _BINARY
    if is_binary(params.body):
        return _BINARY
    return _TEXT if isinstance(params.body, str) else _JSON


def _headers(response: Mapping[str, Any]) -> dict[str, Json]:
    return {
        "content_type": response.get("ContentType"),
        "content_length": response.get("ContentLength"),
        "etag": _etag(response),
        "version_id": response.get("VersionId"),
        "last_modified": iso_time(response["LastModified"]),
        "metadata": response.get("Metadata", {}),
    }


def _etag(response: Mapping[str, Any]) -> str:
    return str(response["ETag"]).strip('"')
