"""Several results together: what they come to, counted once, and results that are read one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import overload

from msgspec import Struct, field

from awsit import __version__
from awsit.model.result import ContractCoverage, RunResult
from awsit.reporting.coverage import add_coverage
from awsit.reporting.verdicts import Verdict, verdict_of
from awsit.system.clock import parse_iso


class ReportMeta(Struct, frozen=True):
    """When the runs of a report began and ended (ISO 8601, UTC; empty without runs), and the version of awsit.

    `seconds` is the wall time in which at least one of them went on: the time of runs side by side is counted once, the
    days between past runs are not.
    """

    started_at: str = ""
    finished_at: str = ""
    seconds: float = 0.0
    version: str = __version__


class Totals(Struct, frozen=True):
    """What results come to. `verdicts` has one for each, in their order; `contracts` is what all of them called.

    `repeated` has, by the name of each scenario that was run several times, how many of its runs passed, and of how
    many.
    """

    verdicts: tuple[Verdict, ...]
    meta: ReportMeta
    contracts: tuple[ContractCoverage, ...] = ()
    repeated: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, results: Sequence[RunResult]) -> Totals:
        """The totals of these results, for which each is read once."""
        return results.totals if isinstance(results, PagedResults) else _counted(results)

    @property
    def tally(self) -> dict[Verdict, int]:
        """The number of runs by verdict, worst first, without the verdicts that no run has."""
        numbers = Counter(self.verdicts)
        return {verdict: numbers[verdict] for verdict in Verdict if numbers[verdict]}

    @property
    def worst_first(self) -> list[int]:
        """The places of the results, those with the worst verdict first, else in their order."""
        ranks = {verdict: rank for rank, verdict in enumerate(Verdict)}
        return sorted(range(len(self.verdicts)), key=lambda place: ranks[self.verdicts[place]])

    @property
    def not_clean(self) -> list[int]:
        """The places of the results that did not pass cleanly, in their order."""
        return [place for place, verdict in enumerate(self.verdicts) if verdict is not Verdict.PASSED]


class PagedResults(Sequence[RunResult]):
    """Results that memory does not hold: `read` gives the one at a place, each time anew."""

    def __init__(self, number: int, read: Callable[[int], RunResult]) -> None:
        self._number = number
        self._read = read

    def __len__(self) -> int:
        return self._number

    @overload
    def __getitem__(self, place: int) -> RunResult: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[RunResult]: ...

    def __getitem__(self, place: int | slice) -> RunResult | Sequence[RunResult]:
        places = range(self._number)[place]
        return self._read(places) if isinstance(places, int) else [self._read(each) for each in places]

    def __iter__(self) -> Iterator[RunResult]:
        return map(self._read, range(self._number))

    @cached_property
    def totals(self) -> Totals:
        """What they come to."""
        return _counted(self)


def _counted(results: Iterable[RunResult]) -> Totals:
    verdicts: list[Verdict] = []
    times: list[tuple[str, str, float]] = []
    contracts: dict[str, ContractCoverage] = {}
    repeated: dict[str, tuple[int, int]] = {}
    for result in results:
        verdict = verdict_of(result)
        verdicts.append(verdict)
        times.append((result.started_at, result.finished_at, result.duration_seconds))
        add_coverage(contracts, result)
        if result.repetition:
            passed, of = repeated.get(result.scenario, (0, 0))
            repeated[result.scenario] = passed + (verdict is Verdict.PASSED), of + 1
    return Totals(tuple(verdicts), _meta(times), tuple(contracts.values()), repeated)


def _meta(times: Sequence[tuple[str, str, float]]) -> ReportMeta:
    """The time from the first start to the last end; `times` has start, end and seconds of each run."""
    return ReportMeta(
        min((start for start, _, _ in times if start), default=""),
        max((end for _, end, _ in times if end), default=""),
        _covered((parse_iso(start).timestamp(), seconds) for start, _, seconds in times if start),
    )


def _covered(begun: Iterable[tuple[float, float]]) -> float:
    """The seconds that the runs cover together on the time axis; each has its start and its duration."""
    covered, until = 0.0, float("-inf")
    for start, seconds in sorted(begun):
        end = start + seconds
        covered += max(0.0, end - max(start, until))
        until = max(until, end)
    return round(covered, 3)
