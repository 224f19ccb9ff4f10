"""What a suite comes to: its own runs, and from ten to a hundred thousand like them.

Counts and dollars are those of the forecasts of its scenarios when every step passes at its first attempt. A number of
runs is the suite as often as it takes. How long they take is the greatest of several bounds, one for each quota: what
the runs need of it, by what it gives in a second. `docs/run/suites.md` has the formulas.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import astuple

from awsit.actions.registry import BY_TYPE
from awsit.forecast.cost.estimate import AS_OF, REGION, SECONDS_OF_A_CALL
from awsit.forecast.document import Forecast, PlannedStep
from awsit.model.plan import Phase
from awsit.model.text.counts import count
from awsit.quotas.account import AccountQuota, AccountQuotas
from awsit.quotas.catalogue import (
    API_REQUESTS,
    FUNCTION_CONCURRENCY,
    MAP_CHILDREN,
    START_EXECUTION,
    STATE_TRANSITIONS,
    TABLE_READS,
    TABLE_WRITES,
    Quota,
)

SUITE_VERSION = "awsit.suite-forecast/1"
SCALES = (10, 100, 1_000, 10_000, 100_000)
LONGEST_RUN = "the longest run"
BINDING = (START_EXECUTION, STATE_TRANSITIONS, API_REQUESTS, TABLE_WRITES, TABLE_READS)
"""The quotas that give bounds, but for the function's, of which Lambda itself tells."""

_NOTE = (
    "When every step passes at its first attempt. Prices are list prices without free tiers, quotas {quotas}{but}; a "
    f"call of the function is taken to last {SECONDS_OF_A_CALL:g} s, HTTP requests to go to API Gateway."
)


class Load(Struct, frozen=True):
    """What runs come to. `run_seconds` is how long they last one after the other, `busy_seconds` of the function."""

    runs: float
    transitions: float
    events: float
    invocations: float
    http_requests: float
    table_writes: float
    table_reads: float
    bucket_puts: float
    bucket_gets: float
    run_seconds: float
    busy_seconds: float
    dollars: float

    @classmethod
    def of(cls, forecast: Forecast) -> Load:
        """The load of one run, as it is at best."""
        execution, quantities = forecast.execution, {each.name: each.quantity.best for each in forecast.cost.items}
        busy = execution.invocations.best * SECONDS_OF_A_CALL
        return cls(
            runs=1,
            transitions=execution.transitions.best,
            events=execution.events.best,
            invocations=execution.invocations.best,
            http_requests=sum(BY_TYPE[step.type].resource_kind == "host" for step in _done(forecast)),
            table_writes=quantities["table write units"],
            table_reads=quantities["table read units"],
            bucket_puts=quantities["bucket PUTs"],
            bucket_gets=quantities["bucket GETs"],
            run_seconds=execution.seconds.best + busy,
            busy_seconds=busy,
            dollars=forecast.cost.dollars.best,
        )

    def times(self, factor: float) -> Load:
        """So many times the load."""
        return Load(*(round(value * factor, 9) for value in astuple(self)))


class Bound(Struct, frozen=True):
    """The least seconds that something leaves for a number of runs, a quota by its name."""

    name: str
    seconds: float


class Projection(Struct, frozen=True):
    """A number of runs: their load, and how long they take, which is the greatest of the `bounds`."""

    load: Load
    seconds: float
    bound_by: str
    bounds: tuple[Bound, ...]


class SuiteForecast(Struct, frozen=True):
    """What `awsit plan --suite --json` writes. `own` are the suite's own runs, `scaled` are `SCALES` of them.

    `function_concurrency` is how many calls of the function may go on at once: as the account says, or by default.
    `account_quotas` are those of `BINDING` that are not the defaults; None where they were not read.
    `most_dollars` is what its own runs cost in the worst case; `at_once` how many go on side by side at most.
    """

    scenarios: tuple[str, ...]
    region: str
    price_region: str
    prices_as_of: str
    at_once: int
    own: Projection
    scaled: tuple[Projection, ...]
    most_dollars: float
    function_concurrency: int
    note: str
    account_quotas: tuple[AccountQuota, ...] | None = None
    version: str = SUITE_VERSION


def suite_forecast(
    forecasts: Sequence[Forecast], quotas: AccountQuotas, jobs: int | None = None, concurrency: int | None = None
) -> SuiteForecast:
    """The forecast of a suite whose runs have these forecasts, `jobs` at once or as many as a map run may have.

    `concurrency` is how many calls of the function the account allows at once; None stands for the default.
    """
    loads = [Load.of(each) for each in forecasts]
    own = Load(*map(sum, zip(*map(astuple, loads), strict=True)))
    longest = max(each.run_seconds for each in loads)
    usual = int(FUNCTION_CONCURRENCY.default.value)
    limits = _Limits(quotas, longest, jobs, usual if concurrency is None else concurrency)
    calls = "" if concurrency is None else count(concurrency, "call", spec=",")
    but = f", but for the {calls} of the function that may go on at once" if calls else ""
    return SuiteForecast(
        scenarios=tuple(each.scenario for each in forecasts),
        region=quotas.region,
        price_region=REGION,
        prices_as_of=AS_OF,
        at_once=limits.at_once,
        own=limits.projection(own),
        scaled=tuple(limits.projection(own.times(runs / own.runs)) for runs in SCALES),
        most_dollars=round(sum(each.cost.dollars.worst for each in forecasts), 8),
        function_concurrency=limits.concurrency,
        note=_NOTE.format(quotas="those of the account" if quotas.is_read else "the defaults of an account", but=but),
        account_quotas=tuple(quotas.differences(BINDING)) if quotas.is_read else None,
    )


class _Limits(Struct, frozen=True):
    """What bounds the time of runs of which the longest takes so many seconds."""

    quotas: AccountQuotas
    longest: float
    jobs: int | None
    concurrency: int

    @property
    def at_once(self) -> int:
        return self.jobs or int(MAP_CHILDREN.default.value)

    def projection(self, load: Load) -> Projection:
        bounds = tuple(Bound(name, round(seconds, 3)) for name, seconds in self._bounds(load))
        binding = max(bounds, key=lambda bound: bound.seconds)
        return Projection(load, binding.seconds, binding.name, bounds)

    def _bounds(self, load: Load) -> Iterator[tuple[str, float]]:
        yield LONGEST_RUN, self.longest
        yield f"--jobs {self.jobs}" if self.jobs else MAP_CHILDREN.name, load.run_seconds / self.at_once
        yield START_EXECUTION.name, self._seconds(load.runs, START_EXECUTION) + self.longest
        yield STATE_TRANSITIONS.name, self._seconds(load.transitions, STATE_TRANSITIONS)
        yield FUNCTION_CONCURRENCY.name, load.busy_seconds / max(1, self.concurrency)
        yield API_REQUESTS.name, self._seconds(load.http_requests, API_REQUESTS)
        yield TABLE_WRITES.name, self._seconds(load.table_writes, TABLE_WRITES)
        yield TABLE_READS.name, self._seconds(load.table_reads, TABLE_READS)

    def _seconds(self, number: float, quota: Quota) -> float:
        """How long a token bucket, full at the beginning, takes to give out so many tokens."""
        amount = self.quotas.amount(quota)
        return max(0.0, number - amount.burst) / amount.value


def _done(forecast: Forecast) -> Iterator[PlannedStep]:
    """The steps that a run carries out at best: none with a condition, nor what would undo it."""
    skipped = {name for step in forecast.steps if step.conditions for name in step.undone_by}
    yield from (step for step in forecast.steps if not step.conditions and step.phase != Phase.ON_FAILURE)
    yield from (step for step in forecast.cleanup if step.name not in skipped)
