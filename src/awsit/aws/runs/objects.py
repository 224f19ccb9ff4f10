"""The objects of runs in the stack's bucket: plans, reports, and documents that are too large for the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awsit.aws.client.objects import read_object
from awsit.model import codec
from awsit.model.ports import Aws


class RunObjects:
    """Texts below `runs/`."""

    def __init__(self, aws: Aws, bucket: str) -> None:
        self._aws = aws
        self._bucket = bucket

    def put(self, key: str, text: str) -> None:
        """Write a text."""
        self._aws.client("s3").put_object(
            Bucket=self._bucket, Key=key, Body=text.encode(), ContentType="application/json"
        )

    def get(self, key: str) -> str:
        """A text, whole."""
        return read_object(self._aws.client("s3"), self._bucket, key).decode()

    def attribute(self, key: str, value: Any, limit: int) -> Any:
        """What an item holds of a value: its JSON text, or `{"s3": key}` when that has over `limit` bytes."""
        text = codec.text(value)
        if len(text.encode()) <= limit:
            return text
        self.put(key, text)
        return {"s3": key}

    def delete(self, attribute: Any) -> None:
        """Remove the text of an attribute that `attribute` made, if it lies here."""
        if isinstance(attribute, Mapping):
            self._aws.client("s3").delete_object(Bucket=self._bucket, Key=attribute["s3"])
