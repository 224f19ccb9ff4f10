"""Token buckets: the pace of calls that keeps within a quota, and gives way when the service refuses some."""

from __future__ import annotations

from threading import Lock

from awsit.model.ports import Clock
from awsit.quotas.catalogue import Amount

SLOWED, REGAINED = 0.5, 0.02
"""After a refusal, this part of the rate is left; each call that is not refused brings this part of the whole back."""
SLOWEST = 0.02
"""The least part of the rate: others may use the rest of a quota, which is all of an account's callers'."""


class TokenBucket:
    """A bucket as AWS throttles with: it holds `burst` tokens, a call takes one, and `value` come back each second.

    Callers are served in their order: each takes a token now, perhaps one that is still to come, and waits until then.
    So those that wait come back one by one and not all at once. Threads may share a bucket.
    """

    def __init__(self, amount: Amount, clock: Clock) -> None:
        self._amount = amount
        self._clock = clock
        self._lock = Lock()
        self._part = 1.0
        self._tokens = self._most
        self._at = clock.monotonic()

    @property
    def _most(self) -> float:
        return max(1.0, self._amount.burst)

    def change(self, amount: Amount) -> None:
        """Go on with another quota; a larger bucket has its further tokens at once, as that of the service has."""
        with self._lock:
            self._refill()
            before, self._amount = self._most, amount
            self._tokens += self._most - before

    def take(self) -> float:
        """Take a token; returns the seconds until it is there, for the caller to wait."""
        with self._lock:
            self._refill()
            self._tokens -= 1
            return max(0.0, -self._tokens / self._rate)

    def refused(self) -> None:
        """The service refused a call: no token is left there, and fewer come back than was thought."""
        with self._lock:
            self._refill()
            self._part = max(SLOWEST, self._part * SLOWED)
            self._tokens = min(self._tokens, 0.0)

    def accepted(self) -> None:
        """The service took a call: the rate may grow again, up to that of the quota."""
        with self._lock:
            self._refill()
            self._part = min(1.0, self._part + REGAINED)

    @property
    def _rate(self) -> float:
        return self._amount.value * self._part

    def _refill(self) -> None:
        now = self._clock.monotonic()
        self._tokens = min(self._most, self._tokens + (now - self._at) * self._rate)
        self._at = now
