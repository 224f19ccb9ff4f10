"""The IAM actions of S3's operations, where they are not named alike.

Source: Amazon S3 user guide, "Required permissions for Amazon S3 API operations"
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html).
"""

from __future__ import annotations

from collections.abc import Mapping

from awsit.model.json import Json

_CONFIGURATIONS = {
    "BucketEncryption": "EncryptionConfiguration",
    "BucketLifecycle": "LifecycleConfiguration",
    "BucketLifecycleConfiguration": "LifecycleConfiguration",
    "BucketReplication": "ReplicationConfiguration",
    "BucketAccelerateConfiguration": "AccelerateConfiguration",
    "BucketAnalyticsConfiguration": "AnalyticsConfiguration",
    "BucketInventoryConfiguration": "InventoryConfiguration",
    "BucketMetricsConfiguration": "MetricsConfiguration",
    "BucketIntelligentTieringConfiguration": "IntelligentTieringConfiguration",
    "BucketNotificationConfiguration": "BucketNotification",
    "ObjectLockConfiguration": "BucketObjectLockConfiguration",
    "PublicAccessBlock": "BucketPublicAccessBlock",
    "BucketCors": "BucketCORS",
    "BucketTagging": "BucketTagging",
    "BucketOwnershipControls": "BucketOwnershipControls",
}
"""Configurations of a bucket: what the operations call them, and what the permissions do. To delete is to put."""

_GET_OBJECT = ("GetObject", "ListBucket")
"""Without `s3:ListBucket`, an object that is not there is answered with 403 in place of 404 (Amazon S3 API Reference,
"GetObject" and "HeadObject", "Permissions"): then a poll or a look before an act would end as denied."""

_COPY_TAGS = ("GetObjectTagging", "PutObjectTagging")
"""A copy takes the tags of its source along, and is denied as a whole where it may not and there are any (Amazon S3 API
Reference, "CopyObject", `x-amz-tagging-directive`)."""

S3_ACTIONS: Mapping[str, tuple[str, ...]] = {
    **{f"Get{name}": (f"Get{action}",) for name, action in _CONFIGURATIONS.items()},
    **{f"Put{name}": (f"Put{action}",) for name, action in _CONFIGURATIONS.items()},
    **{f"Delete{name}": (f"Put{action}",) for name, action in _CONFIGURATIONS.items()},
    **{
        f"List{name}s": (f"Get{action}",)
        for name, action in _CONFIGURATIONS.items()
        if name.startswith(("BucketAnalytics", "BucketInventory", "BucketMetrics", "BucketIntelligent"))
    },
    "CreateBucketMetadataConfiguration": ("CreateBucketMetadataTableConfiguration",),
    "GetBucketMetadataConfiguration": ("GetBucketMetadataTableConfiguration",),
    "DeleteBucketMetadataConfiguration": ("DeleteBucketMetadataTableConfiguration",),
    "ListBuckets": ("ListAllMyBuckets",),
    "ListDirectoryBuckets": ("ListAllMyBuckets",),
    "HeadBucket": ("ListBucket",),
    "ListObjects": ("ListBucket",),
    "ListObjectsV2": ("ListBucket",),
    "ListObjectVersions": ("ListBucketVersions",),
    "ListMultipartUploads": ("ListBucketMultipartUploads",),
    "ListParts": ("ListMultipartUploadParts",),
    "GetObject": _GET_OBJECT,
    "HeadObject": _GET_OBJECT,
    "SelectObjectContent": ("GetObject",),
    "CopyObject": ("GetObject", "PutObject", *_COPY_TAGS),
    "RenameObject": ("GetObject", "PutObject", "DeleteObject"),
    "CreateMultipartUpload": ("PutObject",),
    "UploadPart": ("PutObject",),
    "UploadPartCopy": ("GetObject", "PutObject"),
    "CompleteMultipartUpload": ("PutObject",),
    "DeleteObjects": ("DeleteObject", "DeleteObjectVersion"),
    "GetObjectAttributes": ("GetObject", "GetObjectAttributes"),
}

_OF_VERSION = {
    "GetObject": "GetObjectVersion",
    "GetObjectAcl": "GetObjectVersionAcl",
    "GetObjectAttributes": "GetObjectVersionAttributes",
    "GetObjectTagging": "GetObjectVersionTagging",
    "PutObjectAcl": "PutObjectVersionAcl",
    "PutObjectTagging": "PutObjectVersionTagging",
    "DeleteObject": "DeleteObjectVersion",
    "DeleteObjectTagging": "DeleteObjectVersionTagging",
}

_READ_OF_VERSION = {name: action for name, action in _OF_VERSION.items() if name.startswith("Get")}
"""Of a copy, the version is that of its source: what is written has one of its own."""


def of_version(actions: tuple[str, ...], api_params: Mapping[str, Json]) -> tuple[str, ...]:
    """The actions as they are called where the params name a version of an object, or of the source of a copy."""
    is_of_source = "versionid" in str(api_params.get("CopySource")).lower()
    if "VersionId" not in api_params and not is_of_source:
        return actions
    changed = _OF_VERSION if "VersionId" in api_params else _READ_OF_VERSION
    return tuple(changed.get(action, action) for action in actions)
