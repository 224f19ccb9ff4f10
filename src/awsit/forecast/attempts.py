"""How often a step may be called, and how long it may wait between two calls: the worst case."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from awsit.engine.step.retry import CLEANUP_RETRY, poll_delay
from awsit.expressions.values import is_number
from awsit.forecast.document import Repeats
from awsit.model.json import Json
from awsit.model.plan import Phase, Plan, Retry, Step, Until


@dataclass(frozen=True, slots=True)
class Waits:
    """The waits between the calls of a step: how many of each length in whole seconds, as Wait states take them."""

    counts: Counter[int]

    @property
    def number(self) -> int:
        """How many there are."""
        return self.counts.total()

    @property
    def seconds(self) -> int:
        """How long they are together."""
        return sum(delay * count for delay, count in self.counts.items())

    def within(self, seconds: float) -> int:
        """The most of them that fit into so many seconds: the short ones first."""
        fitting, left = 0, seconds
        for delay, count in sorted(self.counts.items()):
            taken = count if delay == 0 else min(count, int(left // delay))
            fitting, left = fitting + taken, left - taken * delay
        return fitting


def worst_waits(step: Step, seconds: float) -> Waits:
    """All the waits that a step may ask for when it has so many seconds."""
    counts: Counter[int] = Counter()
    if step.until is not None:
        counts.update(_polls(step.until, seconds))
    counts.update(_delays(policy(step)))
    counts.update(_asked_for(step))
    return Waits(counts)


def policy(step: Step) -> Retry:
    """The retry of a step; a clean-up step always has one (`engine.undo`)."""
    return CLEANUP_RETRY if step.phase is Phase.CLEANUP and step.retry.max_attempts <= 1 else step.retry


def first_calls(step: Step) -> int:
    """The calls of a step that passes at its first attempt: a wait that cannot be skipped is called twice."""
    conditional = step.when is not None or step.only_if
    return 2 if step.type == "wait" and not conditional and first_wait(step) else 1


def first_wait(step: Step) -> float:
    """The seconds that a `wait` surely takes; 0 when they are not known."""
    return _number(step.params.get("seconds"), 0.0) if step.type == "wait" else 0.0


def polls(step: Step) -> Repeats | None:
    """The worst case of a step's `until`, or of the waiter of an `aws_api`."""
    if step.until is not None:
        number = _polls(step.until, step.until.timeout_seconds).total() + 1
        return Repeats(number, step.until.timeout_seconds + step.timeout_seconds)
    looks = _looks(step)
    if looks is None:
        return None
    number, delay = looks
    return Repeats(number, (number - 1) * delay + number * step.timeout_seconds)


def retries(step: Step) -> Repeats | None:
    """The worst case of a step's `retry`."""
    retry = policy(step)
    if retry.max_attempts <= 1:
        return None
    waits = sum(_ceiling(retry, number) for number in range(1, retry.max_attempts))
    return Repeats(retry.max_attempts, round(waits + retry.max_attempts * step.timeout_seconds, 3))


def lanes(plan: Plan) -> int:
    """The most steps that are under way at once."""
    return max((min(segment.max_concurrency, len(segment.branches)) for segment in plan.segments), default=1)


def _delays(retry: Retry) -> Counter[int]:
    return Counter(math.ceil(_ceiling(retry, number)) for number in range(1, retry.max_attempts))


def _ceiling(retry: Retry, attempt: int) -> float:
    """The longest delay after an attempt: with jitter it may be shorter (`engine.retry.retry_delay`)."""
    return min(retry.max_delay_seconds, retry.interval_seconds * retry.backoff_rate ** (attempt - 1))


def _polls(until: Until, seconds: float) -> Counter[int]:
    limit = min(until.timeout_seconds, seconds)
    return Counter(dict(_poll_waits(until.interval_seconds, until.backoff_rate, until.max_interval_seconds, limit)))


@lru_cache(maxsize=1024)
def _poll_waits(interval: float, rate: float, longest: float, limit: float) -> tuple[tuple[int, int], ...]:
    """The waits of a poll whose attempts take no time: as `engine.step` decides, the next one must end in time."""
    until = Until((), interval_seconds=interval, backoff_rate=rate, max_interval_seconds=longest)
    counts: Counter[int] = Counter()
    passed, attempt = 0.0, 1
    while (delay := poll_delay(until, attempt)) + passed <= limit:
        whole = max(1, math.ceil(delay))
        if rate == 1 or delay >= longest:
            counts[whole] += 1 + int((limit - delay - passed) // whole)
            break
        counts[whole] += 1
        passed, attempt = passed + whole, attempt + 1
    return tuple(sorted(counts.items()))


def _asked_for(step: Step) -> Counter[int]:
    """The waits that the action itself asks for: a `wait`, or the looks of an `aws_api` that waits for a state."""
    if step.type == "wait":
        return Counter({math.ceil(_number(step.params.get("seconds"), 1.0)): 1})
    looks = _looks(step)
    return Counter({math.ceil(looks[1]): looks[0] - 1}) if looks else Counter()


def _looks(step: Step) -> tuple[int, float] | None:
    """The looks of an `aws_api` with `wait_for` and the seconds between two of them; the waiter's own by default."""
    wait_for = step.params.get("wait_for")
    if step.type != "aws_api" or not isinstance(wait_for, dict):
        return None
    model = _waiter(step.params.get("service"), wait_for.get("waiter"))
    number = _number(wait_for.get("max_attempts"), getattr(model, "max_attempts", 1))
    return int(number), _number(wait_for.get("delay_seconds"), getattr(model, "delay", 1))


def _waiter(service: Json, waiter: Json) -> object:
    from awsit.actions.aws_api.service_model import find_waiter, service_problem

    if not isinstance(service, str) or not isinstance(waiter, str) or service_problem(service):
        return None
    return find_waiter(service, waiter)


def _number(value: Json, otherwise: float) -> float:
    """The value as a number; `otherwise` when it is none, or a template."""
    return float(value) if is_number(value) else otherwise
