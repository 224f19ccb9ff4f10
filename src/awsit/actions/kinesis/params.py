"""What a `kinesis` action takes, and which param belongs to which operation."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, TypeAdapter, WithJsonSchema, model_validator

from awsit.actions.always_refused import broken_base64
from awsit.actions.expected_error import EXPECT_ERROR, ExpectedError, misspelt_codes
from awsit.actions.operations import Takes, check_operation
from awsit.actions.params import IsoTime, Params
from awsit.validation.errors import findings

DEFAULT_LIMIT = 1000
LARGEST_BATCH = 500
"""Records of one call (Kinesis API Reference, "PutRecords")."""
STARTS = {"trim_horizon": "TRIM_HORIZON", "latest": "LATEST"}
"""Words for the ends of a stream, and the types of iterators that begin there."""

Operation = Literal["put", "read"]
TAKES = {"put": Takes(frozenset({"records"})), "read": Takes(more=frozenset({"since", "limit"}))}


def _since(value: Any) -> Any:
    if isinstance(value, str):
        return value if value in STARTS else TypeAdapter(IsoTime).validate_python(value)
    if isinstance(value, dict) and value and all(isinstance(each, str) for each in value.values()):
        return value
    raise ValueError("must be `trim_horizon`, `latest`, an ISO 8601 time, or the `position` of an earlier read")


Since = Annotated[
    Any,
    AfterValidator(_since),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "object", "additionalProperties": {"type": "string"}},
            ]
        }
    ),
]


class StreamRecord(Params):
    """One record to put."""

    data: Any = Field(
        description="Text, sent as it is; `{$base64: ...}`, sent as bytes; anything else is sent as JSON.",
        examples=[{"order": 7}],
    )
    partition_key: str = Field(
        min_length=1, max_length=256, description="Decides on the shard; records with the same key keep their order."
    )
    explicit_hash_key: str | None = Field(
        default=None, pattern=r"^(0|[1-9]\d{0,38})$", description="Decides on the shard in place of the partition key."
    )


class KinesisParams(Params):
    """Params of `kinesis`. Data is JSON or text."""

    operation: Operation = Field(description="What to do.")
    stream: str = Field(min_length=1, description="Name or ARN of the stream.")
    records: list[StreamRecord] | None = Field(
        default=None, min_length=1, max_length=LARGEST_BATCH, description="`put`: 1 to 500 records."
    )
    since: Since = Field(
        default="trim_horizon",
        description="`read`: where to begin: `trim_horizon` (the oldest record), an ISO 8601 time, `latest` (what "
        "comes after this read), or the `position` of an earlier read, for 5 minutes.",
        examples=["{{ run.started_at }}"],
    )
    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=10_000, description="`read`: records at most, over all shards.")
    expect_error: ExpectedError | None = EXPECT_ERROR

    @model_validator(mode="after")
    def _fits_operation(self) -> Self:
        check_operation(self, self.operation, TAKES, "stream")
        wrong = list(misspelt_codes("kinesis", self.expect_error)) if self.expect_error else []
        for index, record in enumerate(self.records or ()):
            wrong += broken_base64(record.data, ("records", index, "data"))
        if wrong:
            raise findings(wrong)
        return self
