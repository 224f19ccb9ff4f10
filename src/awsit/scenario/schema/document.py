"""The pydantic models of a scenario, as it is written."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field, model_validator

from awsit.scenario.limits import MAX_ATTEMPTS, MAX_CONCURRENCY
from awsit.scenario.reading.extensions import without_extensions
from awsit.scenario.schema.blocks.at import AtSpec
from awsit.scenario.schema.blocks.capture import Capture
from awsit.scenario.schema.blocks.limits import LimitsSpec
from awsit.scenario.schema.blocks.load import LoadSpec
from awsit.scenario.schema.blocks.schedule import ScheduleSpec
from awsit.scenario.schema.fields import (
    ActionSeconds,
    Assertion,
    Backoff,
    Cases,
    Codes,
    ConcurrencyKey,
    Condition,
    FileDigest,
    ForEachSpec,
    Identifier,
    Matrix,
    ScenarioName,
    ScenarioSeconds,
    SettleSeconds,
    Switch,
    Whole,
)
from awsit.scenario.schema.spec import Spec
from awsit.validation.contract import ContractName


class MetadataSpec(Spec):
    """Who wrote the scenario and what it is about; further keys are free and come back in the report."""

    model_config = ConfigDict(extra="allow", frozen=True)

    author: str = Field(default="", description="Who answers for it.")
    version: str = Field(default="", description="Its version, as text: quote 1.0.")
    tags: list[str] = Field(default_factory=list, description="What `--tag` selects by.")


class RetrySpec(Spec):
    """When a failed attempt is repeated: after exponential delays, and never after an error that would come back."""

    max_attempts: Whole = Field(default=3, ge=1, le=MAX_ATTEMPTS, description="Attempts in all.")
    interval_seconds: ActionSeconds = Field(default=1.0, description="The first delay.")
    backoff_rate: Backoff = Field(default=2.0, description="What each delay is multiplied by for the next.")
    max_delay_seconds: ActionSeconds = Field(default=30.0, description="No delay is longer.")
    jitter: Switch = Field(default=True, description="Take a random part of each delay, so that clients spread out.")
    retry_on: Codes = Field(
        default_factory=list,
        description="`timeout`, `connection`, `throttling` (the default), service error codes, HTTP statuses (`5xx`).",
    )


class UntilSpec(Spec):
    """Polling: the action is done again until its assertions hold."""

    assertions: list[Assertion] = Field(
        alias="assert", min_length=1, description="What must hold for the polling to end."
    )
    fail_when: list[Assertion] = Field(default_factory=list, description="Assertions that end the polling as failed.")
    timeout_seconds: ScenarioSeconds = Field(default=60.0, description="How long to poll.")
    interval_seconds: ActionSeconds = Field(default=1.0, description="The first delay between two attempts.")
    backoff_rate: Backoff = Field(default=1.0, description="What each delay is multiplied by for the next.")
    max_interval_seconds: ActionSeconds = Field(default=30.0, description="No delay is longer.")


class DuringSpec(Spec):
    """Looking again and again: the action must pass, and the assertions hold, at every look."""

    seconds: ScenarioSeconds = Field(description="How long it must hold: the last look is made when they are over.")
    assertions: list[Assertion] = Field(
        default_factory=list, alias="assert", description="What must hold at every look, with all else it checks."
    )
    interval_seconds: ActionSeconds = Field(default=1.0, description="The time between two looks.")


class CallSpec(Spec):
    """What every action has: a type, its params, checks and captures."""

    type: str = Field(description="What kind of action it is.")
    params: dict[str, Any] = Field(default_factory=dict, description="What the type takes; values may hold templates.")
    let: dict[Identifier, Any] = Field(
        default_factory=dict,
        description="Values computed once, in order, before the first attempt: `context.name` from then on.",
    )
    assertions: list[Assertion] = Field(
        default_factory=list, alias="assert", description="What must hold of the result."
    )
    pass_to_context: dict[Identifier, Capture] = Field(
        default_factory=dict,
        description="Names for later templates, each with a JSONPath into the result: `{order_id: $.body.id}`.",
    )
    when: Condition | None = Field(default=None, description="Skipped unless this is true: `{{ vars.quantity > 1 }}`.")
    until: UntilSpec | None = Field(
        default=None,
        description="Poll: do it again until these assertions hold, or the time is over.",
        examples=[{"assert": [{"path": "$.item.status", "equals": "processed"}], "timeout_seconds": 60}],
    )
    during: DuringSpec | None = Field(default=None, description="Do it again and again: it must hold the whole time.")
    retry: RetrySpec | None = Field(
        default=None,
        description="Try again after errors; default: one attempt.",
        examples=[{"max_attempts": 3, "retry_on": ["timeout", "503"]}],
    )
    timeout_seconds: ActionSeconds = Field(default=30.0, description="How long one attempt may take.")
    redact: list[str] = Field(
        default_factory=list,
        description="Captured names, JSONPaths into the result, `vars.name` and `env.NAME` that no report may show.",
    )
    at: AtSpec | None = Field(default=None, description="Another account or region; default: that of the scenario.")

    @property
    def waits_at_most(self) -> float | None:
        """The action's own `timeout_seconds`, if it has one."""
        return self.timeout_seconds if "timeout_seconds" in self.model_fields_set else None


class FollowUpSpec(CallSpec):
    """An action of a `cleanup` or an `on_failure`; without a `name` it is named after its place."""

    name: Identifier | None = Field(default=None, description="Its name in the report.")


class ActionSpec(CallSpec):
    """One action of `setup` or `actions`."""

    name: Identifier = Field(description="Its name, used once: templates reach its result by it.")
    continue_on_failure: Switch = Field(default=False, description="Go on when it fails; the run fails all the same.")
    cleanup: list[FollowUpSpec] = Field(
        default_factory=list,
        description="What undoes it: done at the end if it was ever tried, also after a failure; last entry first.",
    )
    auto_cleanup: Switch = Field(
        default=False, description="Remove at the end what it creates, without a `cleanup` of its own."
    )
    restore: Switch = Field(default=False, description="Put back at the end what it replaces or deletes.")
    on_failure: list[FollowUpSpec] = Field(
        default_factory=list, description="Diagnostics, done when it fails and before any clean-up."
    )
    settle_seconds: SettleSeconds | None = Field(
        default=None,
        description="How long after the time-out of an attempt without an answer the service may still carry it out: "
        "clean-up looks again then. Default: that of the scenario.",
    )
    cache_seconds: ScenarioSeconds | None = Field(
        default=None, description="How long its result is used again, by every run of the command."
    )
    for_each: ForEachSpec | None = Field(
        default=None,
        description="Do it for each item of a list, one after the other. Its captures are lists for later actions.",
    )


class DefaultsSpec(Spec):
    """What the actions of one type have in common; an action's own keys win, mappings are merged."""

    params: dict[str, Any] = Field(default_factory=dict, description="Params that an action may leave out.")
    retry: RetrySpec | None = Field(default=None, description="Try again after errors.")
    timeout_seconds: ActionSeconds = Field(default=30.0, description="How long one attempt may take.")
    redact: list[str] = Field(default_factory=list, description="JSONPaths into the result that no report may show.")


class ReuseSpec(Spec):
    """What scenarios and library files write once for many actions."""

    @model_validator(mode="before")
    @classmethod
    def _without_extensions(cls, value: Any) -> Any:
        return without_extensions(value)

    defaults: dict[str, DefaultsSpec] = Field(default_factory=dict, description="Defaults for each type of action.")
    libraries: list[str] = Field(
        default_factory=list, description="Library files or folders, from this file, whose actions `use` takes."
    )


class UseSpec(Spec):
    """Actions of a library, in the place of this entry."""

    use: str = Field(description="The name of the library's action: `login`, or `auth.login`.")
    inputs: dict[str, Any] = Field(
        default_factory=dict, alias="with", description="Values for the inputs of what is used."
    )
    name: Identifier | None = Field(
        default=None, description="What the names of its actions begin with; by default the name of what is used."
    )
    outputs: dict[str, Identifier] = Field(
        default_factory=dict, description="Other names for what it captures: `{token: admin_token}`."
    )
    when: Condition | None = Field(default=None, description="Skipped unless this is true.")


class ConcurrencySpec(Spec):
    """Which runs are kept apart: those with the same key, on one machine."""

    key: ConcurrencyKey = Field(description="A name, or a template that reads variables and the environment only.")
    limit: Whole = Field(default=1, ge=1, le=MAX_CONCURRENCY, description="How many may run at once.")


class ScenarioSpec(ReuseSpec):
    """One end-to-end test."""

    name: ScenarioName = Field(description="What reports and `awsit run NAME` call it.")
    description: str = Field(default="", description="What it shows, in a sentence.")
    metadata: MetadataSpec = Field(
        default_factory=MetadataSpec, description="Author, version, tags for `--tag`, and keys of your own."
    )
    timeout_seconds: ScenarioSeconds = Field(default=300.0, description="How long a run may take, clean-up apart.")
    settle_seconds: SettleSeconds = Field(
        default=10.0, description="The `settle_seconds` of all actions that have none of their own."
    )
    variables: dict[Identifier, Any] = Field(
        default_factory=dict, description="Values for templates, rendered once and in order; `--var` replaces them."
    )
    matrix: Matrix = Field(
        default_factory=list,
        description="One run for each row of variables, whose `name` is the run's, or for each combination of lists; "
        "`{file: customers.csv}` for the rows of a CSV, JSON or YAML file beside this one.",
    )
    cases: Cases = Field(
        default_factory=dict,
        description="One run for each file like these patterns, from this file: a mapping of variables, and the run's "
        "name without its ending. Or the cases themselves, by name.",
        examples=["cases/*.json"],
    )
    concurrency: ConcurrencySpec | None = Field(
        default=None,
        description="Keeps runs apart that share something, such as a queue.",
        examples=[{"key": "orders_queue"}],
    )
    limits: LimitsSpec = Field(
        default_factory=LimitsSpec,
        description="How fast requests may come, those of all runs that share the limit together.",
        examples=[{"http": {"api.example.com": "100/s"}, "dynamodb": {"orders": "500/s"}}],
    )
    schedule: ScheduleSpec | None = Field(
        default=None,
        description="When the account runs it by itself; `awsit schedule deploy` tells it so.",
        examples=[{"rate": "30 minutes"}],
    )
    load: LoadSpec | None = Field(
        default=None,
        description="How `awsit load` runs it as load; `awsit run` runs it once.",
        examples=[{"rate": "20/s", "for": "5 minutes", "expect": {"p95_ms": 800}}],
    )
    contract: ContractName = Field(
        default=None,
        description="OpenAPI document that the response of each `http_call` without a `contract` is held to: a path "
        "relative to this file. Default: that of the project; false: none.",
        examples=["openapi.yaml"],
    )
    trace: bool = Field(
        default=True,
        description="Each `http_call` sends headers that name the trace of the run (`traceparent`, `X-Amzn-Trace-Id`) "
        "and its ID (`X-Awsit-Run-Id`); calls of AWS carry the trace too. Default: that of the project, else true.",
    )
    at: AtSpec | None = Field(default=None, description="The `at` of all actions that have none of their own.")
    setup: list[ActionSpec] = Field(default_factory=list, description="Actions that come first.")
    actions: list[ActionSpec] = Field(min_length=1, description="The test itself, in order.")
    assertions: list[Assertion] = Field(
        default_factory=list, description="Final checks of `{context, actions.<name>, run}`, when all actions passed."
    )
    cleanup: list[FollowUpSpec] = Field(default_factory=list, description="What is always done in the end.")
    files: dict[str, FileDigest] = Field(
        default_factory=dict,
        description="The SHA-256 of each file that params name: awsit writes it when it stores the scenario.",
    )

    @property
    def rates(self) -> dict[str, dict[str, float]]:
        """The limits of requests a second, by kind and name."""
        return self.limits.by_kind()
