"""Runs side by side: begun in their order, at most so many at once; all that happens comes to one reader."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from queue import SimpleQueue
from threading import Thread

from awsit.model.events import Event, RunFinished
from awsit.model.run import RunRequest


class Pool:
    """Runs requests in threads of its own. `events` walks one run; `begins` is called, by the reader, before each."""

    def __init__(
        self,
        events: Callable[[RunRequest], Iterator[Event]],
        jobs: int,
        begins: Callable[[RunRequest], None] = lambda _: None,
    ) -> None:
        self._events = events
        self._jobs = jobs
        self._begins = begins
        self._told: SimpleQueue[tuple[RunRequest, Event | BaseException | None]] = SimpleQueue()
        self._is_closed = False

    def begin_no_more(self) -> None:
        """Let the runs that go on come to their end, and begin no other."""
        self._is_closed = True

    def run(self, requests: Sequence[RunRequest]) -> Iterator[tuple[RunRequest, Event | Exception]]:
        """What happens in all of the runs; an exception is why a run could not go on, and then no other is begun.

        Raises KeyboardInterrupt, and leaves the runs that go on to themselves.
        """
        waiting, going = deque(requests), 0
        while True:
            while waiting and going < self._jobs and not self._is_closed:
                self._begin(waiting.popleft())
                going += 1
            if not going:
                return
            request, told = self._told.get()
            if isinstance(told, BaseException) and not isinstance(told, Exception):
                raise told
            if told is None or isinstance(told, Exception):
                going -= 1
            if isinstance(told, Exception):
                self.begin_no_more()
            if told is not None:
                yield request, told

    def _begin(self, request: RunRequest) -> None:
        self._begins(request)
        Thread(target=self._walk, args=(request,), name=f"awsit-reader-{request.run_id}", daemon=True).start()

    def _walk(self, request: RunRequest) -> None:
        """Hand over every event, then None; or whatever was raised."""
        has_result = False
        try:
            for event in self._events(request):
                has_result = isinstance(event, RunFinished)
                self._told.put((request, event))
        except BaseException as error:  # noqa: BLE001 - it is raised again where the events are read
            self._told.put((request, error))
        else:
            self._told.put((request, None if has_result else RuntimeError("the run ended without a result")))
