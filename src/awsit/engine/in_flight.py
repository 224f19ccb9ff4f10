"""What is being computed in this process right now, so that nobody else computes the same meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock


class InFlight:
    """The keys that somebody computes a value for; safe between threads."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = Lock()
        self._over: dict[str, Event] = {}

    @contextmanager
    def one_at_first(self, key: str, wait: Callable[[Event], None]) -> Iterator[None]:
        """A block that the first caller enters at once. Others `wait` until that one is over, then enter all together.

        So they find what it has kept; when it has kept nothing, none of them waits for another one again.
        """
        with self._lock:
            first = self._over.get(key)
            over = self._over.setdefault(key, Event())
        if first is not None:
            wait(first)
            yield
            return
        try:
            yield
        finally:
            with self._lock:
                del self._over[key]
            over.set()
