"""A run as it is requested, the engine that carries it out, and what is seen of runs and suites from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from msgspec import Struct, field

from awsit.model.codec import encode
from awsit.model.events import Event
from awsit.model.json import Json
from awsit.model.result import CleanupVerdict, ErrorInfo, Repetition, RunResult, RunStatus, StepResult
from awsit.patterns import lazy_pattern

SUITE_ID = lazy_pattern(r"suite-[0-9A-HJKMNP-TV-Z]{26}")
"""`suite-` and a ULID, so that IDs sort by time."""

LATEST_SECONDS = 1.0
"""How late an iteration of a load may begin; later, the rate is not held, and it is dropped."""
TOO_LATE = "too_late"
"""The code of the error of an iteration that was dropped in the account, since it would have begun too late."""

NOT_SET_UP = ErrorInfo("not_run", "Not run: the setup of a suite.yaml did not pass.")
"""The error of runs that never began, since a setup around them did not pass."""


class ConcurrencyLimit(Struct, frozen=True):
    """Of the runs with this key, so many at once on one machine."""

    key: str
    limit: int = 1


class RunRequest(Struct, frozen=True):
    """A run that an engine shall carry out: a scenario document, and what the person added to it.

    `variables` override the scenario's own; `env` holds just the environment variables that its templates name. Runs of
    one `suite` share cached results; without one the run is alone. With `keep` nothing is cleaned up until somebody
    asks for it. `file` is where the scenario came from, for reports. `repetition` is set for one of several runs of a
    scenario. `is_valid` says that the document was validated and expanded, so that the engine need not do it again.
    `files` maps the names of files that params hold to paths on this machine. `concurrency` is for what starts the run.
    `schedule` is the name of the schedule that started it, empty for none. `compact`: in the account, an invocation
    carries out several steps (`awsit.engine.compact`). A run with `hold` is a suite's setup: it leaves its clean-up to
    `Engine.clean_up`. `suite_run` is the ID of the one whose captured values are `suite` in templates, empty for none.
    Runs of one `seed` and name have the same fake data; without one a run has its own. `start_at` is the moment, in
    seconds since the epoch, at which a load in the account has its first action begin; 0: when it can.
    """

    run_id: str
    name: str
    document: Json
    variables: Mapping[str, Json] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    suite: str = ""
    keep: bool = False
    file: str = ""
    repetition: Repetition | None = None
    is_valid: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    concurrency: ConcurrencyLimit | None = None
    schedule: str = ""
    compact: bool = False
    hold: bool = False
    suite_run: str = ""
    seed: str = ""
    start_at: float = 0.0


def execution_input(request: RunRequest, scenario: Json, *, is_given: bool = False) -> dict[str, Json]:
    """What an execution of the run is started with; `scenario` says where its document is.

    `is_given`: what the request lacks of variables and environment, since it is secret, is in the table of runs.
    """
    return {
        "scenario": scenario,
        "variables": dict(request.variables),
        "env": dict(request.env),
        "given": is_given,
        "suite": request.suite,
        "label": request.name,
        "keep": request.keep,
        "file": request.file,
        "repetition": encode(request.repetition) if request.repetition else None,
        "compact": request.compact,
        "hold": request.hold,
        "suite_run": request.suite_run,
        "seed": request.seed,
        **({"start_at": request.start_at} if request.start_at else {}),
    }


class StartedRun(Struct, frozen=True):
    """A run that an engine has taken on. `execution_arn` is empty for a run in this process."""

    run_id: str
    execution_arn: str
    request: RunRequest


class Engine(Protocol):
    """What walks a plan. Several threads may each start and follow a run of one engine.

    `outlives_process`: whether a run goes on when this process ends. `notice` is what to tell before the first run, if
    anything.
    """

    name: str
    outlives_process: bool
    notice: str

    def start(self, request: RunRequest) -> StartedRun:
        """Take the run on. Raises AwsitError when that is not possible."""

    def follow(self, run: StartedRun, emit: Callable[[Event], None]) -> None:
        """Hand what happens in the run to `emit`, to its end: RunStarted first, RunFinished last.

        `emit` is called in the order of the events, but not always by the same thread. Raises AwsitError when the run
        cannot be followed, or carried out, any further.
        """

    def stop(self, reference: str) -> str:
        """Let a run begin nothing more: it cleans up, reports and ends. Returns its ID. Raises AwsitError."""

    def interrupt(self) -> bool:
        """Let the runs of this process begin nothing more: they clean up, report and end.

        False when there is none, or when all were interrupted before.
        """

    def release(self, run_id: str) -> None:
        """Let go of what is held for a run that was followed to its end; nothing more is asked of it."""

    def clean_up(self, run_id: str) -> RunResult:
        """Undo what a run with `hold` made, which was followed to its end. Raises AwsitError."""

    def masker(self, request: RunRequest) -> Callable[[str], str]:
        """What masks, in a text from elsewhere, all that the reports of a run may not show.

        Raises AwsitError when that cannot be known.
        """


class RunSnapshot(Struct, frozen=True):
    """A run at one moment. Times ISO 8601 UTC, empty when not known; `cleanup` is None until it is over.

    `error` says why a run that is over has no report. `is_held`: it is the setup of a suite, which was made, and is
    cleaned up after the runs within it.
    """

    run_id: str
    scenario: str
    status: RunStatus
    execution_arn: str = ""
    started_at: str = ""
    finished_at: str = ""
    total_steps: int = 0
    steps: tuple[StepResult, ...] = ()
    cleanup: CleanupVerdict | None = None
    cleanup_steps: tuple[StepResult, ...] = ()
    error: ErrorInfo | None = None
    is_held: bool = False


class RunSummary(Struct, frozen=True):
    """A run in a list. `left_behind` counts what is still there; None while nobody has reported it.

    `is_held` is as in a `RunSnapshot`.
    """

    run_id: str
    scenario: str
    engine: str
    status: RunStatus
    started_at: str
    left_behind: int | None = None
    is_held: bool = False


class LastLook(Struct, frozen=True):
    """What a clean-up waits for: its step `name` is carried out once more at `at` (seconds since the epoch).

    Until then something may come of the `actions` that had no answer.
    """

    name: str
    actions: tuple[str, ...]
    at: float


class HistoryEntry(Struct, frozen=True):
    """One run that is over, as a history keeps it: without its steps.

    `fingerprint` is that of the scenario's document; empty where it is not known.
    """

    run_id: str
    scenario: str
    status: RunStatus
    engine: str
    started_at: str
    duration_seconds: float
    fingerprint: str = ""
    left_behind: int = 0

    @classmethod
    def of(cls, result: RunResult) -> HistoryEntry:
        """The entry of a report."""
        return cls(
            result.run_id,
            result.scenario,
            result.status,
            result.engine,
            result.started_at,
            result.duration_seconds,
            result.fingerprint,
            len(result.cleanup.left_behind),
        )


class SuiteRun(Struct, frozen=True):
    """A run of a suite, as it was asked for. `name` is that of its scenario or row, `file` where that came from.

    It may be a setup, or within one: `suite_run` is the ID of that.
    """

    run_id: str
    name: str
    file: str = ""
    repetition: Repetition | None = None
    is_setup: bool = False
    suite_run: str = ""

    @property
    def shown_name(self) -> str:
        """The name as people see it, with the number of a repetition."""
        return f"{self.name} ({self.repetition})" if self.repetition else self.name


class SuiteProgress(Struct, frozen=True):
    """How many runs of a suite wait for their turn, and the names of those that are under way, as far as is known.

    `status` is that of its execution, as Step Functions spells it. Times are ISO 8601 UTC, empty when not known.
    """

    suite_id: str
    execution_arn: str
    status: str
    started_at: str
    finished_at: str = ""
    waiting: int = 0
    running: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether no run of it begins any more."""
        return self.status not in {"RUNNING", "PENDING_REDRIVE"}


class SuiteSnapshot(Struct, frozen=True):
    """A suite at one moment: how far it is, how many runs it has, and those that have ended, by their ends."""

    progress: SuiteProgress
    total: int
    ended: tuple[HistoryEntry, ...] = ()
