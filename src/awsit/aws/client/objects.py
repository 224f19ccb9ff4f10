"""Whole objects of S3."""

from __future__ import annotations

import io
from typing import Any

from awsit.aws.client.deadline import seconds_left


def read_object(s3: Any, bucket: str, key: str) -> bytes:
    """The content of an object. Raises botocore's errors."""
    from botocore.exceptions import IncompleteReadError, ReadTimeoutError, ResponseStreamingError

    body = s3.get_object(Bucket=bucket, Key=key)["Body"]
    try:
        return bytes(body.read())
    except (IncompleteReadError, ReadTimeoutError, ResponseStreamingError, OSError):
        left = seconds_left()
        if left is not None and left <= 0:
            raise
        return _transferred(s3, bucket, key)


def _transferred(s3: Any, bucket: str, key: str) -> bytes:
    """The content of an object whose download broke off half-way.

    The SDK retries nothing once an answer has begun; its transfer manager does, and takes a while to import.
    """
    from s3transfer.exceptions import RetriesExceededError
    from s3transfer.futures import NonThreadedExecutor
    from s3transfer.manager import TransferManager

    content = io.BytesIO()
    try:
        with TransferManager(s3, executor_cls=NonThreadedExecutor) as transfers:
            transfers.download(bucket, key, content).result()
    except RetriesExceededError as error:
        raise error.last_exception from error
    return content.getvalue()
