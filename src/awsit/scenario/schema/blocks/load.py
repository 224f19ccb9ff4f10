"""How a scenario is run as load: the `load` of a scenario."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from awsit.quotas.rates import per_second
from awsit.scenario.limits import MAX_LOAD_CONCURRENCY, MAX_LOAD_RATE, MAX_SCENARIO_SECONDS
from awsit.scenario.schema.blocks.limits import rate_schema
from awsit.scenario.schema.fields import Identifier, Number, Whole
from awsit.scenario.schema.spec import Spec
from awsit.validation.errors import refusal

_SPAN = r"[0-9]{1,6}(\.[0-9]{1,3})? ?(s|m|h|seconds?|minutes?|hours?)"
_SECONDS = {"s": 1, "m": 60, "h": 3600}


def _time_span(value: Any) -> float:
    """Seconds of a time such as `90`, `30s`, `5m` or `5 minutes`."""
    seconds = _seconds(value)
    if not 0 < seconds <= MAX_SCENARIO_SECONDS:
        raise _no_span("more than 0")
    return seconds


def _ramp(value: Any) -> float:
    """Seconds of a time; 0 is no ramp."""
    seconds = _seconds(value)
    if not 0 <= seconds <= MAX_SCENARIO_SECONDS:
        raise _no_span("0 or more")
    return seconds


def _seconds(value: Any) -> float:
    """What a time comes to; less than 0 for what is none."""
    if isinstance(value, str) and re.fullmatch(_SPAN, value):
        number, unit = re.findall(r"[0-9.]+|[a-z]+", value)
        return float(number) * _SECONDS[unit[0]]
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return float(value)
    return -1.0


def _no_span(least: str) -> Exception:
    hint = "for example `5 minutes`, `30s`, or a number of seconds"
    return refusal(f"must be a time of {least} and at most 24 hours", hint)


def _starts_a_second(value: Any) -> float:
    try:
        return per_second(value, MAX_LOAD_RATE, "starts")
    except ValueError as error:
        raise refusal(f"must be {error}", "let several machines share a higher rate") from None


def _span_schema(*, is_nothing_allowed: bool) -> WithJsonSchema:
    least = "minimum" if is_nothing_allowed else "exclusiveMinimum"
    number = {"type": "number", least: 0, "maximum": MAX_SCENARIO_SECONDS}
    return WithJsonSchema({"anyOf": [number, {"type": "string", "pattern": f"^{_SPAN}$"}]})


StartRate = Annotated[float, BeforeValidator(_starts_a_second), rate_schema(MAX_LOAD_RATE)]
"""Starts a second."""
TimeSpan = Annotated[float, BeforeValidator(_time_span), _span_schema(is_nothing_allowed=False)]
RampSpan = Annotated[float, BeforeValidator(_ramp), _span_schema(is_nothing_allowed=True)]
"""Seconds."""
Milliseconds = Annotated[Number, Field(gt=0)]
Share = Annotated[Number, Field(ge=0, le=1)]


class ExpectedTimes(Spec):
    """The most that times may come to, in milliseconds; also the share of failures."""

    p50_ms: Milliseconds | None = Field(default=None, description="What half of the times may take at most.")
    p90_ms: Milliseconds | None = Field(default=None, description="What 90 % of the times may take at most.")
    p95_ms: Milliseconds | None = Field(default=None, description="What 95 % of the times may take at most.")
    p99_ms: Milliseconds | None = Field(default=None, description="What 99 % of the times may take at most.")
    max_ms: Milliseconds | None = Field(default=None, description="What any of the times may take at most.")
    error_rate: Share | None = Field(default=None, description="The share that may fail: 0.01 is one of a hundred.")

    def thresholds(self) -> dict[str, float]:
        """Those that are there, by their keys."""
        return self.model_dump(include=set(ExpectedTimes.model_fields), exclude_none=True)


class LoadExpectation(ExpectedTimes):
    """What must hold of a load: of the scenario, from the time at which it was to start, and of single actions."""

    error_rate: Share = Field(default=0.0, description="The share of iterations that may fail; default: none.")
    dropped_rate: Share = Field(
        default=0.0, description="The share of iterations that this machine may fail to start; default: none."
    )
    actions: dict[Identifier, ExpectedTimes] = Field(
        default_factory=dict, description="The same of single actions, by their names: of each from its own start."
    )

    def thresholds(self) -> dict[str, float]:
        """Those of the scenario, by their keys."""
        return {**super().thresholds(), "dropped_rate": self.dropped_rate}


class LoadSpec(Spec):
    """A scenario as load: `awsit load` starts it again and again at this rate, whatever becomes of earlier starts."""

    rate: StartRate = Field(description="Starts of the scenario, such as `20/s`, `30/min`, or a number a second.")
    seconds: TimeSpan = Field(alias="for", description="How long it is started, `ramp` included: `5 minutes`, `30s`.")
    ramp: RampSpan = Field(default=0.0, description="How long the rate grows, from none to the whole; default: 0.")
    max_concurrency: Whole = Field(
        default=100,
        ge=1,
        le=MAX_LOAD_CONCURRENCY,
        description="How many may go on at once; a start that comes while so many do is dropped, and counted.",
    )
    expect: LoadExpectation = Field(
        default_factory=LoadExpectation, description="What must hold in the end; by default that none fails."
    )

    @model_validator(mode="before")
    @classmethod
    def _is_mapping(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise refusal("must be a mapping", "for example `{rate: 20/s, for: 5 minutes}`")
        return value

    @model_validator(mode="after")
    def _fits(self) -> LoadSpec:
        if self.ramp > self.seconds:
            hint = "`for` is the whole time, `ramp` its beginning; `ramp: 0` is none"
            raise refusal("has a `ramp` that is longer than the load", hint)
        return self
