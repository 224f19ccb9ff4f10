"""The scenario document as it is read: the only pydantic models of a scenario."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from awsit.model.json import Json
from awsit.scenario.fields import (
    ActionSeconds,
    Backoff,
    Codes,
    Condition,
    Identifier,
    ScenarioName,
    ScenarioSeconds,
    Switch,
    Whole,
)
from awsit.scenario.limits import MAX_ATTEMPTS
from awsit.scenario.matrix import Matrix


class Spec(BaseModel):
    """Base of the models: unknown keys are refused, so that a misspelt one is not passed over in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)


class MetadataSpec(Spec):
    """Who wrote the scenario and what it is about; further keys are free and come back in the report."""

    model_config = ConfigDict(extra="allow", frozen=True)

    author: str = ""
    version: str = ""
    tags: list[str] = Field(default_factory=list)


class RetrySpec(Spec):
    """When an attempt that failed is made again; see `model.plan.Retry`."""

    max_attempts: Whole = Field(default=3, ge=1, le=MAX_ATTEMPTS)
    interval_seconds: ActionSeconds = 1.0
    backoff_rate: Backoff = 2.0
    max_delay_seconds: ActionSeconds = 30.0
    jitter: Switch = True
    retry_on: Codes = Field(default_factory=list)


class UntilSpec(Spec):
    """Poll until the assertions hold; see `model.plan.Until`."""

    assertions: list[Any] = Field(alias="assert", min_length=1)
    fail_when: list[Any] = Field(default_factory=list)
    timeout_seconds: ScenarioSeconds = 60.0
    interval_seconds: ActionSeconds = 1.0
    backoff_rate: Backoff = 1.0
    max_interval_seconds: ActionSeconds = 30.0


class CallSpec(Spec):
    """What every action has: a type, its params, checks and captures."""

    type: str
    params: dict[str, Any] = Field(default_factory=dict)
    assertions: list[Any] = Field(default_factory=list, alias="assert")
    pass_to_context: dict[Identifier, str] = Field(default_factory=dict)
    when: Condition | None = None
    until: UntilSpec | None = None
    retry: RetrySpec | None = None
    timeout_seconds: ActionSeconds = 30.0
    redact: list[str] = Field(default_factory=list)


class FollowUpSpec(CallSpec):
    """An action of a `cleanup` or an `on_failure`; without a name it is called after its place."""

    name: Identifier | None = None


class ActionSpec(CallSpec):
    """One action of `setup` or `actions`."""

    name: Identifier
    continue_on_failure: Switch = False
    cleanup: list[FollowUpSpec] = Field(default_factory=list)
    on_failure: list[FollowUpSpec] = Field(default_factory=list)
    cache_seconds: ScenarioSeconds | None = None


class ScenarioSpec(Spec):
    """A scenario file."""

    name: ScenarioName
    description: str = ""
    metadata: MetadataSpec = Field(default_factory=MetadataSpec)
    timeout_seconds: ScenarioSeconds = 300.0
    variables: dict[Identifier, Any] = Field(default_factory=dict)
    matrix: Matrix = Field(default_factory=list)
    setup: list[ActionSpec] = Field(default_factory=list)
    actions: list[ActionSpec] = Field(min_length=1)
    assertions: list[Any] = Field(default_factory=list)
    cleanup: list[FollowUpSpec] = Field(default_factory=list)


TEMPLATED_KEYS = ("variables", "setup", "actions", "assertions", "cleanup")


def templated(document: Json) -> dict[str, Json]:
    """The parts of a scenario document whose `{{ templates }}` are rendered."""
    return {key: document[key] for key in TEMPLATED_KEYS if key in document}
