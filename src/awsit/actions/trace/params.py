"""What a `trace` action takes."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from awsit.actions.params import DAY_SECONDS, Number, Params
from awsit.model.text.trace import TRACE_ID

DEFAULT_WITHIN, DEFAULT_SETTLE = 60.0, 5.0
_MOST_VISITS = 100
_IN_HEADER = re.compile(rf"(?:.*[=; ])?(?P<id>{TRACE_ID.pattern})(?:[; ].*)?")


def _trace_id(value: str) -> str:
    found = _IN_HEADER.fullmatch(value)
    if found is None:
        raise ValueError(
            "must be an ID such as 1-5759e988-bd862e3fe1be46a994272793, or a header `X-Amzn-Trace-Id` that holds one"
        )
    return found["id"]


class TraceParams(Params):
    """Params of `trace`."""

    trace_id: Annotated[str, AfterValidator(_trace_id)] | None = Field(
        default=None,
        description="Another trace: its ID, or the header `X-Amzn-Trace-Id` that names it. Default: the run's own.",
        examples=["1-5759e988-bd862e3fe1be46a994272793"],
    )
    visits: list[Annotated[str, Field(min_length=1)]] = Field(
        default_factory=list,
        max_length=_MOST_VISITS,
        description="Names of services, each called by the one before it, directly or through others.",
        examples=[["orders-api/prod", "PlaceOrder", "orders"]],
    )
    within_seconds: Number = Field(
        default=DEFAULT_WITHIN, gt=0, le=DAY_SECONDS, description="How long to wait for the trace, from the first look."
    )
    settle_seconds: Number = Field(
        default=DEFAULT_SETTLE,
        ge=0,
        le=DAY_SECONDS,
        description="The trace is complete when nothing has come for so long. 0: at the first look at which nothing is "
        "in progress.",
    )
