"""Runs side by side: begun when it is their turn; all that happens comes to one reader."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from queue import Empty

from msgspec import Struct

from awsit.cli.failures import awsit_error
from awsit.cli.logs.run_log import log_start
from awsit.cli.running.side_by_side.mailbox import Mailbox
from awsit.cli.running.side_by_side.threads import Threads
from awsit.cli.running.side_by_side.turns import POLL_SECONDS, TurnRefused, Turns
from awsit.cli.selection.requested_run import WaitingRun
from awsit.model.events import Event, RunFinished
from awsit.model.ports import Clock
from awsit.model.run import Engine, StartedRun

LOOK_SECONDS = 1.0
"""How often the reader looks whether a run is to be stopped, and whether the patience with interrupted ones is over."""

PATIENCE_SECONDS = 120.0
"""How long interrupted runs may take to end and to clean up; what is left then is in the ledger."""


class _Ended(Struct, frozen=True):
    """A run has ended; `error` is what it raised."""

    error: BaseException | None = None


class Pool:
    """Runs of one engine, side by side in threads, each when `turns` lets it begin. Before, the reader calls `begins`.

    About once a second it calls `look` with the IDs of the runs that go on.
    """

    _threads: Threads[WaitingRun]
    """Those of one `run`."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        turns: Turns,
        begins: Callable[[WaitingRun], None] = lambda _: None,
        look: Callable[[Collection[str]], None] = lambda _: None,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._turns = turns
        self._begins = begins
        self._look = look
        self._looks_at = self._turn_at = 0.0
        self._queue: Mailbox[tuple[WaitingRun, StartedRun | Event | _Ended]] = Mailbox()
        self._is_closed = self._is_interrupted = False
        self._patience_ends = math.inf

    def begin_no_more(self) -> None:
        """Let the runs that go on come to their end, and begin no other."""
        self._is_closed = True

    def interrupt(self) -> bool:
        """Begin no other run, and have the engine end those that go on; False when they are not its to end, or again.

        May be called by a signal handler in the middle of `run`, which raises KeyboardInterrupt when the runs take
        longer than `PATIENCE_SECONDS` to end.
        """
        self.begin_no_more()
        is_first, self._is_interrupted = not self._is_interrupted, True
        is_between = is_first and not self._engine.outlives_process  # two runs, or the engine does not know of one yet
        if not self._engine.interrupt() and not is_between:
            return False
        self._patience_ends = self._clock.monotonic() + PATIENCE_SECONDS
        return True

    def run(self, runs: Sequence[WaitingRun]) -> Iterator[tuple[WaitingRun, StartedRun | Event | Exception]]:
        """What happens in all of the runs; an exception is why a run could not go on.

        No other is begun then, unless it is a bug: what is wrong with the machine, the account or the network would end
        the others too, a bug need not.
        Raises KeyboardInterrupt, and leaves the runs that go on to themselves.
        """
        self._threads = Threads(self._follow)
        try:
            yield from self._run(runs)
        finally:
            self._threads.close()

    def _run(self, runs: Sequence[WaitingRun]) -> Iterator[tuple[WaitingRun, StartedRun | Event | Exception]]:
        waiting, running = deque(runs), set[str]()
        is_waiting = self._begin_next(waiting, running)
        while running or is_waiting:
            following = self._next(running, is_waiting=is_waiting)
            if following is None:
                is_waiting = self._begin_next(waiting, running)
                continue
            run, news = following
            if not isinstance(news, _Ended):
                yield run, news
                continue
            running.discard(run.run_id)
            self._threads.is_over()
            self._turns.is_over(run)
            self._engine.release(run.run_id)  # its report is kept by now
            if isinstance(news.error, Exception):
                if awsit_error(news.error):
                    self.begin_no_more()
                yield run, news.error
            elif news.error:
                raise news.error
            is_waiting = self._begin_next(waiting, running)

    def _next(
        self, running: Collection[str], *, is_waiting: bool
    ) -> tuple[WaitingRun, StartedRun | Event | _Ended] | None:
        """What happens next; None when it is time to see whether a run that waits may begin."""
        while True:
            if self._clock.monotonic() >= self._looks_at:
                self._looks_at = self._clock.monotonic() + LOOK_SECONDS
                self._look(running)
            if is_waiting and self._clock.monotonic() >= self._turn_at:
                return None
            try:
                return self._queue.get(timeout=POLL_SECONDS if is_waiting else LOOK_SECONDS)
            except Empty:
                if self._clock.monotonic() > self._patience_ends:
                    raise KeyboardInterrupt from None
                if is_waiting:
                    return None

    def _begin_next(self, waiting: deque[WaitingRun], running: set[str]) -> bool:
        """Begin the runs that may; whether one is left that waits for its turn only."""
        while waiting and len(running) < self._turns.jobs and not self._is_closed:
            try:
                run = self._turns.next(waiting)
            except TurnRefused as refusal:
                running.add(refusal.run.run_id)
                self._refuse(refusal.run, refusal.error)
                return False
            if run is None:
                self._turn_at = self._clock.monotonic() + POLL_SECONDS
                return True
            running.add(run.run_id)
            self._begins(run)
            try:
                self._threads.begin(run)
            except RuntimeError as error:  # there is no thread for it
                self._refuse(run, error)
        return False

    def _refuse(self, run: WaitingRun, error: Exception) -> None:
        self._end(run, error)
        self.begin_no_more()

    def _follow(self, run: WaitingRun) -> None:
        """Start the run and hand over what happens in it, then its end."""
        has_result = False

        def emit(event: Event) -> None:
            nonlocal has_result
            has_result = isinstance(event, RunFinished)
            log_start(event)
            self._queue.put((run, event))

        try:
            started = self._engine.start(run.request)
            self._queue.put((run, started))
            if self._is_interrupted:  # before the engine knew of the run
                self._engine.interrupt()
            self._engine.follow(started, emit)
        except BaseException as error:  # noqa: BLE001 - it is raised again where the events are read
            self._end(run, error)
        else:
            self._end(run, None if has_result else RuntimeError("the run ended without a result"))

    def _end(self, run: WaitingRun, error: BaseException | None) -> None:
        self._queue.put((run, _Ended(error)), is_urgent=True)
