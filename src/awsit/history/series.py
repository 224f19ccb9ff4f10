"""The history of a scenario: how many runs passed, how long they took, which versions are flaky, what got slower."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec import Struct

from awsit.model.result import RunStatus
from awsit.model.run import HistoryEntry

NOT_PASSED = frozenset({RunStatus.FAILED, RunStatus.ERROR, RunStatus.TIMED_OUT})
"""Statuses that count as failures. A run that a person cancelled counts neither way."""

FLAKY_STATUSES = frozenset({RunStatus.PASSED, RunStatus.FAILED})
"""Statuses that tell whether a version is flaky: an error or a time-out is of the environment, no check that failed."""

FEWEST_TO_COMPARE = 5
"""Passed runs without which nothing is called slower than usual."""

DEVIATIONS, LEAST_SHARE, LEAST_SECONDS = 3.0, 0.2, 0.5
"""How far beyond the median a run is slow: the largest of the three (see `slow_limit`)."""

NORMAL_SCALE = 1.4826
"""The median absolute deviation times this estimates the standard deviation (P. J. Rousseeuw, C. Croux, 1993)."""


class Flaky(Struct, frozen=True):
    """A version of a scenario that passed, and failed because a check did not hold; `changes` counts between them."""

    fingerprint: str
    passed: int
    failed: int
    changes: int


class Slower(Struct, frozen=True):
    """The newest run, which took longer than `limit_seconds`."""

    run_id: str
    seconds: float
    usual_seconds: float
    limit_seconds: float


class Series(Struct, frozen=True):
    """The history of one scenario; `entries` from the oldest run to the newest.

    Durations are of the passed runs with the engine of the newest one, None where there are none.
    """

    scenario: str
    runs: int
    passed: int
    failed: int
    engine: str
    median_seconds: float | None
    p95_seconds: float | None
    flaky: tuple[Flaky, ...]
    slower: Slower | None
    entries: tuple[HistoryEntry, ...]


def series_of(entries: Iterable[HistoryEntry], limit: int) -> list[Series]:
    """The series of each scenario, sorted by name, with its newest `limit` runs."""
    by_name: dict[str, list[HistoryEntry]] = {}
    for entry in {each.run_id: each for each in entries}.values():
        by_name.setdefault(entry.scenario, []).append(entry)
    return [_series(name, sorted(by_name[name], key=_by_time)[-limit:]) for name in sorted(by_name)]


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of the values that at least `percent` of them do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def slow_limit(durations: Sequence[float]) -> float:
    """The seconds beyond which a run is slower than these.

    That is the median plus the largest of three robust deviations, a fifth of the median, and half a second.
    """
    usual = statistics.median(durations)
    deviation = NORMAL_SCALE * statistics.median(abs(each - usual) for each in durations)
    return usual + max(DEVIATIONS * deviation, LEAST_SHARE * usual, LEAST_SECONDS)


def flaky_versions(entries: Sequence[HistoryEntry]) -> tuple[Flaky, ...]:
    """The versions that passed, and failed because a check did not hold; the newest first."""
    versions: dict[str, list[bool]] = {}
    for entry in reversed(entries):
        if entry.fingerprint and entry.status in FLAKY_STATUSES:
            versions.setdefault(entry.fingerprint, []).append(entry.status is RunStatus.PASSED)
    return tuple(
        Flaky(version, sum(passed), len(passed) - sum(passed), _changes(passed))
        for version, passed in versions.items()
        if 0 < sum(passed) < len(passed)
    )


def _changes(passed: Sequence[bool]) -> int:
    return sum(one != following for one, following in pairwise(passed))


def slower_than_usual(entries: Sequence[HistoryEntry]) -> Slower | None:
    """The newest run, if it passed but took longer than the passed runs before it on the same engine."""
    if not entries or entries[-1].status is not RunStatus.PASSED:
        return None
    newest = entries[-1]
    before = _durations(entries[:-1], newest.engine)
    if len(before) < FEWEST_TO_COMPARE or newest.duration_seconds <= slow_limit(before):
        return None
    return Slower(newest.run_id, newest.duration_seconds, statistics.median(before), slow_limit(before))


def _series(scenario: str, entries: Sequence[HistoryEntry]) -> Series:
    durations = _durations(entries, entries[-1].engine)
    return Series(
        scenario=scenario,
        runs=len(entries),
        passed=sum(entry.status is RunStatus.PASSED for entry in entries),
        failed=sum(entry.status in NOT_PASSED for entry in entries),
        engine=entries[-1].engine,
        median_seconds=round(statistics.median(durations), 3) if durations else None,
        p95_seconds=percentile(durations, 95) if durations else None,
        flaky=flaky_versions(entries),
        slower=slower_than_usual(entries),
        entries=tuple(entries),
    )


def _durations(entries: Sequence[HistoryEntry], engine: str) -> list[float]:
    passed = (entry for entry in entries if entry.status is RunStatus.PASSED and entry.engine == engine)
    return [entry.duration_seconds for entry in passed]


def _by_time(entry: HistoryEntry) -> tuple[str, str]:
    return entry.started_at, entry.run_id
