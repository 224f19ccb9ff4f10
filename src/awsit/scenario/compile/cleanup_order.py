"""The order of the clean-up steps of one list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from awsit.expressions.templates import template
from awsit.model.plan import Step
from awsit.scenario.checks.usage import templates_of


class CleanupOrder(Struct, frozen=True):
    """The last of a list runs first; one that uses what others of the list capture runs after these.

    `captured` are the names that actions capture: they are there before any clean-up begins.
    """

    cleanup: Sequence[Step]
    captured: frozenset[str]

    def registered(self, indexes: Sequence[int]) -> tuple[int, ...]:
        """The list, as indexes into `cleanup`, as it is to be registered: the ledger is worked off newest first."""
        running: list[int] = []
        for index in reversed(indexes):
            self._add(index, indexes, running, frozenset())
        return tuple(reversed(running))

    def _add(self, index: int, indexes: Sequence[int], running: list[int], around: frozenset[int]) -> None:
        """Add a step after those that it needs; `around` are the steps that need it."""
        if index in running or index in around:
            return
        for needed in self._needed(index, indexes, running):
            self._add(needed, indexes, running, around | {index})
        running.append(index)

    def _needed(self, index: int, indexes: Sequence[int], running: Sequence[int]) -> Iterator[int]:
        """The steps of the list that capture what a step uses, unless one of those that run before it does."""
        names = template.references(templates_of(self.cleanup[index])).context - self.captured
        names -= self.cleanup[index].let.keys()
        names -= {name for each in running for name in self.cleanup[each].context_names}
        return (each for each in reversed(indexes) if names & self.cleanup[each].context_names)
