"""How fast requests may come: the `limits` of a scenario."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from awsit.quotas.rates import HIGHEST, PATTERN, per_second
from awsit.scenario.schema.spec import Spec
from awsit.validation.errors import refusal


def _per_second(value: Any) -> float:
    try:
        return per_second(value)
    except ValueError as error:
        raise refusal(f"must be {error}") from None


def rate_schema(most: float) -> WithJsonSchema:
    """The JSON Schema of a rate."""
    number = {"type": "number", "exclusiveMinimum": 0, "maximum": most}
    return WithJsonSchema({"anyOf": [number, {"type": "string", "pattern": f"^{PATTERN}$"}]})


RequestRate = Annotated[float, BeforeValidator(_per_second), rate_schema(HIGHEST)]
"""Requests a second."""


class LimitsSpec(Spec):
    """How fast requests may come, those of all runs that share the limit together."""

    http: dict[str, RequestRate] = Field(
        default_factory=dict,
        description="By host, such as `api.example.com` or `*.example.com`: requests of `http_call`.",
    )
    dynamodb: dict[str, RequestRate] = Field(default_factory=dict, description="By table: requests of `dynamodb`.")

    def by_kind(self) -> dict[str, dict[str, float]]:
        """The limits by what they are of, then by name: requests a second."""
        return {kind: rates for kind, rates in (("http", self.http), ("dynamodb", self.dynamodb)) if rates}
