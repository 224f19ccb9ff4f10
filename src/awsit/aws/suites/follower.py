"""Following a suite from outside: each run's report when it is there, and how far the suite is."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import timedelta
from threading import Semaphore, Thread
from typing import TYPE_CHECKING

from awsit.aws.installation import Installation
from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.stepfunctions import executions
from awsit.aws.stepfunctions.follower import Follower, looks_of_all
from awsit.aws.suites.suites import Suites
from awsit.engine.store.records import RunState
from awsit.errors import EnvironmentFailure, NotFoundError
from awsit.model.events import RunFinished
from awsit.model.ports import Clock
from awsit.model.result import ErrorInfo, RunResult, RunStatus
from awsit.model.run import NOT_SET_UP, RunRequest, StartedRun, SuiteProgress, SuiteRun
from awsit.records import replace
from awsit.system.clock import iso, parse_iso

if TYPE_CHECKING:
    from awsit.aws.client.clients import AwsClients

FASTEST, SLOWEST, SLOWDOWN = 0.5, 5.0, 1.2
"""Seconds between two looks at a suite: quick while runs end, slower while none does."""

OVERLAP = timedelta(seconds=60)
"""How far each query reaches back: the functions that note the end of runs have clocks of their own."""

SETUP_SECONDS = 120.0
"""How long the clean-up of a setup is awaited whose suite was cut off: the stack's rule, or else its sweep, does it."""

READERS, READ_AHEAD = 8, 16
"""How many reports are read at once, and how many at most before they are asked for: memory could not hold all."""


class SuiteFollower:
    """Follows one suite. A look at it takes five requests, whatever the number of its runs, and a report one."""

    def __init__(self, aws: AwsClients, installation: Installation, clock: Clock, suite_id: str) -> None:
        self._aws = aws
        self._clock = clock
        self._suite_id = suite_id
        self._machine = installation.state_machine_arn
        self.suites = Suites(aws, installation, clock)
        self._store = DynamoRunStore(aws, installation.table, installation.bucket)
        self._looks = looks_of_all(self._machine.split(":")[3], clock)
        self._since = ""
        self._why_not = NEVER_BEGAN
        self.progress: SuiteProgress | None = None
        self.never_began: Callable[[SuiteRun], bool] = lambda _: False
        """Whether it is certain, without a question for its execution, that a run did not begin before the end."""

    def arn_of(self, run_id: str) -> str:
        """The ARN of the execution of a run."""
        return executions.arn_of(self._machine, run_id)

    def results(self, runs: Sequence[SuiteRun], tell: Callable[[SuiteProgress], None]) -> Iterator[RunResult]:
        """The result of every run as it ends, to the last; `tell` is told how far the suite is, at each look."""
        missing = {run.run_id: run for run in runs}
        began, pause = self._clock.monotonic(), FASTEST
        while missing:
            with executions.may_be_new(self._clock.monotonic() - began):
                self.progress = self.suites.progress(self._suite_id)
            if (progress := self.progress) is None:
                self._clock.sleep(pause)
                continue
            is_new = False
            for result in self._new(missing):
                is_new = True
                yield result
            tell(self._with_names(progress, missing))
            if progress.is_over:
                break
            pause = FASTEST if is_new else min(SLOWEST, pause * SLOWDOWN)
            self._clock.sleep(pause)
        yield from self._last(missing)

    def results_so_far(self, runs: Sequence[SuiteRun]) -> Iterator[RunResult]:
        """A result of each run, as they are found; of a suite that goes on, some are `running`."""
        self.progress = self.suites.progress(self._suite_id)
        missing = {run.run_id: run for run in runs}
        yield from self._new(missing)
        if self.progress.is_over:
            yield from self._last(missing)
        else:
            yield from (_without_report(run, RunStatus.RUNNING) for run in missing.values())

    def _new(self, missing: dict[str, SuiteRun]) -> Iterator[RunResult]:
        """The reports of the runs that have ended since the last look; they are missing no more."""
        ended = self.suites.results_since(self._suite_id, self._since)
        if ended:
            self._since = iso(parse_iso(ended[-1][0]) - OVERLAP)
        run_ids = list(dict.fromkeys(entry.run_id for _, entry in ended if entry.run_id in missing))
        for result in self._read(run_ids, self._store.report):
            if missing.pop(result.run_id).is_setup and result.status is not RunStatus.PASSED:
                self._why_not = NOT_SET_UP
            yield result

    def _with_names(self, progress: SuiteProgress, missing: dict[str, SuiteRun]) -> SuiteProgress:
        names = tuple(missing[run_id].shown_name for run_id in self.suites.running(missing))
        return replace(progress, running=names)

    def _last(self, missing: dict[str, SuiteRun]) -> Iterator[RunResult]:
        """The results of those that nobody has noted when the suite is over: cut off, going on, or never begun.

        A setup is cleaned up after the others.
        """
        for run_id in [run_id for run_id, run in missing.items() if self.never_began(run)]:
            yield _without_report(missing.pop(run_id), RunStatus.SKIPPED, self._why_not)
        for is_setup in (False, True):
            run_ids = [run_id for run_id, run in missing.items() if run.is_setup is is_setup]
            yield from self._read(run_ids, lambda run_id: _named(self._followed(missing[run_id]), missing[run_id]))

    @staticmethod
    def _read(run_ids: Iterable[str], read: Callable[[str], RunResult]) -> Iterator[RunResult]:
        """The results in the order of the IDs. Who is interrupted waits for no thread: its run may be long."""
        futures: dict[str, Future[RunResult]] = {run_id: Future() for run_id in run_ids}
        waiting, ahead = deque(futures.items()), Semaphore(READ_AHEAD)
        readers = min(READERS, len(waiting))
        for _ in range(readers):
            Thread(target=_read_next, args=(waiting, read, ahead), name="awsit-report", daemon=True).start()
        try:
            while futures:
                yield futures.pop(next(iter(futures))).result()
                ahead.release()
        finally:
            waiting.clear()
            ahead.release(READERS)  # a reader that waits for its turn finds nothing to read, and ends

    def _followed(self, run: SuiteRun) -> RunResult:
        """The result of a run, which is awaited where its execution goes on or the stack cleans up after it."""
        with suppress(NotFoundError):
            return self._report_of_setup(run.run_id) if run.is_setup else self._store.report(run.run_id)
        arn = self.arn_of(run.run_id)
        try:
            executions.describe(self._aws, arn)
        except EnvironmentFailure as error:
            if error.code != executions.UNKNOWN:
                raise
            return _without_report(run, RunStatus.SKIPPED, self._why_not)
        started = StartedRun(run.run_id, arn, RunRequest(run.run_id, run.name, None))
        events = Follower(self._aws, self._store, self._clock, started, self._looks).events()
        (result,) = (event.result for event in events if isinstance(event, RunFinished))
        return result

    def _report_of_setup(self, run_id: str) -> RunResult:
        """The last report of a setup: the one before it is of the time when it was held. Raises NotFoundError."""
        ends = self._clock.monotonic() + SETUP_SECONDS
        while self._store.run(run_id).state is not RunState.CLOSED and self._clock.monotonic() < ends:
            self._clock.sleep(FASTEST)
        return self._store.report(run_id)


def _read_next(
    waiting: deque[tuple[str, Future[RunResult]]], read: Callable[[str], RunResult], ahead: Semaphore
) -> None:
    """Read one result after the other, as long as one waits for that; `ahead` is the room for further ones."""
    with suppress(IndexError):
        while ahead.acquire():
            run_id, future = waiting.popleft()
            try:
                result = read(run_id)
            except Exception as error:  # noqa: BLE001 - raised again by who reads the results
                future.set_exception(error)
            else:
                future.set_result(result)


NEVER_BEGAN = ErrorInfo(
    "suite_ended", "Not run: the suite ended before its turn.", "`awsit status` with the suite's ID."
)


def _named(result: RunResult, run: SuiteRun) -> RunResult:
    """The result with what the suite knows of its run, where that was cut off before it had read its scenario."""
    if result.scenario:
        return result
    return replace(result, scenario=run.name, file=run.file, repetition=run.repetition)


def _without_report(run: SuiteRun, status: RunStatus, error: ErrorInfo | None = None) -> RunResult:
    return RunResult(
        run.run_id,
        run.name,
        status,
        "stepfunctions",
        "",
        "",
        0.0,
        error=error,
        file=run.file,
        repetition=run.repetition,
    )
