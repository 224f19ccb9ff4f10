"""What a load in the account comes to, and which quota does not allow for its rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

from msgspec import Struct

from awsit.forecast.cost.estimate import TRANSITIONS
from awsit.forecast.document import Forecast
from awsit.forecast.suite import Load
from awsit.quotas.account import AccountQuotas
from awsit.quotas.catalogue import FUNCTION_CONCURRENCY, START_EXECUTION, STATE_TRANSITIONS, Quota

TRANSITIONS_OF_AN_ITEM = 3
"""Of the child execution of the map that starts an iteration: its start, and two states."""
SECONDS_AHEAD = 1.5
"""How long the function waits on average for the moment of the first action (`awsit.aws.suites.manifest`)."""
_DOLLARS_OF_A_TRANSITION = TRANSITIONS / 1000


class Starts(Struct, frozen=True):
    """The starts of a load: how many, so many a second, and for how many seconds at that whole rate."""

    number: int
    rate: float
    full_seconds: float


class Exceeded(Struct, frozen=True):
    """A quota that the load needs more of than the account has: `needed` and `allowed`, and the rate that fits."""

    quota: str
    needed: float
    allowed: float
    unit: str
    rate: float
    is_estimate: bool = False


class LoadForecast(Struct, frozen=True):
    """Starts, state transitions and dollars of a whole load when every step passes at its first attempt."""

    starts: int
    transitions: int
    dollars: float
    exceeded: tuple[Exceeded, ...]


def load_forecast(
    forecasts: Sequence[Forecast], starts: Starts, quotas: AccountQuotas, concurrency: int | None
) -> LoadForecast:
    """The forecast of a load whose iterations take turns with these. `concurrency`: calls of the function at once."""
    loads = [Load.of(each) for each in forecasts]
    transitions = sum(each.transitions for each in loads) / len(loads) + TRANSITIONS_OF_AN_ITEM
    dollars = sum(each.dollars for each in loads) / len(loads) + TRANSITIONS_OF_AN_ITEM * _DOLLARS_OF_A_TRANSITION
    busy = sum(each.busy_seconds for each in loads) / len(loads) + SECONDS_AHEAD
    return LoadForecast(
        starts.number,
        ceil(transitions * starts.number),
        round(dollars * starts.number, 4),
        tuple(_exceeded(starts, quotas, transitions, busy, concurrency)),
    )


def _exceeded(
    starts: Starts, quotas: AccountQuotas, transitions: float, busy: float, concurrency: int | None
) -> Iterator[Exceeded]:
    for quota, each in ((START_EXECUTION, 1.0), (STATE_TRANSITIONS, transitions)):
        if not _fits(starts, quotas, quota, each):
            allowed = quotas.amount(quota).value
            yield Exceeded(quota.name, starts.rate * each, allowed, quota.unit, allowed / each)
    if concurrency is not None and starts.rate * busy > concurrency:
        needed = starts.rate * busy
        name, unit = FUNCTION_CONCURRENCY.name, FUNCTION_CONCURRENCY.unit
        yield Exceeded(name, needed, concurrency, unit, concurrency / busy, is_estimate=True)


def _fits(starts: Starts, quotas: AccountQuotas, quota: Quota, each: float) -> bool:
    """Whether a token bucket that is full in the beginning lasts as long as the whole rate does."""
    amount = quotas.amount(quota)
    return (starts.rate * each - amount.value) * max(1.0, starts.full_seconds) <= amount.burst
