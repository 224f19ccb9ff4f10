"""Scenarios that surely fit the models, read without them: pydantic takes long to import and to build its validators.

What is read here has the attributes of the models in `document`, by the same names and with the same values. Rare keys
and whatever may be wrong are left to the models, whose words the messages are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from msgspec import UNSET, Meta, MsgspecError, Struct, UnsetType, field
from msgspec.json import encode

from awsit.model.json import Json
from awsit.records import convert
from awsit.scenario.limits import MAX_ACTION_SECONDS, MAX_ATTEMPTS, MAX_SCENARIO_SECONDS
from awsit.scenario.schema.cases import check_cases
from awsit.scenario.schema.keys import EXPRESSION, IDENTIFIER, SCENARIO_NAME
from awsit.scenario.schema.matrix import check_matrix

if TYPE_CHECKING:
    from awsit.scenario.schema.document import ScenarioSpec

Name = Annotated[str, Meta(pattern=rf"\A(?:{IDENTIFIER})\Z")]
Condition = Annotated[str, Meta(pattern=rf"(?s)\A(?:{EXPRESSION})\Z")]
ActionSeconds = Annotated[float, Meta(gt=0, le=MAX_ACTION_SECONDS)]
ScenarioSeconds = Annotated[float, Meta(gt=0, le=MAX_SCENARIO_SECONDS)]
SettleSeconds = Annotated[float, Meta(ge=0, le=MAX_ACTION_SECONDS)]
Backoff = Annotated[float, Meta(ge=1, le=10)]


class PlainMetadata(Struct, frozen=True):
    """As `MetadataSpec`."""

    author: str = ""
    version: str = ""
    tags: list[str] = []


class PlainRetry(Struct, frozen=True, forbid_unknown_fields=True):
    """As `RetrySpec`."""

    max_attempts: Annotated[int, Meta(ge=1, le=MAX_ATTEMPTS)] = 3
    interval_seconds: ActionSeconds = 1.0
    backoff_rate: Backoff = 2.0
    max_delay_seconds: ActionSeconds = 30.0
    jitter: bool = True
    codes: list[str | int] = field(name="retry_on", default_factory=list)

    @property
    def retry_on(self) -> list[str]:
        """The codes, HTTP statuses too, as texts."""
        return [str(code) for code in self.codes]


class PlainUntil(Struct, frozen=True, forbid_unknown_fields=True):
    """As `UntilSpec`."""

    assertions: Annotated[list[Any], Meta(min_length=1)] = field(name="assert")
    fail_when: list[Any] = []
    timeout_seconds: ScenarioSeconds = 60.0
    interval_seconds: ActionSeconds = 1.0
    backoff_rate: Backoff = 1.0
    max_interval_seconds: ActionSeconds = 30.0


class PlainDuring(Struct, frozen=True, forbid_unknown_fields=True):
    """As `DuringSpec`."""

    seconds: ScenarioSeconds
    assertions: list[Any] = field(name="assert", default_factory=list)
    interval_seconds: ActionSeconds = 1.0


class PlainCall(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """As `CallSpec`; each capture is a path alone."""

    type: str
    params: dict[str, Any] = {}
    let: dict[Name, Any] = {}
    assertions: list[Any] = field(name="assert", default_factory=list)
    pass_to_context: dict[Name, str] = {}
    when: bool | Condition | None = None
    until: PlainUntil | None = None
    during: PlainDuring | None = None
    retry: PlainRetry | None = None
    own_timeout_seconds: ActionSeconds | UnsetType = field(name="timeout_seconds", default=UNSET)
    redact: list[str] = []
    at: None = None
    """Rare, and left to the models."""

    @property
    def timeout_seconds(self) -> float:
        """How long one attempt may take."""
        return 30.0 if self.own_timeout_seconds is UNSET else self.own_timeout_seconds

    @property
    def waits_at_most(self) -> float | None:
        """The action's own `timeout_seconds`, if it has one."""
        return None if self.own_timeout_seconds is UNSET else self.own_timeout_seconds


class PlainFollowUp(PlainCall, frozen=True, kw_only=True):
    """As `FollowUpSpec`."""

    name: Name | None = None


class PlainAction(PlainCall, frozen=True, kw_only=True):
    """As `ActionSpec`."""

    name: Name
    continue_on_failure: bool = False
    cleanup: list[PlainFollowUp] = []
    auto_cleanup: bool = False
    restore: bool = False
    on_failure: list[PlainFollowUp] = []
    settle_seconds: SettleSeconds | None = None
    cache_seconds: ScenarioSeconds | None = None
    for_each: None = None
    """Rare, and left to the models."""


class PlainScenario(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """As `ScenarioSpec`."""

    name: Annotated[str, Meta(pattern=rf"\A(?:{SCENARIO_NAME})\Z")]
    description: str = ""
    metadata: PlainMetadata = PlainMetadata()
    timeout_seconds: ScenarioSeconds = 300.0
    settle_seconds: SettleSeconds = 10.0
    variables: dict[Name, Any] = {}
    matrix: list[dict[str, Any]] | dict[str, Any] | UnsetType = UNSET
    cases: dict[str, Any] | list[str] | str | UnsetType = UNSET
    contract: Annotated[str, Meta(pattern=r"\S")] | None = None
    trace: bool = True
    at: None = None
    setup: list[PlainAction] = []
    actions: Annotated[list[PlainAction], Meta(min_length=1)]
    assertions: list[Any] = []
    cleanup: list[PlainFollowUp] = []

    def __post_init__(self) -> None:
        """Raise ValueError for a matrix or cases that cannot be read."""
        if self.matrix is not UNSET:
            check_matrix(self.matrix)
        if self.cases is not UNSET:
            check_cases(self.cases)

    @property
    def rates(self) -> dict[str, dict[str, float]]:
        """None: the models read `limits`."""
        return {}


def plain_scenario(document: Json) -> PlainScenario | None:
    """The scenario, if it surely fits `ScenarioSpec`; None where only the models can tell."""
    try:
        encode(document)  # which refuses halves of surrogate pairs, as pydantic does
        return convert(document, PlainScenario)
    except (MsgspecError, TypeError, ValueError, OverflowError, RecursionError):
        return None


def scenario_of(document: Json) -> PlainScenario | ScenarioSpec:
    """The scenario of a document that was checked. Raises pydantic's ValidationError for one that is not valid."""
    plain = plain_scenario(document)
    if plain is not None:
        return plain
    from awsit.scenario.schema.document import ScenarioSpec

    return ScenarioSpec.model_validate(document)
