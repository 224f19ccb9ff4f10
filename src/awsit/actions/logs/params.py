"""What a `logs` action takes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field, TypeAdapter, model_validator

from awsit.actions.params import IsoTime, Params
from awsit.system.ulid import time_of

_RUN = "run"
_DEFAULT_LIMIT = 1000
MOST = 10_000
"""Events of one answer, and rows of one query (CloudWatch Logs API Reference, "FilterLogEvents", "StartQuery")."""


def _since(value: str) -> str:
    return value if value == _RUN else TypeAdapter(IsoTime).validate_python(value)


class LogsParams(Params):
    """Params of `logs`."""

    group: str = Field(min_length=1, description="Name or ARN of the log group.", examples=["/aws/lambda/orders"])
    pattern: str | None = Field(
        default=None,
        max_length=1024,
        description="Only the events that match this filter pattern of CloudWatch Logs; default: all.",
        examples=['{ $.level = "ERROR" }'],
    )
    query: str | None = Field(
        default=None,
        min_length=1,
        max_length=10_000,
        description="Query of CloudWatch Logs Insights, in place of `pattern`: the result has its rows.",
        examples=["filter level = 'ERROR' | stats count(*) as errors by service"],
    )
    since: Annotated[str, AfterValidator(_since)] = Field(
        default=_RUN, description="Only later events: an ISO 8601 time, or `run`, when the run started."
    )
    limit: int = Field(
        default=_DEFAULT_LIMIT, ge=1, le=MOST, description="Events at most, the oldest first, or rows of a query."
    )

    @model_validator(mode="after")
    def _asks_in_one_way(self) -> Self:
        if self.pattern is not None and self.query is not None:
            raise ValueError("takes `pattern` or `query`, not both: a query filters by itself")
        return self

    def starts(self, run_id: str) -> datetime:
        """The time of the first event, in UTC: the ID of a run is a ULID, which begins with when that started."""
        if self.since == _RUN:
            return time_of(run_id.removeprefix("run-"))
        return datetime.fromisoformat(self.since).astimezone(UTC)
