"""Iterations that start at their times, whatever has become of those before."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from threading import Thread

from awsit.model.ports import Clock
from awsit.model.run import LATEST_SECONDS

LOOK_SECONDS = 0.1
"""How long it takes at most to notice an interruption."""
PATIENCE_SECONDS = 120.0
"""How long interrupted iterations may take to end and to clean up."""


class OpenLoop:
    """Starts `iterate(number, at)` at each time, in a thread of its own, while fewer than `most` go on.

    Else, and when this machine is late, it calls `dropped(at, is_late)`. Times are seconds after the first start.
    """

    def __init__(
        self,
        clock: Clock,
        most: int,
        iterate: Callable[[int, float], None],
        dropped: Callable[[float, bool], None],
        look: Callable[[], None] = lambda: None,
    ) -> None:
        self._clock = clock
        self._most = most
        self._iterate = iterate
        self._dropped = dropped
        self._look = look
        self._under_way: set[int] = set()
        self._began = 0.0
        self._patience_ends = math.inf
        self.interrupted_at: float | None = None

    @property
    def elapsed(self) -> float:
        """Seconds since the first start."""
        return self._clock.monotonic() - self._began

    @property
    def under_way(self) -> int:
        """How many iterations go on."""
        return len(self._under_way)

    @property
    def is_interrupted(self) -> bool:
        """Whether it starts no more."""
        return self.interrupted_at is not None

    def interrupt(self) -> None:
        """Start no more. A signal handler may call it."""
        if self.interrupted_at is None:
            self.interrupted_at = self.elapsed
        self._patience_ends = self._clock.monotonic() + PATIENCE_SECONDS

    def run(self, times: Iterable[float]) -> None:
        """Start all, and wait for their ends. Raises KeyboardInterrupt when interrupted ones take too long to end."""
        self._began = self._clock.monotonic()
        for number, at in enumerate(times):
            self._wait_until(at)
            if self.is_interrupted:
                break
            is_late = self.elapsed - at > LATEST_SECONDS
            if is_late or len(self._under_way) >= self._most:
                self._dropped(at, is_late)
            else:
                self._under_way.add(number)
                Thread(target=self._carry_out, args=(number, at), name=f"awsit-load-{number}", daemon=True).start()
        while self._under_way:
            self._pause(LOOK_SECONDS)

    def _wait_until(self, at: float) -> None:
        while not self.is_interrupted and (left := at - self.elapsed) > 0:
            self._pause(min(left, LOOK_SECONDS))

    def _pause(self, seconds: float) -> None:
        self._clock.sleep(seconds)
        self._look()
        if self._clock.monotonic() > self._patience_ends:
            raise KeyboardInterrupt

    def _carry_out(self, number: int, at: float) -> None:
        try:
            self._iterate(number, at)
        finally:
            self._under_way.discard(number)
