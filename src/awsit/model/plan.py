"""A plan: a scenario compiled for one run. Data only; several engines walk it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from awsit.model.json import Json
from awsit.model.result import ErrorInfo, Repetition, StepResult


class Phase(StrEnum):
    """The part of the scenario that an action stands in: with diagnostics and clean-up, also below other actions."""

    SETUP = "setup"
    ACTIONS = "actions"
    ON_FAILURE = "on_failure"
    CLEANUP = "cleanup"

    @property
    def is_follow_up(self) -> bool:
        """Whether its steps come after the actions, for what those did: diagnostics and clean-up."""
        return self in {Phase.ON_FAILURE, Phase.CLEANUP}

    @classmethod
    def _missing_(cls, value: object) -> Phase | None:
        """`action`: older records and payloads have it for every phase but clean-up."""
        return cls.ACTIONS if value == "action" else None


def action_of(step: str) -> str:
    """The action of a step, by its name: the steps of an action with `for_each` are `Pay[0]`, `Pay[1]` and so on."""
    return step.partition("[")[0]


def item_value(name: str, index: int) -> str:
    """The name of what the step of an item captures for the list `name`; no name in a scenario has a bracket."""
    return f"{name}[{index}]"


def list_of(name: str) -> str:
    """The list that a captured value belongs to by its name; its own name, where it belongs to none."""
    return name.partition("[")[0]


class Retry(Struct, frozen=True):
    """How often and when an attempt that failed is made again. Delays in seconds; `jitter` is full jitter.

    `retry_on` holds error kinds (`timeout`, `connection`, `throttling`), service error codes and HTTP statuses as text;
    empty stands for the kinds that are worth it: timeout, connection, throttling. `is_own`: the scenario says it, also
    where it asks for one attempt alone.
    """

    max_attempts: int = 1
    interval_seconds: float = 1.0
    backoff_rate: float = 2.0
    max_delay_seconds: float = 30.0
    jitter: bool = True
    retry_on: tuple[str, ...] = ()
    is_own: bool = False


class Until(Struct, frozen=True):
    """Poll: the attempt is made again until `assertions` hold, `fail_when` holds, or `timeout_seconds` have passed."""

    assertions: tuple[Json, ...]
    fail_when: tuple[Json, ...] = ()
    timeout_seconds: float = 60.0
    interval_seconds: float = 1.0
    backoff_rate: float = 1.0
    max_interval_seconds: float = 30.0


PLACE_FORMS: Mapping[str, str] = {
    "role_arn": r"arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+",
    "region": r"[a-z]+(-[a-z]+)+-\d+",
    "external_id": r"[\w+=,.@:/-]{2,1224}",
}
"""Patterns (ASCII) of what an `AwsPlace` holds. Source: AWS STS API Reference, "AssumeRole"."""


class During(Struct, frozen=True):
    """The attempt is made again for `seconds` after it passed; it must pass, and `assertions` hold, each time."""

    seconds: float
    assertions: tuple[Json, ...] = ()
    interval_seconds: float = 1.0


class Iteration(Struct, frozen=True):
    """Which item of the list of a `for_each` a step is for; `items` is the template of that list.

    `when` is the condition that is written: where it does not hold, the list is not looked at.
    """

    items: str
    index: int
    max_items: int
    when: Json = True


NO_ITEM = "no_item"
"""The code of the error of a skipped step for a later item of a `for_each`, which the list may not have."""


def is_of_no_item(result: StepResult) -> bool:
    """Whether a step was skipped as a later item of a `for_each`: reports leave it out, since the first says why."""
    return result.error is not None and result.error.code == NO_ITEM


class AwsPlace(Struct, frozen=True):
    """Where in AWS a step works: a role to assume and a region; empty for those of the run.

    The role's trust policy may ask for an `external_id`.
    Source: IAM User Guide, "Access to AWS accounts owned by third parties".
    """

    role_arn: str = ""
    region: str = ""
    external_id: str = ""

    __repr__ = object.__repr__  # the external ID may be a secret

    @property
    def shown(self) -> Json:
        """The place as reports show it."""
        named = {"role_arn": self.role_arn, "region": self.region}
        return {name: value for name, value in named.items() if value}


class Step(Struct, frozen=True):
    """One action of a plan. `params` and the assertions still hold their `{{ templates }}`.

    `let` holds templates whose values go into the context, once, before the first attempt.
    `index` is the place in `Plan.steps`, or in `Plan.cleanup` for a clean-up step.
    `cleanup` holds indexes into `Plan.cleanup`: what to register in the ledger before the first attempt.
    `uses_results` names the actions whose results its templates read; `keep_result` says that this one's is read.
    `on_failure` holds indexes into `Plan.steps` of the diagnostics to run, before any clean-up, when this step fails.
    `only_if` maps the name of a `choice` step to the branch (`then`, `else`) that this step belongs to.
    `captures` maps names of the context to JSONPaths into the result, or to `{path, json_path, regex}` where the value
    lies in the JSON of a text, or is a part of a text; `ids[0]` is the first item of the list `ids`. `redact` holds
    JSONPaths into the result and names of captured values that no report may show.
    """

    index: int
    name: str
    type: str
    phase: Phase = Phase.ACTIONS
    params: Json = field(default_factory=dict)
    let: Mapping[str, Json] = field(default_factory=dict)
    assertions: tuple[Json, ...] = ()
    captures: Mapping[str, Json] = field(default_factory=dict)
    when: Json = None
    only_if: Mapping[str, str] = field(default_factory=dict)
    until: Until | None = None
    during: During | None = None
    retry: Retry = field(default_factory=Retry)
    timeout_seconds: float = 30.0
    settle_seconds: float = 10.0
    """How long after the time-out of an attempt without an answer the service may still carry it out."""
    waits_at_most: float | None = None
    """Seconds for all calls together of an action that looks for a state by itself; None: as long as it wants to."""
    continue_on_failure: bool = False
    cleanup: tuple[int, ...] = ()
    on_failure: tuple[int, ...] = ()
    redact: tuple[str, ...] = ()
    uses_results: tuple[str, ...] = ()
    keep_result: bool = False
    auto_cleanup: bool = False
    restore: bool = False
    """Register what puts back the earlier state in the ledger before each attempt."""
    rendered: bool = False
    """`params` are values, not templates: those of a compensation that was recorded while the run went on."""
    cache_seconds: float = 0.0
    """How long another step of the suite with the same type and params may use this one's result; 0: not at all."""
    at: Mapping[str, Json] = field(default_factory=dict)
    """The keys of its `AwsPlace`, their templates not filled in; empty for the place of the run."""
    iteration: Iteration | None = None
    """Of a `for_each` whose list is known only when the step begins; its `when` says that there is such an item."""
    source: str = ""
    """The step's place in the scenario document, such as `actions[2]`."""

    @property
    def is_certain(self) -> bool:
        """Whether each run that comes so far carries it out: no condition, no branch of a `choice`, no failure."""
        is_conditional = self.when is not None and self.when is not True
        return not is_conditional and not self.only_if and self.phase is not Phase.ON_FAILURE

    @property
    def is_later_item(self) -> bool:
        """Whether it is for an item of a `for_each` after the first: its list may have no such item."""
        return self.iteration is not None and self.iteration.index > 0

    @property
    def context_names(self) -> frozenset[str]:
        """What it adds to the context: the names that it computes, and those that it captures, of lists included."""
        return frozenset({*self.let, *self.captures, *map(list_of, self.captures)})


class Branch(Struct, frozen=True):
    """Steps that run one after the other, as indexes into `Plan.steps`."""

    steps: tuple[int, ...]


class Segment(Struct, frozen=True):
    """Branches that may run side by side, at most `max_concurrency` at once."""

    branches: tuple[Branch, ...]
    max_concurrency: int = 1


class PlannedContract(Struct, frozen=True):
    """An OpenAPI document that steps are held to: its name, the SHA-256 of its file, its operations in their order."""

    document: str
    digest: str
    operations: tuple[str, ...]


class Plan(Struct, frozen=True):
    """All that a run needs: variables, `env` and stack outputs are resolved, so that nothing is looked up later.

    `stacks` maps a stack's name to its outputs and physical resource IDs; `stacks_not_read` says why there are none of
    a stack that the run may never ask for. `global_cleanup` holds the indexes into
    `cleanup` that are registered when the run begins, `on_failure` the diagnostic steps, which no segment names.
    `file` and `fingerprint` say for reports which scenario it was made from. `files` maps the names of files that
    params hold to their paths, or to the digests under which they are stored. `contract` is the name of the OpenAPI
    document of the scenario, empty for none; `contracts` are those that steps are held to. `schedule` is the name of
    the schedule that started the run, empty for none. With `compact`, the function goes on from step to step by itself
    (`awsit.engine.compact`). `limits` are requests a second, by kind (`http`) and name.
    With `trace`, HTTP calls carry the trace of the run.
    `suite_run` is the ID of the run whose captured values are `suite` in templates, empty for none. `start_at` is when
    the first action of an iteration of a load is to begin, in seconds since the epoch; 0 for any other run.
    """

    run_id: str
    scenario: str
    description: str = ""
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, Json] = field(default_factory=dict)
    timeout_seconds: float = 300.0
    steps: tuple[Step, ...] = ()
    segments: tuple[Segment, ...] = ()
    cleanup: tuple[Step, ...] = ()
    global_cleanup: tuple[int, ...] = ()
    assertions: tuple[Json, ...] = ()
    variables: Mapping[str, Json] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    stacks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    stacks_not_read: Mapping[str, ErrorInfo] = field(default_factory=dict)
    file: str = ""
    fingerprint: str = ""
    repetition: Repetition | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    contract: str = ""
    contracts: tuple[PlannedContract, ...] = ()
    schedule: str = ""
    compact: bool = False
    limits: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    suite_run: str = ""
    seed: str = ""
    """What fake data are drawn from; empty in the plans of versions that had none."""
    trace: bool = True
    start_at: float = 0.0
    version: str = "awsit.plan/1"
