"""The artifact bucket, `awsit-artifacts-ACCOUNT-REGION`: packages and templates of all stacks of a region.

A key is the hash of its object, so that an unchanged package is uploaded once and an old one can be deployed again. The
bucket is created at the first deployment (encrypted, private, TLS only), and `awsit destroy` keeps it.
"""

from __future__ import annotations

import hashlib
from typing import Any

from awsit.aws.client import errors
from awsit.aws.client.clients import AwsClients
from awsit.errors import EnvironmentFailure
from awsit.model import json

_SUFFIXES = {
    "aws-cn": "amazonaws.com.cn",
    "aws-eusc": "amazonaws.eu",
    "aws-iso": "c2s.ic.gov",
    "aws-iso-b": "sc2s.sgov.gov",
    "aws-iso-e": "cloud.adc-e.uk",
    "aws-iso-f": "csp.hci.ic.gov",
}
"""What the hosts of a partition's services end with; a test holds them to botocore's `partitions.json`."""


def create_bucket(s3: Any, name: str, region: str) -> None:
    """Create a bucket in a region."""
    location: dict[str, Any] = {}
    if region != "us-east-1":  # the default of S3, which refuses it by name
        location = {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=name, **location)


class Artifacts:
    """The artifact bucket of the account and region of `aws`."""

    def __init__(self, aws: AwsClients) -> None:
        self._aws = aws
        self._bucket_ready = False

    @property
    def bucket(self) -> str:
        """The name of the bucket. Names are global, so that it contains the account and the region."""
        return f"awsit-artifacts-{self._aws.account}-{self._aws.region}"

    def put(self, content: bytes, suffix: str) -> tuple[str, bool]:
        """Store the content under its hash and a suffix (`.zip`). Returns the key, and whether it was uploaded."""
        self._ensure_bucket()
        key = hashlib.sha256(content).hexdigest() + suffix
        with errors.reported(f"upload a package to the bucket {self.bucket}"):
            if self._object_exists(key):
                return key, False
            self._s3.put_object(Bucket=self.bucket, Key=key, Body=content, ExpectedBucketOwner=self._aws.account)
        return key, True

    def url(self, key: str) -> str:
        """The URL of an object, for CloudFormation's `TemplateURL`, with the bucket in its path as in the AWS CLI's."""
        suffix = _SUFFIXES.get(self._aws.partition, "amazonaws.com")
        return f"https://s3.{self._aws.region}.{suffix}/{self.bucket}/{key}"

    def exists(self) -> bool:
        """Whether there is a bucket of this account. Raises EnvironmentFailure."""
        with errors.reported(f"look for the bucket {self.bucket}"):
            return self._bucket_exists()

    @property
    def _s3(self) -> Any:
        return self._aws.client("s3")

    def _object_exists(self, key: str) -> bool:
        try:
            self._s3.head_object(Bucket=self.bucket, Key=key, ExpectedBucketOwner=self._aws.account)
        except self._s3.exceptions.ClientError as error:
            if errors.code_of(error) in {"404", "NoSuchKey"}:
                return False
            raise
        return True

    def _ensure_bucket(self) -> None:
        if self._bucket_ready:
            return
        with errors.reported(f"make the bucket {self.bucket}"):
            if not self._bucket_exists():
                self._create_bucket()
        self._bucket_ready = True

    def _bucket_exists(self) -> bool:
        try:
            self._s3.head_bucket(Bucket=self.bucket, ExpectedBucketOwner=self._aws.account)
        except self._s3.exceptions.ClientError as error:
            code = errors.code_of(error)
            if code in {"404", "NoSuchBucket"}:
                return False
            if code == "403":
                raise EnvironmentFailure(
                    f"the bucket {self.bucket} is not accessible, or belongs to another account",
                    code="artifact_bucket",
                    hint="allow s3:ListBucket, s3:GetObject and s3:PutObject on it; a foreign one cannot be used",
                ) from error
            raise
        return True

    def _create_bucket(self) -> None:
        create_bucket(self._s3, self.bucket, self._aws.region)
        self._s3.put_public_access_block(
            Bucket=self.bucket,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "IgnorePublicAcls": True,
                "BlockPublicPolicy": True,
                "RestrictPublicBuckets": True,
            },
        )
        self._s3.put_bucket_encryption(
            Bucket=self.bucket,
            ServerSideEncryptionConfiguration={
                "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            },
        )
        self._s3.put_bucket_policy(Bucket=self.bucket, Policy=json.dumps(self._tls_only()))

    def _tls_only(self) -> dict[str, Any]:
        arn = f"arn:{self._aws.partition}:s3:::{self.bucket}"
        statement = {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [arn, f"{arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        return {"Version": "2012-10-17", "Statement": [statement]}
