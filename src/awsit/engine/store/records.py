"""The records of a run, and the port behind which they are kept.

Two stores implement it: `awsit.engine.store.memory` for a run in this process, and `awsit.aws.runs.store` (DynamoDB
and S3) for a run in the account. `tests/conformance` holds them to the same behaviour.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from msgspec import Struct, field

from awsit.model.json import Json
from awsit.model.plan import Phase, Plan, Step
from awsit.model.result import (
    AssertionResult,
    ContractCall,
    ErrorInfo,
    RunResult,
    RunStatus,
    StepResult,
    UncertainAttempt,
)


class RunState(StrEnum):
    """`open`: steps may begin. `closing`: nothing begins any more, clean-up goes on. `closed`: it is over."""

    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


class Next(StrEnum):
    """What the walker of a plan does after a call: go on with the branch, call again later, or end the branch."""

    SUCCEEDED = "succeeded"
    WAIT = "wait"
    FAILED = "failed"


class Directive(Struct, frozen=True):
    """The answer to one call of a step; with `wait`, call `sequence` is to be made after `delay_seconds`."""

    next: Next
    sequence: int = 1
    delay_seconds: float = 0.0


class StepRecord(Struct, frozen=True):
    """What is known of a step after its call number `sequence`.

    `kind` is its phase (older records have `action` for all but clean-up), `index` its place in `Plan.steps` or, of a
    clean-up step, in the ledger. `kept` is its raw result, if anything reads it.

    `hidden` are the places of the secrets among what it captured (`Redactor.hides`). `uncertain` are the attempts that
    may have taken effect, those of earlier clean-ups included. `rendered` is False when the last one ended with its
    templates. `contract_call` says which operation of a contract it called. `first_look` is the result of a clean-up
    step that came too early to be the last word, since the action may still take effect: it is looked at again.
    `has_turn`: its next call has waited for what it waits for, also for its turn of those that `limits` leave.
    `has_acted`: its call was carried out and asked to be called again, which makes an attempt only of a look.
    """

    kind: Phase
    index: int
    sequence: int
    directive: Directive
    result: StepResult
    kept: Json = None
    hidden: tuple[str, ...] = ()
    contract_call: ContractCall | None = None
    uncertain: tuple[UncertainAttempt, ...] = ()
    rendered: bool = True
    first_look: StepResult | None = None
    has_turn: bool = False
    has_acted: bool = False


class SecretInputs(Struct, frozen=True):
    """Variables and environment that are secret: they are part of the run's record, and of no plan.

    `secrets` are the texts in them that may be shown nowhere.
    """

    variables: Mapping[str, Json] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    secrets: Sequence[str] = ()

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.variables or self.env)


class Started(Struct, frozen=True):
    """The calls of a step that were begun: the number of the newest, when the first began (`at`), and when the newest.

    Times are ISO 8601 UTC.
    """

    sequence: int
    at: str
    latest: str = ""


class RecordedCompensation(Struct, frozen=True):
    """What takes an action back, recorded before the action was carried out, as the clean-up step that does it.

    `asked` is a hash of the action's type and params, so that a repeated attempt does not record it again; `hidden`
    holds the secret texts in the step's params, for redaction. `things` and `puts_back` are those of `Compensation`.
    """

    step: Step
    asked: str
    hidden: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    puts_back: bool = False


class RunRecord(Struct, frozen=True):
    """A run.

    `ledger` lists what to undo, in the order of registration: an entry is an index into `Plan.cleanup`, or that of a
    step in `recorded` (`awsit.engine.step.ledger`). `deadline_at` is in seconds since the epoch. `started` is by the
    index of the step, as text. `verdict` is `running` until something ended the run early; `error` says what.
    `assertions` are the final ones, once they were checked. Runs of one `suite` share cached results. What a run with
    `keep` made stays until somebody asks for its removal. `cleaner` names who undoes the ledger: empty for the run
    itself, else what took over after it had ended. `hidden` holds the places of secrets in `context`
    (`Redactor.hides`), `given` the secret variables. `forgotten`: a person has seen to what it left.
    `hold` is for a suite's setup, `suite_run` the ID of the one that the run is within.
    `damage` says what of its journal cannot be read, in a sentence.

    A store may read `context`, `started`, `ledger`, `recorded`, `hidden` and what `given` holds when they are looked
    at, and then as they are at that time: they can be large, and a step needs little of them.
    """

    run_id: str
    scenario: str
    engine: str
    started_at: str
    deadline_at: float
    execution_arn: str = ""
    trace_id: str = ""
    suite: str = ""
    state: RunState = RunState.OPEN
    verdict: RunStatus = RunStatus.RUNNING
    total_steps: int = 0
    context: Mapping[str, Json] = field(default_factory=dict)
    started: Mapping[str, Started] = field(default_factory=dict)
    ledger: Sequence[int] = ()
    recorded: Mapping[str, RecordedCompensation] = field(default_factory=dict)
    error: ErrorInfo | None = None
    assertions: tuple[AssertionResult, ...] = ()
    keep: bool = False
    cleaner: str = ""
    hidden: Sequence[str] = ()
    given: SecretInputs = field(default_factory=SecretInputs)
    forgotten: bool = False
    hold: bool = False
    suite_run: str = ""
    damage: str = ""

    @property
    def is_held(self) -> bool:
        """Whether it is a suite's setup that passed, and whose clean-up comes when the suite is over."""
        return self.hold and self.verdict is RunStatus.PASSED and not self.cleaner


class Refusal(StrEnum):
    """Why a call of a step may not begin: the run is over or out of time, or the call was begun before."""

    CLOSED = "closed"
    DEADLINE = "deadline"
    DUPLICATE = "duplicate"


class Refused(Struct, frozen=True):
    """A call of a step may not begin; `run` is the run as it stands."""

    reason: Refusal
    run: RunRecord


class Closing(Struct, frozen=True):
    """How a run ends early: its verdict, unless it has one already, and why."""

    verdict: RunStatus
    error: ErrorInfo | None = None


class RunStore(Protocol):
    """Keeps runs. Every write is conditional where two writers could meet."""

    def create(self, run: RunRecord, plan: Plan) -> None:
        """Keep a new run and its plan; a run that exists already stays as it is."""

    def plan(self, run_id: str) -> Plan:
        """The plan. Raises NotFoundError."""

    def run(self, run_id: str) -> RunRecord:
        """The run, as it is after every write that was answered. Raises NotFoundError."""

    def begin(self, run_id: str, index: int, sequence: int, at: float, ledger: Iterable[int]) -> RunRecord | Refused:
        """Note that call `sequence` of a step begins and what it must have undone, if the run is open.

        Whoever closes the run and looks at it afterwards sees every call that was not refused.

        `at` is the present in seconds since the epoch. Refused when the run is not open, its deadline has passed, or
        this call was begun before.
        """

    def register(self, run_id: str, compensation: RecordedCompensation) -> bool:
        """Add a compensation to the ledger, under its step's index; False when the run is not open any more."""

    def compute(self, run_id: str, values: Mapping[str, Json], hidden: tuple[str, ...]) -> None:
        """Add what a step computed before it acts to the context; `hidden` are the places of secrets in it."""

    def finish(self, run_id: str, record: StepRecord, captured: Mapping[str, Json], closing: Closing | None) -> None:
        """Keep what a step captured, then its record; `closing` ends an open run."""

    def record(self, run_id: str, phase: Phase, index: int) -> StepRecord | None:
        """One step's record: of `Plan.steps`, or in the phase `cleanup` of the ledger."""

    def records(self, run_id: str) -> tuple[StepRecord, ...]:
        """All records: actions by index, then clean-up in the order it was done."""

    def close(
        self, run_id: str, closing: Closing | None = None, assertions: tuple[AssertionResult, ...] = ()
    ) -> RunRecord:
        """Let nothing begin any more, and keep the final assertions; the first verdict stays."""

    def take_over(self, run_id: str, cleaner: str) -> RunRecord:
        """Make `cleaner` the only one who may undo and report; whoever did so until now begins nothing more."""

    def forget(self, run_id: str) -> RunRecord:
        """Note that a person has seen to what the run left: nothing of it is to be undone any more."""

    def report(self, run_id: str) -> RunResult:
        """The report of a run that is over. Raises NotFoundError."""

    def cached(self, suite: str, key: str, at: float) -> Json | None:
        """What was cached in a suite and is still good at `at` (seconds since the epoch)."""

    def cache(self, suite: str, key: str, value: Json, until: float) -> None:
        """Keep a value for the runs of a suite, over an older one."""

    def claim(self, suite: str, key: str, owner: str, at: float, until: float) -> float:
        """Make `owner` the one who computes what is to be cached, `until` then (seconds since the epoch) at most.

        Returns 0, or for how many seconds another one has computed it at `at`, or has cached it just now.
        """

    def release_claim(self, suite: str, key: str, owner: str) -> None:
        """Let another one compute what is to be cached, where `owner` had claimed that."""

    def take_turn(self, key: str, apart: float, at: float, within: float) -> float:
        """Take the next turn of `key`, those of which are `apart` seconds apart; returns the seconds from `at` to it.

        `at` is the present in seconds since the epoch. No turn is taken that would come later than `within` seconds.
        """

    def hold(self, result: RunResult) -> None:
        """Keep the report of a run for now: it is held for its clean-up."""

    def end(self, result: RunResult) -> None:
        """Keep the report; the run is over."""

    def release(self, run_id: str) -> None:
        """Let go of what this process holds for a run that it needs no longer; an unknown run is none."""
