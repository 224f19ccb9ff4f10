"""One run as a history keeps it: its verdict and duration, without its steps."""

from __future__ import annotations

from dataclasses import dataclass

from awsit.model.result import RunResult, RunStatus


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A run that is over. `fingerprint` is that of the scenario's document; empty where it is not known."""

    run_id: str
    scenario: str
    status: RunStatus
    engine: str
    started_at: str
    duration_seconds: float
    fingerprint: str = ""
    left_behind: int = 0

    @classmethod
    def of(cls, result: RunResult) -> HistoryEntry:
        """The entry of a report."""
        return cls(
            result.run_id,
            result.scenario,
            result.status,
            result.engine,
            result.started_at,
            result.duration_seconds,
            result.fingerprint,
            len(result.cleanup.left_behind),
        )
