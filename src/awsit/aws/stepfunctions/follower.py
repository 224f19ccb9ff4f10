"""Following a run from outside, through its records."""

from __future__ import annotations

from collections.abc import Iterator

from awsit.aws.client import errors
from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.stepfunctions import executions
from awsit.aws.stepfunctions.tracker import Tracker
from awsit.engine.run.report import ended, make_result
from awsit.engine.store.records import RunState
from awsit.errors import EnvironmentFailure, NotFoundError
from awsit.model.events import CleanupFinished, Event, RunFinished, RunStarted
from awsit.model.ports import Aws, Clock
from awsit.model.result import RunResult, RunStatus
from awsit.model.run import StartedRun
from awsit.quotas.account import AccountQuotas
from awsit.quotas.catalogue import DESCRIBE_EXECUTION, Amount
from awsit.quotas.token_bucket import TokenBucket
from awsit.records import replace

FASTEST, SLOWEST, SLOWDOWN = 0.1, 2.0, 1.2
"""Seconds between two looks at a run: quick while things happen, slower while nothing does."""

RECOVERY_SECONDS = 60.0
"""How long the report of an execution that was cut off is awaited: the stack's rule has it written.

That is long enough for an action of the default `timeout_seconds` that was under way, and for the last look after it.
"""

LOOKS_PER_DESCRIBE = 10
"""After so many looks at the records, the execution itself is described: it may have been stopped from outside."""


def looks_of_all(region: str, clock: Clock) -> TokenBucket:
    """The pace of looks at runs that are followed side by side: as many as need no more calls than may describe."""
    return TokenBucket(looks_allowed(AccountQuotas(region)), clock)


def looks_allowed(quotas: AccountQuotas) -> Amount:
    """So many looks as need no more calls than an account may describe executions."""
    quota = quotas.amount(DESCRIBE_EXECUTION)
    return Amount(quota.value * LOOKS_PER_DESCRIBE, quota.burst)


class Follower:
    """Follows one run. A look at it is one strongly consistent query, from the first open step on.

    Each takes a token of `looks`, so that many runs side by side are looked at less often, each as often as the others.
    """

    def __init__(self, aws: Aws, store: DynamoRunStore, clock: Clock, run: StartedRun, looks: TokenBucket) -> None:
        self._aws = aws
        self._store = store
        self._clock = clock
        self._looks = looks
        self._run_id = run.run_id
        self._arn = run.execution_arn
        self._tracker: Tracker | None = None
        self._over = ""

    def events(self, wait_seconds: float | None = None) -> Iterator[Event]:
        """What happens, to the end. Raises EnvironmentFailure when `wait_seconds` pass before."""
        start, pause, looks = self._clock.monotonic(), FASTEST, 0
        while not self._over:
            looks += 1
            self._over = self._end(looks, self._clock.monotonic() - start)
            news = self._look()
            yield from news
            if self._over or self._is_closed:
                break
            if wait_seconds is not None and self._clock.monotonic() - start > wait_seconds:
                raise self._impatient(wait_seconds)
            pause = FASTEST if news else min(SLOWEST, pause * SLOWDOWN)
            self._clock.sleep(max(pause, self._looks.take()))
        result = self._result()
        yield CleanupFinished(self._run_id, result.cleanup.verdict)
        yield RunFinished(self._run_id, result)

    @property
    def _is_closed(self) -> bool:
        run = self._tracker.run if self._tracker else None
        return run is not None and run.state is RunState.CLOSED

    def _look(self) -> list[Event]:
        """One query; the run's own start comes first."""
        with errors.reported(f"follow {self._run_id}"):
            items = list(self._store.items(self._run_id, self._tracker.first if self._tracker else ""))
        if self._tracker is not None:
            return list(self._tracker.events(items))
        if not items:
            return []
        self._tracker = Tracker(self._run_id, self._store.plan(self._run_id), self._store.fetch)
        news = list(self._tracker.events(items))
        run = self._tracker.run
        if run is None:
            return news
        total = run.total_steps
        return [RunStarted(self._run_id, run.scenario, run.engine, run.started_at, total, self._arn), *news]

    def _end(self, looks: int, age_seconds: float) -> str:
        """How the execution ended (`ABORTED`), or nothing while it goes on; asked only now and then."""
        if looks % LOOKS_PER_DESCRIBE:
            return ""
        with executions.may_be_new(age_seconds):
            state = executions.describe(self._aws, self._arn)
            return state.status if state.is_over and not self._is_cleaned_elsewhere() else ""
        return ""

    def _is_cleaned_elsewhere(self) -> bool:
        """Whether an execution of its own goes on with the clean-up: see `awsit.aws.stepfunctions.reserve`."""
        cleaner = self._tracker.run.cleaner if self._tracker and self._tracker.run else ""
        return cleaner.startswith("arn:") and executions.is_running(self._aws, cleaner)

    def _result(self) -> RunResult:
        """The report. When an execution ended without one, and nobody writes it in time: what the records say."""
        ends = self._clock.monotonic() + RECOVERY_SECONDS
        while True:
            try:
                return self._store.report(self._run_id)
            except NotFoundError:
                if self._clock.monotonic() >= ends:
                    return self._as_it_stands()
            self._clock.sleep(FASTEST)

    def _as_it_stands(self) -> RunResult:
        state = executions.describe(self._aws, self._arn)
        no_report = executions.no_report(self._aws, state)
        try:
            run, plan = self._store.run(self._run_id), self._store.plan(self._run_id)
        except NotFoundError:
            ended_at = state.stopped_at or state.started_at
            return RunResult(
                self._run_id, "", RunStatus.ERROR, "stepfunctions", state.started_at, ended_at, 0.0,
                execution_arn=self._arn, error=no_report,
            )  # fmt: skip
        verdict = RunStatus.ERROR if run.verdict is RunStatus.PASSED else run.verdict
        judged = ended(replace(run, verdict=verdict, error=run.error or no_report), state.verdict, no_report)
        return make_result(plan, judged, self._store.records(self._run_id), self._clock.now())

    def _impatient(self, seconds: float) -> EnvironmentFailure:
        return EnvironmentFailure(
            f"{self._run_id} is still going on after {seconds:g} s",
            code="still_running",
            hint=f"it goes on: `awsit status {self._run_id}`; `awsit stop {self._run_id}` ends it",
        )
