"""One deadline for a whole HTTP exchange.

urllib3's read timeout bounds each read, so a server that sends a byte now and then is never timed out. Here the time
that urllib3 gives to "the read" bounds the whole response, head and body, and hops of a redirect share what there is.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from urllib3 import Timeout


class Deadline(Timeout):
    """A timeout whose copies, one for each hop of a redirect, share the time that is left."""

    def __init__(self, seconds: float, connect_seconds: float, now: Callable[[], float] = monotonic) -> None:
        super().__init__(connect=min(connect_seconds, seconds), total=seconds)
        self._connect_seconds = connect_seconds
        self._now = now
        self._ends = now() + seconds

    def clone(self) -> Timeout:
        """What one hop may use; never nothing, because urllib3 refuses a timeout of zero."""
        left = max(self._ends - self._now(), 0.001)
        return Timeout(connect=min(self._connect_seconds, left), total=left)

    def check(self) -> None:
        """Raise TimeoutError when the time is over: what came in time may take long to decode."""
        if self._now() > self._ends:
            raise TimeoutError("the response took too long")
