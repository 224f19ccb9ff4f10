"""Whole objects of S3."""

from __future__ import annotations

import io
from typing import Any


def read_object(s3: Any, bucket: str, key: str) -> bytes:
    """The content of an object. Raises botocore's errors.

    boto3's transfer manager repeats a download that breaks off half-way. After a plain GetObject the caller reads the
    stream, and botocore retries nothing.
    """
    from boto3.s3.transfer import TransferConfig
    from s3transfer.exceptions import RetriesExceededError

    content = io.BytesIO()
    try:
        s3.download_fileobj(bucket, key, content, Config=TransferConfig(use_threads=False))
    except RetriesExceededError as error:
        raise error.last_exception from error
    return content.getvalue()
