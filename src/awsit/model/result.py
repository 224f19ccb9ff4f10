"""Results: of an assertion, an attempt, a step, a run. `report.json` is `RunResult`, encoded."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from awsit.errors import AwsitError, Effect
from awsit.model.evidence import Evidence
from awsit.model.json import Json

REPORT_VERSION = "awsit.report/1"
CONTRACT = "contract"
"""The operator of the assertions that hold a response to an OpenAPI document (`http_call.contract`)."""

NOT_YET = "not_yet"
"""The code of an attempt of a poll that goes on, since what it waits for is not there yet."""

CUT_OFF = "interrupted"
"""The code of the error of a step that was waiting when its run was ended; it is `skipped`, and was begun."""


class Status(StrEnum):
    """Of a step. `failed`: a check did not hold. `error`: it could not be carried out. `running` only while it does."""

    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"


class RunStatus(StrEnum):
    """Of a run, clean-up apart. `skipped`: the run was requested and never begun."""

    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


class CleanupVerdict(StrEnum):
    """Whether anything that the run made is still there, as far as its clean-up knows."""

    CLEAN = "clean"
    LEFT_BEHIND = "left_behind"


class CleanupOutcome(StrEnum):
    """What came of one entry of the ledger (`awsit.engine.run.outcomes` says when). All but the first two are left.

    `nothing_to_undo`: nothing was made, or it is gone. `failed`: it was made and could not be undone.
    `may_be_there`: whether it was made is not known. `not_tried`: it was made and nobody tried to undo it: it was to be
    kept, or the run was cut off.
    """

    DONE = "done"
    NOTHING_TO_UNDO = "nothing_to_undo"
    FAILED = "failed"
    MAY_BE_THERE = "may_be_there"
    NOT_TRIED = "not_tried"

    @property
    def words(self) -> str:
        """The outcome for people, such as `may be there`."""
        return self.value.replace("_", " ")

    @property
    def is_left(self) -> bool:
        """Whether somebody has to look after it."""
        return self not in {CleanupOutcome.DONE, CleanupOutcome.NOTHING_TO_UNDO}


class AssertionResult(Struct, frozen=True):
    """One check. `expected` and `actual` are documents; `diff` is lines of text (unified, no colour), empty if useless.

    `actual_present` is False when the path selected nothing (then `actual` is None). `source` is its place in the
    scenario document, such as `actions[2].assert[0]`.
    """

    passed: bool
    operator: str
    path: str = ""
    name: str = ""
    expected: Json = None
    actual: Json = None
    actual_present: bool = True
    message: str = ""
    diff: str = ""
    source: str = ""


class ContractCall(Struct, frozen=True):
    """A call that a step with a contract made: the OpenAPI document, and its operation, such as `GET /pets/{id}`.

    `operation` is empty when the URL is under none of the document's servers, so that the response was not checked.
    """

    document: str
    operation: str = ""


class ContractCoverage(Struct, frozen=True):
    """How much of an OpenAPI document a run called. `digest` is the SHA-256 of its file.

    `operations` has all of them in the document's order, each with the number of steps that called it; `other_calls`
    counts the steps whose URL is under none of the document's servers.
    """

    document: str
    digest: str
    operations: Mapping[str, int]
    other_calls: int = 0

    @property
    def not_called(self) -> tuple[str, ...]:
        """The operations that no step called."""
        return tuple(name for name, calls in self.operations.items() if not calls)


class ErrorInfo(Struct, frozen=True):
    """Why something could not be carried out, for people: stable `code`, `message`, and what to do next."""

    code: str
    message: str
    hint: str = ""

    @classmethod
    def of(cls, error: AwsitError) -> ErrorInfo:
        """The code, the message and the hint of an error."""
        return cls(error.code, error.message, error.hint)


class RunWarning(Struct, frozen=True):
    """What is said of a run beside its verdict, for people: stable `code`, `message`, and what to do about it."""

    code: str
    message: str
    hint: str = ""


class Attempt(Struct, frozen=True):
    """One attempt of an action. `started_at` is ISO 8601 UTC; `delay_seconds` is the wait that followed, if any.

    `effect` is what it did at the service; None in older reports. `by_sdk`: the AWS SDK made another one after it,
    by its own rules and not by the scenario's `retry`. `code` is that of the error with which it ended, `assertion` for
    a check that did not hold, `not_yet` for a poll that goes on. `cached`: the suite's cache had its result.
    """

    number: int
    started_at: str
    duration_seconds: float
    status: Status
    message: str = ""
    delay_seconds: float | None = None
    effect: Effect | None = None
    by_sdk: bool = False
    code: str = ""
    cached: bool = False

    @property
    def failed(self) -> bool:
        """Whether it did not pass; a poll that only goes on is no failure."""
        return self.status is not Status.PASSED and self.code != NOT_YET


class UncertainAttempt(Struct, frozen=True):
    """An attempt of which is not known what it did: what to look for at the service, redacted.

    `answered` says that the service did answer, so that nothing comes of it any more. `at` is ISO 8601 UTC.
    """

    action: str
    type: str
    attempt: int
    at: str
    message: str
    request: Json = None
    answered: bool = False


class StepResult(Struct, frozen=True):
    """What happened in one step, redacted and limited in size, as it is shown and stored.

    `outcome` is that of a clean-up step that has ended. `evidence` is what AWS itself knew of its failure, best
    explanation first.
    """

    index: int
    phase: str
    name: str
    type: str
    status: Status
    started_at: str = ""
    duration_seconds: float = 0.0
    attempts: tuple[Attempt, ...] = ()
    request: Json = None
    response: Json = None
    assertions: tuple[AssertionResult, ...] = ()
    captured: Mapping[str, Json] = field(default_factory=dict)
    error: ErrorInfo | None = None
    source: str = ""
    outcome: CleanupOutcome | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def was_cut_off(self) -> bool:
        """Whether it was begun, and was waiting when the run was ended."""
        return self.status is Status.SKIPPED and self.error is not None and self.error.code == CUT_OFF


class LeftBehind(Struct, frozen=True):
    """Something that a clean-up step could not undo: the step, with its params, and why.

    `command` is the command that finishes the clean-up. `look_for` are the attempts that may have made something.
    """

    name: str
    type: str
    params: Json
    reason: str
    command: str = ""
    outcome: CleanupOutcome = CleanupOutcome.FAILED
    look_for: tuple[UncertainAttempt, ...] = ()


class CleanupResult(Struct, frozen=True):
    """The clean-up of a run: its verdict, its steps, what they left, and what of that a person has seen to."""

    verdict: CleanupVerdict = CleanupVerdict.CLEAN
    steps: tuple[StepResult, ...] = ()
    left_behind: tuple[LeftBehind, ...] = ()
    forgotten: tuple[LeftBehind, ...] = ()

    @property
    def was_cut_short(self) -> bool:
        """Whether something is left whose clean-up step did not come to its end."""
        ended = {step.name for step in self.steps if step.status is not Status.RUNNING}
        return any(left.name not in ended for left in self.left_behind)


class Repetition(Struct, frozen=True):
    """Which of several runs of one scenario this is: `number` counts from 1, `of` is how many there are."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number} of {self.of}"


class RunResult(Struct, frozen=True):
    """A whole run: what `report.json` holds.

    `file` is where the scenario came from, as the person named it, and `fingerprint` that of the document that ran
    (`awsit.scenario.compile.fingerprint`); both are empty where they are not known. `trace_id` is that of the
    execution's X-Ray trace, else of the one that HTTP calls of the run carry, if there is any. `contracts` has each
    OpenAPI document that steps are held to. `warnings` are of the command that made the run.
    """

    run_id: str
    scenario: str
    status: RunStatus
    engine: str
    started_at: str
    finished_at: str
    duration_seconds: float
    description: str = ""
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, Json] = field(default_factory=dict)
    execution_arn: str = ""
    trace_id: str = ""
    steps: tuple[StepResult, ...] = ()
    assertions: tuple[AssertionResult, ...] = ()
    cleanup: CleanupResult = field(default_factory=CleanupResult)
    context: Mapping[str, Json] = field(default_factory=dict)
    error: ErrorInfo | None = None
    file: str = ""
    fingerprint: str = ""
    repetition: Repetition | None = None
    contracts: tuple[ContractCoverage, ...] = ()
    warnings: tuple[RunWarning, ...] = ()
    version: str = REPORT_VERSION
