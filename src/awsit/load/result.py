"""What a load came to: the counts and the times of a scenario that was started again and again at a rate."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from awsit.model.json import Json
from awsit.model.result import (
    AssertionResult,
    CleanupResult,
    CleanupVerdict,
    ErrorInfo,
    LeftBehind,
    RunResult,
    RunStatus,
)

LOAD_VERSION = "awsit.load/1"


class LoadRate(Struct, frozen=True):
    """The starts that were asked for: `rate` a second for `seconds`, in the first `ramp_seconds` growing from none."""

    rate: float
    seconds: float
    ramp_seconds: float = 0.0
    max_concurrency: int = 100


class LoadTimes(Struct, frozen=True):
    """How many times were measured, and their percentiles in milliseconds; None when there are none."""

    count: int = 0
    p50_ms: float | None = None
    p90_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    max_ms: float | None = None


class Iterations(Struct, frozen=True):
    """How many times the scenario was to be started, and what became of each.

    `dropped`: it was not started, since too many were under way or, `too_late` of them, since this machine, or the
    account, was late. `cancelled`: it was cut off by an interruption. `left_behind` of those that were started left
    something.
    """

    scheduled: int = 0
    started: int = 0
    passed: int = 0
    failed: int = 0
    cancelled: int = 0
    dropped: int = 0
    left_behind: int = 0
    too_late: int = 0


class ActionLoad(Struct, frozen=True):
    """One action over all iterations that carried it out; times are from its own start, retries and polls included."""

    name: str
    type: str
    failed: int
    times: LoadTimes


class LoadError(Struct, frozen=True):
    """Iterations that failed for the same reason; `run_id` is the first, whose message this is and report is kept.

    Messages are the same if they differ in words with digits only, such as IDs and times. `awsit run --seed` with the
    `seed` has the fake data of the first one; empty for a scenario without such data.
    """

    action: str
    code: str
    message: str
    count: int
    run_id: str
    seed: str = ""


class LoadInterval(Struct, frozen=True):
    """What was to start in one interval, which begins `at` seconds after the first start; times in milliseconds."""

    at: float
    started: int
    failed: int
    dropped: int
    p50_ms: float | None
    p95_ms: float | None
    cancelled: int = 0


class LoadResult(Struct, frozen=True):
    """A whole load: what `awsit load --json` writes.

    `times` are those of iterations: from the moment at which one was to start, so that its delay counts, to the end of
    its last action; clean-up does not count. `start_delays` is how late starts were. Times of what failed count too.
    `achieved_rate` is that of starts a second, `planned_rate` its mean as it was asked for; both are those until an
    interruption. `expectations` are the thresholds. Of what was left behind, `left_behind` has the first few. `seed` is
    what the fake data of all iterations were drawn from; empty for a scenario without such data.
    """

    load_id: str
    scenario: str
    status: RunStatus
    engine: str
    started_at: str
    finished_at: str
    duration_seconds: float
    plan: LoadRate
    iterations: Iterations
    planned_rate: float
    achieved_rate: float
    error_rate: float
    dropped_rate: float
    times: LoadTimes
    start_delays: LoadTimes
    actions: tuple[ActionLoad, ...]
    errors: tuple[LoadError, ...]
    expectations: tuple[AssertionResult, ...]
    interval_seconds: float
    intervals: tuple[LoadInterval, ...]
    left_behind: tuple[LeftBehind, ...] = ()
    description: str = ""
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, Json] = field(default_factory=dict)
    file: str = ""
    seed: str = ""
    version: str = LOAD_VERSION

    def as_run(self) -> RunResult:
        """The load as one run whose final assertions are the thresholds, for formats that know runs only."""
        left = CleanupVerdict.LEFT_BEHIND if self.iterations.left_behind else CleanupVerdict.CLEAN
        is_cancelled = self.status is RunStatus.CANCELLED
        return RunResult(
            self.load_id,
            self.scenario,
            self.status,
            self.engine,
            self.started_at,
            self.finished_at,
            self.duration_seconds,
            description=self.description,
            tags=self.tags,
            metadata=self.metadata,
            assertions=self.expectations,
            cleanup=CleanupResult(left, (), self.left_behind),
            error=ErrorInfo("interrupted", "Stopped by the person who ran it.") if is_cancelled else None,
            file=self.file,
        )
