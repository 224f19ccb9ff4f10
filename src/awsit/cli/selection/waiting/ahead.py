"""Scenarios that workers find valid while this process reads those that follow."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

from msgspec import Struct

from awsit.cli.selection.selected import SelectedScenario
from awsit.cli.selection.waiting.known import KnownScenarios
from awsit.errors import EnvironmentFailure
from awsit.scenario.reading.source import Source

BATCH = 10
"""Scenarios that a worker is given at once: to send each by itself takes longer than to check it."""
MOST_AHEAD = 10
"""So many batches are held while an earlier one is with a worker."""


class Checker(Protocol):
    """A worker, as far as it checks scenarios."""

    def is_free(self) -> bool:
        """Whether it has nothing to do, and what it was asked is answered."""

    def check(self, sources: Sequence[Source]) -> None:
        """Ask which of the sources are valid."""

    def checked(self) -> Sequence[bool]:
        """The answer, for which this waits; nothing was asked: nothing. Raises EnvironmentFailure when it has died."""


class Checkers(Protocol):
    """The workers of a command, which check scenarios before they carry them out."""

    @property
    def worth_from(self) -> int:
        """From how many scenarios on they are worth their start."""

    def start_ahead(self) -> Sequence[Checker]:
        """Start them; none where they cannot be started."""


class _Batch(Struct, eq=False):
    """Scenarios in a row; `checker` has them as long as it has not answered."""

    scenarios: list[SelectedScenario]
    sources: list[Source]
    checker: Checker | None = None


class Ahead:
    """Has workers check scenarios, and knows of those which they found valid; all others are checked by who takes them.

    When no worker is free, this process checks what it has read, with `is_valid`.
    """

    def __init__(self, known: KnownScenarios, is_valid: Callable[[Source], bool], checkers: Sequence[Checker]) -> None:
        self._known = known
        self._is_valid = is_valid
        self._checkers = [*checkers]
        self._asked = {id(each): _Batch([], []) for each in checkers}  # it answers when it has started
        self._waiting: deque[_Batch] = deque()

    def each(self, scenarios: Iterable[SelectedScenario]) -> Iterator[SelectedScenario]:
        """The scenarios in their order, each when it has been checked, or when nobody else is to do it."""
        scenarios = iter(scenarios)
        while self._checkers and (batch := [*islice(scenarios, BATCH)]):
            self._take(batch)
            while self._waiting and (self._waiting[0].checker is None or len(self._waiting) > MOST_AHEAD):
                yield from self._first()
        while self._waiting:
            yield from self._first()
        yield from scenarios

    def _take(self, scenarios: list[SelectedScenario]) -> None:
        batch = _Batch(scenarios, [each.source for each in scenarios if each.source and self._known.asks(each.source)])
        self._waiting.append(batch)
        for checker in [each for each in self._checkers if each.is_free()]:
            self._answered(checker)
        free = next((each for each in self._checkers if id(each) not in self._asked), None)
        if batch.sources and free:
            batch.checker = free
            self._asked[id(free)] = batch
            free.check(batch.sources)
        elif len(self._waiting) > 1:
            self._know(batch.sources, map(self._is_valid, batch.sources))

    def _first(self) -> list[SelectedScenario]:
        """The scenarios that have waited longest; waits for the answer that they still lack."""
        batch = self._waiting.popleft()
        if batch.checker:
            self._answered(batch.checker)
        return batch.scenarios

    def _answered(self, checker: Checker) -> None:
        """Take an answer. Of a worker that has died there is none."""
        batch = self._asked.pop(id(checker), None) or _Batch([], [])
        try:
            valid = checker.checked()
        except EnvironmentFailure:
            self._checkers.remove(checker)
            valid = ()
        batch.checker = None
        self._know(batch.sources, valid)

    def _know(self, sources: Iterable[Source], valid: Iterable[bool]) -> None:
        for source, is_valid in zip(sources, valid, strict=False):
            if is_valid:
                self._known.add(source)
