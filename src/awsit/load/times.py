"""Times as a t-digest, whose size does not grow with their number.

Source: Dunning, Ertl, "Computing Extremely Accurate Quantiles Using t-Digests" (arXiv:1902.04023).
"""

from __future__ import annotations

from fastdigest import TDigest

from awsit.load.result import LoadTimes

PERCENTILES = {"p50_ms": 0.5, "p90_ms": 0.9, "p95_ms": 0.95, "p99_ms": 0.99}


class Times:
    """Times of one kind. The digest keeps so many `centroids`: its extremes are exact, what is near them almost so."""

    def __init__(self, centroids: int = 1000) -> None:
        self._digest = TDigest(centroids)
        self._count = 0

    def add(self, seconds: float) -> None:
        """Add one."""
        self._digest.update(seconds * 1000)
        self._count += 1

    def percentile(self, share: float) -> float | None:
        """The milliseconds that a share of the times took at most; None without any."""
        return round(self._digest.quantile(share), 3) if self._count else None

    def summary(self) -> LoadTimes:
        """Count, percentiles and maximum."""
        percentiles = {name: self.percentile(share) for name, share in PERCENTILES.items()}
        return LoadTimes(self._count, **percentiles, max_ms=self.percentile(1))
