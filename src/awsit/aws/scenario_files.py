"""Files of scenarios in the bucket of an installation, under their SHA-256.

Those of pushed scenarios stay; those of local scenarios that ran expire after their last run, like these themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from awsit.aws.client import errors
from awsit.aws.client.objects import read_object
from awsit.errors import EnvironmentFailure, InvalidInputError, NotFoundError
from awsit.model.files import DIGEST, digest_of
from awsit.model.ports import Aws
from awsit.system.files import DiskFiles

PUSHED = "scenarios/files/"
RAN = "scenarios/sha256/files/"


class BucketFiles:
    """The `FileStore` whose references are digests such as `sha256:2cf2…`."""

    def __init__(self, aws: Aws, bucket: str) -> None:
        self._aws = aws
        self._bucket = bucket

    def read(self, reference: str) -> bytes:
        """The content with that digest. Raises AwsitError when it is not there, or is another one."""
        if not DIGEST.fullmatch(reference):
            raise InvalidInputError(f"{reference!r} is not the SHA-256 of a file", code="bad_file")
        with errors.reported(f"read a file from the bucket {self._bucket}"):
            content = self._content(reference)
        if digest_of(content) != reference:
            message = f"the content of {reference} in the bucket {self._bucket} is another one"
            raise EnvironmentFailure(message, hint="push the scenario again")
        return content

    def put(self, paths: Mapping[str, str], prefix: str) -> dict[str, str]:
        """Store the files at these paths; returns their digests by the same names."""
        return {name: self._put(DiskFiles().read(path), prefix) for name, path in paths.items()}

    def _put(self, content: bytes, prefix: str) -> str:
        digest = digest_of(content)
        with errors.reported("upload a file of the scenario"):
            self._aws.client("s3").put_object(Bucket=self._bucket, Key=_key(prefix, digest), Body=content)
        return digest

    def _content(self, digest: str) -> bytes:
        s3 = self._aws.client("s3")
        try:
            with errors.reported("read a file of the scenario"):
                return read_object(s3, self._bucket, _key(PUSHED, digest))
        except NotFoundError:
            return read_object(s3, self._bucket, _key(RAN, digest))


class DiskOrBucketFiles:
    """The `FileStore` of this machine: paths lead to its disk; digests, of a pushed scenario's files, to the bucket."""

    def __init__(self, bucket: Callable[[], BucketFiles]) -> None:
        """`bucket` is called when something in it is needed: most runs need no installation."""
        self._bucket = bucket

    def read(self, reference: str) -> bytes:
        """The content at a path or with a digest. Raises AwsitError."""
        return self._bucket().read(reference) if DIGEST.fullmatch(reference) else DiskFiles().read(reference)


def _key(prefix: str, digest: str) -> str:
    return f"{prefix}{digest.removeprefix('sha256:')}"
