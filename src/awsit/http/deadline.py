"""One deadline for a whole HTTP exchange.

urllib3's read timeout bounds each read, so a server that sends a byte now and then is never timed out. Here the time
that urllib3 gives to "the read" bounds the whole response, head and body, and hops of a redirect share what there is.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Callable
from time import monotonic
from typing import Any

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


class BoundedReader(io.RawIOBase):
    """Reads from a socket until the time that its timeout held at the start is over; `ended`: reads no more.

    `start` is what was read from the socket before, and comes first.
    """

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, start: bytes = b"") -> None:
        self._raw = raw
        self._sock = sock
        self.start = start
        self.ended = False
        seconds = sock.gettimeout()
        self._ends = None if seconds is None else monotonic() + seconds

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what there is; raises TimeoutError when the time is over."""
        if self.ended:
            return 0
        if self.start:
            piece, self.start = self.start[: len(buffer)], self.start[len(buffer) :]
            buffer[: len(piece)] = piece
            return len(piece)
        if self._ends is not None:
            left = self._ends - monotonic()
            if left <= 0:
                raise TimeoutError("the response took too long")
            self._sock.settimeout(left)
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        """Close what is read from."""
        self._raw.close()
        super().close()
