"""What `plan` says of an `s3` action: the operation and its object, the IAM permissions, and what takes it back."""

from __future__ import annotations

from collections.abc import Mapping

from awsit.actions.arns import arn_pattern
from awsit.actions.aws_api.compensation import objects
from awsit.expressions.values import as_text
from awsit.model.action.compensation import PlannedCompensation
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.permissions import ANY, AwsLocation, Permission, RequiredPermissions

ON_OBJECTS: Mapping[str, tuple[str, ...]] = {
    "put": ("s3:PutObject",),
    "get": ("s3:GetObject",),
    "head": ("s3:GetObject",),
    "delete": ("s3:DeleteObject",),
    "list": (),
}
ON_BUCKETS: Mapping[str, tuple[str, ...]] = {
    "get": ("s3:ListBucket",),
    "head": ("s3:ListBucket",),
    "list": ("s3:ListBucket",),
}
"""The IAM actions of each operation.

Source: Amazon S3 user guide, "Required permissions for Amazon S3 API operations". Without `s3:ListBucket`, an object
that is not there is answered with 403 in place of 404.
"""
WRITES: Mapping[str, str] = {"put": "put_object", "delete": "delete_object"}
"""The operations that change an object, by their names in S3's API."""


def required_permissions(params: PlannedParams, location: AwsLocation) -> RequiredPermissions:
    """The permissions for the operation, on the object and on the bucket."""
    operation = str(params.get("operation"))
    if operation not in ON_OBJECTS:
        return RequiredPermissions(unknown="the `operation` of an `s3` action is a template")
    bucket = location.global_arn("s3", arn_pattern(str(params.get("bucket", ANY))))
    key = f"{bucket}/{arn_pattern(str(params.get('key', ANY)))}"
    of_version = "Version" if params.get("version_id") else ""
    return RequiredPermissions(
        (
            *(Permission(f"{action}{of_version}", key) for action in ON_OBJECTS[operation]),
            *(Permission(action, bucket) for action in ON_BUCKETS.get(operation, ())),
        )
    )


def summary_of(params: PlannedParams) -> Summary:
    """The operation and its object; the resource is the bucket."""
    bucket = as_text(params.get("bucket"))
    place = as_text(params.get("prefix", "") if params.get("operation") == "list" else params.get("key"))
    return Summary(f"{as_text(params.get('operation'))} s3://{bucket}/{place}", bucket)


def planned_compensation(params: PlannedParams) -> PlannedCompensation:
    """What puts the object back, and the looks for what is there before; none for a read."""
    operation = str(params.get("operation"))
    if operation in WRITES:
        return objects.planned_compensation(WRITES[operation], object_key(params))
    if operation in ON_OBJECTS:
        return PlannedCompensation(problem=f"{operation} changes nothing", hint="leave it out")
    return PlannedCompensation()


def object_key(params: PlannedParams) -> dict[str, str]:
    """The object as S3's API names it."""
    return {"Bucket": str(params.get("bucket", ANY)), "Key": str(params.get("key", ANY))}
