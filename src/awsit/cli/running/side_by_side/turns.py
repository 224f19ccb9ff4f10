"""Whose turn it is: runs with a concurrency key wait until few enough others, of any process, hold it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from awsit.cli.selection.requested_run import WaitingRun
from awsit.errors import EnvironmentFailure
from awsit.system.slots import Holder, Slots

POLL_SECONDS = 0.2
"""How often it is looked whether a run that waits may begin."""


_MOST_NAMED = 3


class TurnRefused(Exception):
    """It cannot be known whether a run may begin: which one, and why."""

    def __init__(self, run: WaitingRun, error: EnvironmentFailure) -> None:
        super().__init__(error.message)
        self.run = run
        self.error = error


class Turns:
    """Chooses the next run to begin, when fewer than `jobs` go on. `say` tells of a run that has to wait, once.

    A run that waits holds nothing that another needs: no place of its own key, and no thread.
    """

    def __init__(self, slots: Slots, jobs: int = 1, say: Callable[[str], None] = lambda _: None) -> None:
        self.jobs = jobs
        self._slots = slots
        self._say = say
        self._waiting: set[str] = set()

    def next(self, waiting: deque[WaitingRun]) -> WaitingRun | None:
        """Take the first run that may begin out of the queue; None while none may.

        Runs with one key begin in their order. Raises TurnRefused for one that is taken out, too.
        """
        held: set[str] = set()
        for run in waiting:
            try:
                may_begin = self._may_begin(run, held)
            except EnvironmentFailure as error:
                waiting.remove(run)
                raise TurnRefused(run, error) from error
            if may_begin:
                waiting.remove(run)
                return run
        return None

    def is_over(self, run: WaitingRun) -> None:
        """Let others have the place of a run that is over."""
        self._slots.give_back(_holder(run))

    def _may_begin(self, run: WaitingRun, held: set[str]) -> bool:
        wanted = run.concurrency
        if wanted is None:
            return True
        if wanted.key in held:
            return False
        holders = self._slots.take(wanted.key, wanted.limit, _holder(run))
        if holders is None:
            return True
        held.add(wanted.key)
        if holders and run.run_id not in self._waiting:
            self._waiting.add(run.run_id)
            self._say(f"{run.name} waits for `{wanted.key}`, held by {_names(holders)}")
        return False


def _names(holders: Sequence[Holder]) -> str:
    names = [holder.name for holder in holders[:_MOST_NAMED]]
    return " and ".join([*names, f"{len(holders) - _MOST_NAMED} more"] if len(holders) > _MOST_NAMED else names)


def _holder(run: WaitingRun) -> str:
    return f"{run.name} ({run.run_id})"
