"""The pydantic model of a `suite.yaml`, as it is written."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from awsit.scenario.schema.blocks.limits import LimitsSpec
from awsit.scenario.schema.document import ActionSpec, FollowUpSpec, ReuseSpec
from awsit.scenario.schema.fields import Identifier, ScenarioSeconds, SettleSeconds


class SuiteSpec(ReuseSpec):
    """What is done once around the scenarios of a folder, and of those below it."""

    description: str = Field(default="", description="What it prepares, in a sentence.")
    timeout_seconds: ScenarioSeconds = Field(default=300.0, description="How long the setup may take.")
    settle_seconds: SettleSeconds = Field(
        default=10.0, description="The `settle_seconds` of all actions that have none of their own."
    )
    variables: dict[Identifier, Any] = Field(
        default_factory=dict, description="Values for templates, rendered once and in order; `--var` replaces them."
    )
    limits: LimitsSpec = Field(default_factory=LimitsSpec, description="How fast requests may come.")
    setup: list[ActionSpec] = Field(
        min_length=1, description="Done before the first scenario begins: what it captures is `suite.name` in each."
    )
    cleanup: list[FollowUpSpec] = Field(
        default_factory=list, description="What is always done when the last scenario has ended."
    )
