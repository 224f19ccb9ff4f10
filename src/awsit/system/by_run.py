"""What the runs of a process hold open from one step to the next."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class ByRun(Generic[Thing]):
    """Things that stay open, each under the run and the name of the step that opened it; safe between threads."""

    def __init__(self, close: Callable[[Thing], None]) -> None:
        """Begin with none; `close` ends one."""
        self._close = close
        self._lock = Lock()
        self._things: dict[tuple[str, str], Thing] = {}

    def find(self, run_id: str, name: str) -> Thing | None:
        """The one of a step, if it is open."""
        with self._lock:
            return self._things.get((run_id, name))

    def put(self, run_id: str, name: str, thing: Thing) -> Thing:
        """Keep the one of a step."""
        with self._lock:
            self._things[run_id, name] = thing
        return thing

    def names(self, run_id: str) -> list[str]:
        """The steps of a run of which one is open."""
        with self._lock:
            return [name for run, name in self._things if run == run_id]

    def close(self, run_id: str, name: str) -> None:
        """End the one of a step; without any, nothing happens."""
        with self._lock:
            thing = self._things.pop((run_id, name), None)
        if thing is not None:
            self._close(thing)

    def end(self, run_id: str) -> None:
        """End all that a run has left open."""
        for name in self.names(run_id):
            self.close(run_id, name)
