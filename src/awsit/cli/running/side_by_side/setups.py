"""Runs side by side within the setups of their suites."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from awsit.cli.running.side_by_side.pool import Pool
from awsit.cli.selection.requested_run import WaitingRun
from awsit.errors import AwsitError
from awsit.model.events import CleanupFinished, Event, RunFinished
from awsit.model.result import RunResult, RunStatus
from awsit.model.run import Engine, StartedRun


class PoolWithSetups:
    """A pool whose runs begin when all setups have passed, and whose setups are cleaned up after the last of them.

    A setup is a run that others name as their `suite_run`. The end of one that passed is told after its clean-up.
    """

    def __init__(self, pool: Pool, engine: Engine) -> None:
        self._pool = pool
        self._engine = engine
        self._is_cleaning_up = False

    def begin_no_more(self) -> None:
        """Let the runs that go on come to their end, and begin no other."""
        self._pool.begin_no_more()

    def interrupt(self) -> bool:
        """Begin no other run, and have the engine end those that go on; False when they are not its to end, or again.

        The first one in the clean-up of a setup lets that come to its end: it is what an interrupted run does too.
        """
        is_first, self._is_cleaning_up = self._is_cleaning_up, False
        return self._pool.interrupt() or is_first

    def run(self, runs: Sequence[WaitingRun]) -> Iterator[tuple[WaitingRun, StartedRun | Event | Exception]]:
        """What happens in the setups, then in the other runs; an exception is why one could not go on.

        Raises KeyboardInterrupt, and leaves what goes on to itself.
        """
        ids = {run.suite_run for run in runs}
        setups = [run for run in runs if run.run_id in ids]
        passed: list[tuple[WaitingRun, RunResult]] = []
        for run, news in self._pool.run(setups):
            if isinstance(news, RunFinished) and news.result.status is RunStatus.PASSED:
                passed.append((run, news.result))
            elif isinstance(news, RunFinished):
                yield from _end(run, news.result)
            elif not isinstance(news, CleanupFinished):  # of which it is known only then whether it is the last one
                yield run, news
        if len(passed) == len(setups):
            yield from self._pool.run([run for run in runs if run.run_id not in ids])
        self._is_cleaning_up = not self._engine.outlives_process
        for setup, result in reversed(passed):
            yield from self._cleaned_up(setup, result)

    def _cleaned_up(self, setup: WaitingRun, result: RunResult) -> Iterator[tuple[WaitingRun, Event | Exception]]:
        """The end of a setup; one that is to be kept has it without a clean-up."""
        try:
            if not setup.request.keep:
                result = self._engine.clean_up(setup.run_id)
            self._engine.release(setup.run_id)
        except AwsitError as error:  # the other setups are cleaned up all the same
            yield setup, error
        else:
            yield from _end(setup, result)


def _end(setup: WaitingRun, result: RunResult) -> Iterator[tuple[WaitingRun, Event]]:
    yield setup, CleanupFinished(setup.run_id, result.cleanup.verdict)
    yield setup, RunFinished(setup.run_id, result)
