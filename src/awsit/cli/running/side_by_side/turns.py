"""Whose turn it is: runs with a concurrency key wait until few enough others, of any process, hold it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from awsit.errors import EnvironmentFailure
from awsit.model.run import RunRequest
from awsit.system.slots import Holder, Slots

POLL_SECONDS = 0.2
"""How often it is looked whether a run that waits may begin."""


_MOST_NAMED = 3


class TurnRefused(Exception):
    """It cannot be known whether a run may begin: which one, and why."""

    def __init__(self, request: RunRequest, error: EnvironmentFailure) -> None:
        super().__init__(error.message)
        self.request = request
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

    def next(self, waiting: deque[RunRequest]) -> RunRequest | None:
        """Take the first run that may begin out of the queue; None while none may.

        Runs with one key begin in their order. Raises TurnRefused for one that is taken out, too.
        """
        held: set[str] = set()
        for request in waiting:
            try:
                may_begin = self._may_begin(request, held)
            except EnvironmentFailure as error:
                waiting.remove(request)
                raise TurnRefused(request, error) from error
            if may_begin:
                waiting.remove(request)
                return request
        return None

    def is_over(self, request: RunRequest) -> None:
        """Let others have the place of a run that is over."""
        self._slots.give_back(_holder(request))

    def _may_begin(self, request: RunRequest, held: set[str]) -> bool:
        wanted = request.concurrency
        if wanted is None:
            return True
        if wanted.key in held:
            return False
        holders = self._slots.take(wanted.key, wanted.limit, _holder(request))
        if holders is None:
            return True
        held.add(wanted.key)
        if holders and request.run_id not in self._waiting:
            self._waiting.add(request.run_id)
            self._say(f"{request.name} waits for `{wanted.key}`, held by {_names(holders)}")
        return False


def _names(holders: Sequence[Holder]) -> str:
    names = [holder.name for holder in holders[:_MOST_NAMED]]
    return " and ".join([*names, f"{len(holders) - _MOST_NAMED} more"] if len(holders) > _MOST_NAMED else names)


def _holder(request: RunRequest) -> str:
    return f"{request.name} ({request.run_id})"
