"""How often a step may be called, and how long it may wait between two calls: the worst case."""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache

from msgspec import Struct

from awsit.actions.registry import BY_TYPE
from awsit.engine.step.retry import EXACT_WAITS, of_cleanup, poll_delay
from awsit.forecast.document import Repeats
from awsit.model.action.abilities import Resumable, Resumptions
from awsit.model.plan import During, Phase, Plan, Retry, Step, Until
from awsit.records import replace


class Waits(Struct, frozen=True):
    """The waits between the calls of a step: how many of each length in seconds."""

    counts: Counter[float]

    @property
    def number(self) -> int:
        """How many waits there are."""
        return self.counts.total()

    @property
    def seconds(self) -> float:
        """The seconds of all waits together."""
        return sum(delay * count for delay, count in self.counts.items())

    def within(self, seconds: float) -> int:
        """The most waits that fit into `seconds`: the short ones first."""
        fitting, left = 0, seconds
        for delay, count in sorted(self.counts.items()):
            added = count if delay == 0 else min(count, int(left // delay))
            fitting, left = fitting + added, left - added * delay
        return fitting


def worst_waits(step: Step, seconds: float) -> Waits:
    """All waits that a step may ask for within `seconds`."""
    counts: Counter[float] = Counter()
    if step.until is not None:
        counts.update(_polls(step.until, seconds))
    if step.during is not None:
        counts.update(_looks(step.during, seconds))
    counts.update(_delays(policy(step)))
    counts.update(_resumed(step))
    return Waits(counts)


def policy(step: Step) -> Retry:
    """The retry of a step; a clean-up step has one that its scenario need not say."""
    return of_cleanup(step.retry) if step.phase is Phase.CLEANUP else step.retry


def first_calls(step: Step) -> int:
    """The calls of a step that passes at its first attempt: more than one when it surely runs and surely waits."""
    if step.when is not None or step.only_if:
        return 1
    again = resumptions(step)
    of_during = 1 if step.during else 0  # when looks take long, there are two: the first one and the last one
    return 1 + of_during + (again.number if again and _resumption_wait(step) else 0)


def first_wait(step: Step) -> float:
    """The seconds that a step surely waits between its calls; 0 when they are not known."""
    return _resumption_wait(step) + (step.during.seconds if step.during else 0.0)


def longest_poll(step: Step) -> float:
    """The seconds in which a step may look again, by its `until` and its `during`."""
    return (step.until.timeout_seconds if step.until else 0.0) + (step.during.seconds if step.during else 0.0)


def _resumption_wait(step: Step) -> float:
    again = resumptions(step)
    return 0.0 if again is None or again.polls else again.number * (again.seconds or 0.0)


def polls(step: Step) -> Repeats | None:
    """The worst case of a step's `until` and `during`, or of an action that looks for a state by itself."""
    if step.until is not None or step.during is not None:
        number = _polls(step.until, step.until.timeout_seconds).total() if step.until else 0
        number += _looks(step.during, step.during.seconds).total() if step.during else 0
        return Repeats(number + 1, longest_poll(step) + step.timeout_seconds)
    again = resumptions(step)
    if again is None or not again.polls:
        return None
    looks = again.number + 1
    seconds = again.number * (again.seconds or 0.0) + looks * step.timeout_seconds
    return Repeats(looks, seconds if step.waits_at_most is None else min(seconds, step.waits_at_most))


def resumptions(step: Step) -> Resumptions | None:
    """How often the action itself asks to be called again; None when it does not."""
    action = BY_TYPE[step.type]
    again = action.resumptions(step.params) if isinstance(action, Resumable) else None
    if again is None or not again.polls or not again.seconds or step.waits_at_most is None:
        return again
    return replace(again, number=min(again.number, math.ceil(step.waits_at_most / again.seconds)))


def retries(step: Step) -> Repeats | None:
    """The worst case of a step's `retry`."""
    retry = policy(step)
    if retry.max_attempts <= 1:
        return None
    waits = sum(_ceiling(retry, number) for number in range(1, retry.max_attempts))
    return Repeats(retry.max_attempts, round(waits + retry.max_attempts * step.timeout_seconds, 3))


def lanes(plan: Plan) -> int:
    """The most branches that run at once."""
    return max((min(segment.max_concurrency, len(segment.branches)) for segment in plan.segments), default=1)


def _delays(retry: Retry) -> Counter[float]:
    return Counter(_ceiling(retry, number) for number in range(1, retry.max_attempts))


def _ceiling(retry: Retry, attempt: int) -> float:
    """The longest delay after an attempt: with jitter it may be shorter (`engine.step.retry.retry_delay`)."""
    return min(retry.max_delay_seconds, retry.interval_seconds * retry.backoff_rate ** (attempt - 1))


def _polls(until: Until, seconds: float) -> Counter[float]:
    limit = min(until.timeout_seconds, seconds)
    return Counter(dict(_poll_waits(until.interval_seconds, until.backoff_rate, until.max_interval_seconds, limit)))


def _looks(during: During, seconds: float) -> Counter[float]:
    """The waits of a `during` whose looks take no time; that before the last look may be of any length."""
    interval = during.interval_seconds
    waits = Counter(dict(_poll_waits(interval, 1.0, interval, min(during.seconds, seconds))))
    return waits + Counter({0.0: 1})


@lru_cache(maxsize=1024)
def _poll_waits(interval: float, rate: float, longest: float, limit: float) -> tuple[tuple[float, int], ...]:
    """The waits of a poll whose attempts take no time; the last one ends in time, as `engine.step.policy` decides."""
    until = Until((), interval_seconds=interval, backoff_rate=rate, max_interval_seconds=longest)
    counts: Counter[float] = Counter()
    passed, attempt = 0.0, 1
    while (delay := poll_delay(until, attempt)) + passed <= limit:
        is_exact = attempt <= EXACT_WAITS
        waited = delay if is_exact else math.ceil(delay)
        if not is_exact and (rate == 1 or delay >= longest):
            counts[waited] += 1 + int((limit - delay - passed) // waited)
            break
        counts[waited] += 1
        passed, attempt = passed + waited, attempt + 1
    return tuple(sorted(counts.items()))


def _resumed(step: Step) -> Counter[float]:
    """The waits that the action itself asks for; a wait that is not known before the run counts as a second."""
    again = resumptions(step)
    if again is None:
        return Counter()
    return Counter({1.0 if again.seconds is None else again.seconds: again.number})
