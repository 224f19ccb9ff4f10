"""What an `s3` action takes, and which param belongs to which operation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from awsit.actions.always_refused import broken_base64, empty_value
from awsit.actions.documents import MAX_BODY_BYTES
from awsit.actions.expected_error import EXPECT_ERROR, ExpectedError, misspelt_codes
from awsit.actions.operations import Takes, check_operation
from awsit.actions.params import Params
from awsit.validation.errors import Finding, findings

LARGEST_PAGE = 1000
"""Objects of one call (S3 API Reference, "ListObjectsV2")."""

Operation = Literal["put", "get", "head", "list", "delete"]

_KEY = frozenset({"key"})
TAKES = {
    "put": Takes(_KEY, frozenset({"body", "file", "content_type", "metadata"})),
    "get": Takes(_KEY, frozenset({"version_id", "max_body_bytes"})),
    "head": Takes(_KEY, frozenset({"version_id"})),
    "list": Takes(more=frozenset({"prefix", "limit"})),
    "delete": Takes(_KEY),
}


def _bucket(value: str) -> str:
    if value.startswith(("arn:", "s3://")):
        raise ValueError("must be the bucket's name, as in {bucket: orders, key: 2030/1.json}")
    return value


class S3Params(Params):
    """Params of `s3`. Bodies are JSON, text or files."""

    operation: Operation = Field(description="What to do.")
    bucket: Annotated[str, AfterValidator(_bucket)] = Field(min_length=1, description="Name of the bucket.")
    key: str | None = Field(default=None, min_length=1, description="Key of the object.", examples=["orders/7.json"])
    body: Any = Field(
        default=None,
        description="`put`: text, stored as it is; `{$base64: ...}`, stored as bytes; anything else is stored as JSON.",
        examples=[{"id": 7}],
    )
    file: str | None = Field(
        default=None,
        description="`put`: a file in place of `body`: a path relative to the file in which it is written.",
    )
    content_type: str | None = Field(
        default=None, description="`put`: default: JSON, text, or that of the file name's ending."
    )
    metadata: dict[str, str] = Field(default_factory=dict, description="`put`: metadata of the object.")
    version_id: str | None = Field(default=None, description="`get`, `head`: a version; default: the current one.")
    max_body_bytes: int = Field(
        default=MAX_BODY_BYTES, ge=1, le=64 * MAX_BODY_BYTES, description="`get`: a larger object is an error."
    )
    prefix: str = Field(default="", description="`list`: only the objects whose keys begin with it.")
    limit: int = Field(
        default=LARGEST_PAGE, ge=1, le=LARGEST_PAGE, description="`list`: objects at most, in the order of their keys."
    )
    expect_error: ExpectedError | None = EXPECT_ERROR

    @model_validator(mode="after")
    def _fits_operation(self) -> Self:
        given = check_operation(self, self.operation, TAKES, "bucket")
        if self.operation == "put" and len(given & {"body", "file"}) != 1:
            raise ValueError("put needs exactly one of `body` and `file`")
        wrong = misspelt_codes("s3", self.expect_error) if self.expect_error else self._always_refused()
        if found := list(wrong):
            raise findings(found)
        return self

    def _always_refused(self) -> Iterator[Finding]:
        """What no bucket takes; a scenario that expects an error may be about just that."""
        yield from empty_value(self.version_id, ("version_id",), "leave it out for the current version")
        yield from broken_base64(self.body, ("body",))
