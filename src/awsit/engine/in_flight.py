"""What is being computed in this process right now, so that nobody else computes the same meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock

PATIENCE = 2
"""How many others one waits for that come to nothing. Then all act at once: a service that is slow to fail would have
them wait one after the other for longer than their runs have."""


class InFlight:
    """The keys that somebody computes a value for; safe between threads."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = Lock()
        self._over: dict[str, Event] = {}

    @contextmanager
    def one_at_first(self, key: str, wait: Callable[[Event], None], is_kept: Callable[[], bool]) -> Iterator[None]:
        """A block that the first caller enters at once. Others `wait` until that one is over.

        When it has kept something, all of them enter together, to find it. Else the next one enters, while the others
        wait for that, a few times at most. One whose `wait` ends before enters at once.
        """
        for _ in range(PATIENCE):
            over = self._other(key)
            if over is None:
                try:
                    yield
                finally:
                    self._end(key)
                return
            wait(over)
            if not over.is_set() or is_kept():
                break
        yield

    def _other(self, key: str) -> Event | None:
        """Becomes set when who computes it is over; None for who shall compute it."""
        with self._lock:
            other = self._over.get(key)
            self._over.setdefault(key, Event())
            return other

    def _end(self, key: str) -> None:
        with self._lock:
            over = self._over.pop(key)
        over.set()
