"""When the iterations of a load start: an open model, in which no start waits for what was started before.

A loop that starts the next iteration when one has ended slows down with the service, and so never measures what its
callers would have waited (Schroeder, Wierman, Harchol-Balter, "Open Versus Closed: A Cautionary Tale", NSDI 2006).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, sqrt

from awsit.load.result import LoadRate
from awsit.records import replace


def starts(load: LoadRate) -> Iterator[float]:
    """The time of each start, in seconds after the first one."""
    return (_time_of(number, load) for number in range(number_of_starts(load)))


def number_of_starts(load: LoadRate) -> int:
    """How many there are before the end."""
    return max(1, ceil(_started_until(load.seconds, load) - 1e-9))


def planned_rate(load: LoadRate, seconds: float) -> float:
    """The starts a second of the first so many seconds, on average."""
    return number_of_starts(replace(load, seconds=seconds)) / seconds


def seed_of(seed: str, number: int) -> str:
    """What the fake data of one iteration, counted from 0, are drawn from; empty for a load without a seed."""
    return f"{seed}:{number + 1}" if seed else ""


def _started_until(seconds: float, load: LoadRate) -> float:
    """The area below the rate, which grows evenly during the ramp: half of what the rate would come to in that time."""
    if seconds < load.ramp_seconds:
        return load.rate * seconds**2 / (2 * load.ramp_seconds)
    return load.rate * (seconds - load.ramp_seconds / 2)


def _time_of(number: int, load: LoadRate) -> float:
    """When so many have been started: the inverse of `_started_until`."""
    if number < load.rate * load.ramp_seconds / 2:
        return sqrt(2 * number * load.ramp_seconds / load.rate)
    return number / load.rate + load.ramp_seconds / 2
