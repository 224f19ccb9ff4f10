"""The only file that reads the time and waits."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from threading import Event


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the one place

    def monotonic(self) -> float:
        """Seconds that never go backwards."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)  # noqa: TID251 - this is the one place

    def wait(self, seconds: float, stop: Event) -> None:
        """Wait, but not after `stop` is set."""
        stop.wait(seconds)


class FakeClock:
    """A clock that stands still until somebody sleeps; `slept` lists how long."""

    def __init__(self, now: datetime | None = None) -> None:
        """Begin at `now`, by default the start of 2030."""
        self._start = now or datetime(2030, 1, 1, tzinfo=UTC)
        self._passed = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        """The start plus all that was slept."""
        return self._start + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        """All that was slept."""
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
    """A moment as ISO 8601 text in UTC with milliseconds, such as `2030-01-01T00:00:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_iso(text: str) -> datetime:
    """The moment that `iso` wrote."""
    return datetime.fromisoformat(text)


def iso_of(seconds: float) -> str:
    """Seconds since the epoch as `iso` writes a moment."""
    return iso(datetime.fromtimestamp(seconds, UTC))
