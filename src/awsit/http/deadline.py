"""One deadline for a whole HTTP exchange.

urllib3's read timeout bounds each read, so a server that sends a byte now and then is never timed out. Here the time
that urllib3 gives to "the read" bounds the whole response, head and body, and hops of a redirect share what there is.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from urllib3 import Timeout


class Deadline:
    """The end of an exchange, whose hops share the time that is left."""

    __slots__ = ("_connect_seconds", "_ends", "_now")

    def __init__(self, seconds: float, connect_seconds: float, now: Callable[[], float] = monotonic) -> None:
        self._connect_seconds = connect_seconds
        self._now = now
        self._ends = now() + seconds

    def left(self) -> float:
        """Seconds until it is over; never nothing, which urllib3 refuses."""
        return max(self._ends - self._now(), 0.001)

    def to_connect(self) -> float:
        """As `left`, for one connection."""
        return min(self._connect_seconds, self.left())

    def timeout(self) -> Timeout:
        """What one hop may use."""
        return Timeout(connect=self.to_connect(), total=self.left())

    def check(self) -> None:
        """Raise TimeoutError when the time is over: what came in time may take long to decode."""
        if self._now() > self._ends:
            raise TimeoutError("the response took too long")
