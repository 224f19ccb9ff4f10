"""Which of the requested runs are made by this command, and in which order: shards, repetitions, shuffling."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct

from awsit.cli.selection.requested_run import WaitingRun
from awsit.errors import UsageError
from awsit.model.result import Repetition
from awsit.model.text.encoding import encoded
from awsit.patterns import lazy_pattern

T = TypeVar("T")
R = TypeVar("R", bound=WaitingRun)

_SHARD = lazy_pattern(r"(\d+)/(\d+)")
_EXAMPLE = "give the part and how many there are, such as --shard 2/5"


class Shard(Struct, frozen=True):
    """Part `number` of `of`; both count from 1."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """The shard that a text such as `2/5` means. Raises UsageError."""
        match = _SHARD.fullmatch(text.strip())
        if not match:
            raise UsageError(f"--shard {text!r} is not of the form N/TOTAL", hint=_EXAMPLE)
        number, of = int(match[1]), int(match[2])
        if of < 1:
            raise UsageError(f"--shard {text}: there must be at least one shard", hint=_EXAMPLE)
        if not 1 <= number <= of:
            raise UsageError(f"--shard {text}: there is no shard {number} of {of}", hint=f"the shards are 1 to {of}")
        return cls(number, of)

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


class Arrangement(Struct, frozen=True):
    """How the list of runs is divided, repeated and ordered. `seconds` are known durations of scenarios, by name."""

    shard: Shard | None = None
    seconds: Mapping[str, float] | None = None
    repeat: int = 1
    seed: int | None = None


def arrange(runs: Sequence[R], wanted: Arrangement, new_id: Callable[[], str]) -> list[R]:
    """The runs to make, in their order: those of the shard, each as often as wanted, shuffled."""
    if wanted.shard:
        runs = shard_of(runs, wanted.shard, key_of, wanted.seconds or {})
    if wanted.repeat > 1:
        runs = [each for run in runs for each in _repeated(run, wanted.repeat, new_id)]
    if wanted.seed is not None:
        runs = shuffled(runs, wanted.seed, key_of)
    return list(runs)


def key_of(run: WaitingRun) -> tuple[str, str]:
    """The same for a run on every machine: scenario and row, and the file that it is in."""
    return run.name, run.file


def shard_of(
    items: Sequence[T], shard: Shard, key: Callable[[T], tuple[str, str]], seconds: Mapping[str, float]
) -> list[T]:
    """The items of one shard, in the order of the list.

    The longest go first, each to the shard that has least to do until then; one of unknown length counts as the median
    of the known ones. Nothing but keys and `seconds` decides, so that machines with the same list make the same shards.
    """
    from statistics import median  # slow to import

    known = [seconds[key(item)[0]] for item in items if key(item)[0] in seconds]
    usual = median(known) if known else 1.0
    length = [seconds.get(key(item)[0], usual) for item in items]
    order = sorted(range(len(items)), key=lambda index: (-length[index], key(items[index]), index))
    loads = [(0.0, 0, part) for part in range(min(shard.of, len(items)))]  # seconds, runs, part: the emptiest first
    mine: list[int] = []
    for index in order:
        time, number, part = loads[0]
        heapq.heapreplace(loads, (time + length[index], number + 1, part))
        if part == shard.number - 1:
            mine.append(index)
    return [items[index] for index in sorted(mine)]


def shuffled(items: Iterable[T], seed: int, key: Callable[[T], tuple[str, str]]) -> list[T]:
    """The items in an order that the seed and their keys decide, the same on every machine and with every Python."""
    drawn: dict[tuple[str, str], int] = {}

    def draw(item: T) -> str:
        name, file = key(item)
        again = drawn[name, file] = drawn.get((name, file), 0) + 1
        return hashlib.sha256(encoded(f"{seed}\0{name}\0{file}\0{again}")).hexdigest()

    return [item for _, item in sorted(((draw(item), item) for item in items), key=lambda each: each[0])]


def _repeated(run: R, times: int, new_id: Callable[[], str]) -> list[R]:
    """The same run several times, each with an ID of its own."""
    ids = (run.run_id, *(new_id() for _ in range(1, times)))
    return [run.repeated(run_id, Repetition(number, times)) for number, run_id in enumerate(ids, start=1)]
