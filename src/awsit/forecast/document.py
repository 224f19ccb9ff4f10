"""The forecast of one run: what `awsit plan --json` writes."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from awsit.errors import Problem
from awsit.model.json import Json

FORECAST_VERSION = "awsit.plan-forecast/1"


class Span(Struct, frozen=True):
    """A quantity when every step passes at its first attempt, and the most that it can become."""

    best: float
    worst: float


class Repeats(Struct, frozen=True):
    """The most attempts that a poll or a retry makes, and the most seconds that it takes, waits included."""

    attempts: int
    seconds: float


class PlannedStep(Struct, frozen=True):
    """One step. Texts hold `{{ templates }}` where a value is not known before the run.

    `touches` says what it works on, such as `POST https://api.example.com/orders`; `conditions` when it is skipped;
    `branch` is `1 of 3` inside a `parallel`; `undone_by` names its clean-up steps, `diagnosed_by` its diagnostics.
    """

    phase: str
    name: str
    type: str
    touches: str
    source: str
    timeout_seconds: float
    conditions: tuple[str, ...] = ()
    branch: str = ""
    polls: Repeats | None = None
    retries: Repeats | None = None
    undone_by: tuple[str, ...] = ()
    diagnosed_by: tuple[str, ...] = ()


class Resource(Struct, frozen=True):
    """Something that the run reads or changes.

    `kind` is an action type's `resource_kind`, such as `table`; or `stack`, `secret` or `parameter`.
    """

    kind: str
    name: str
    used_by: tuple[str, ...]


class ExecutionForecast(Struct, frozen=True):
    """The Step Functions execution. `share` is the part of the quota of events that is used, in percent.

    `seconds`: the known waits at best; at worst the scenario's timeout and all that the clean-up may take. `compact`:
    the function goes on from step to step by itself, where it can.
    """

    transitions: Span
    events: Span
    event_quota: int
    share: Span
    invocations: Span
    seconds: Span
    compact: bool = False


class CostItem(Struct, frozen=True):
    """One price and what it comes to, in US dollars; `price` is for `per` units."""

    name: str
    quantity: Span
    price: float
    per: int
    dollars: Span
    source: str


class CostForecast(Struct, frozen=True):
    """An estimate of what the run itself costs, in US dollars."""

    region: str
    as_of: str
    items: tuple[CostItem, ...]
    dollars: Span
    note: str


class Size(Struct, frozen=True):
    """Bytes of something that is stored or sent, and how many it may have; None where nothing limits it."""

    name: str
    bytes: int
    limit: int | None


class Forecast(Struct, frozen=True):
    """Everything that is known of a run before it begins.

    `cleanup` is in the order in which it runs. `stacks_not_read` names the stacks whose outputs are shown as
    `<stack.Output>`; `notes` is what a person must know to read the rest; `problems` are the quotas it would break.
    """

    scenario: str
    steps: tuple[PlannedStep, ...]
    cleanup: tuple[PlannedStep, ...]
    resources: tuple[Resource, ...]
    policy: Json
    execution: ExecutionForecast
    cost: CostForecast
    sizes: tuple[Size, ...]
    description: str = ""
    variables: Mapping[str, Json] = field(default_factory=dict)
    stacks_not_read: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    version: str = FORECAST_VERSION
