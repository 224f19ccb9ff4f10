"""The clock, real and fake. No other module reads the time or waits."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from threading import Event


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The present in UTC. Two machines, or processes, can compare what theirs say."""
        return self.wall()

    def wall(self) -> datetime:
        """The present in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that may

    def monotonic(self) -> float:
        """Seconds from an arbitrary start, which never go backwards."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait for a number of seconds."""
        time.sleep(seconds)  # noqa: TID251 - the one place that may

    def wait(self, seconds: float, stop: Event) -> None:
        """Wait for a number of seconds, or until `stop` is set."""
        stop.wait(seconds)


class SteadyClock(SystemClock):
    """A clock that is right when it is made and then goes evenly, whatever the clock of this machine is set to.

    For the runs of one process: none ends early, or never, because somebody, or NTP, sets the clock.
    """

    def __init__(self) -> None:
        self._start, self._began = self.wall(), _elapsed()

    def now(self) -> datetime:
        """The time at which it was made, and what has passed since."""
        return self._start + timedelta(seconds=_elapsed() - self._began)


def _elapsed() -> float:
    """Seconds from an arbitrary start; those in which the machine was suspended count, where it can tell."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if sys.platform == "linux" else time.monotonic()


class FakeClock:
    """A clock that only `sleep` and `wait` move on; `slept` lists the seconds of each."""

    def __init__(self, now: datetime | None = None) -> None:
        """Begin at `now`, by default the start of 2030."""
        self._start = now or datetime(2030, 1, 1, tzinfo=UTC)
        self._passed = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        """The start plus the seconds slept so far."""
        return self._start + timedelta(seconds=self._passed)

    def wall(self) -> datetime:
        """The same."""
        return self.now()

    def monotonic(self) -> float:
        """The seconds slept so far."""
        return self._passed

    def sleep(self, seconds: float) -> None:
        """Move on at once."""
        self.slept.append(seconds)
        self._passed += seconds

    def wait(self, seconds: float, stop: Event) -> None:
        """Move on at once, unless `stop` is set."""
        if not stop.is_set():
            self.sleep(seconds)


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds, such as `2030-01-01T00:00:00.000Z`."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{utc.isoformat(timespec='milliseconds')[:-6]}Z"


def parse_iso(text: str) -> datetime:
    """The time of a text that `iso` wrote."""
    return datetime.fromisoformat(text)


def iso_of(seconds: float) -> str:
    """`iso` of a time in seconds since the epoch."""
    return iso(datetime.fromtimestamp(seconds, UTC))
