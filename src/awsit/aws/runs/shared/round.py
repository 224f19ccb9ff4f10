"""What an invocation of the function knows of the run that it goes on with, so that it need not ask for it again."""

from __future__ import annotations

import math

from awsit.aws.runs.table import Item
from awsit.engine.store.records import RunRecord, RunState

OPEN_SECONDS = 1.0
"""For so long a run that was open is not looked at before a call is noted; that comes after the note in any case."""


class Round:
    """The calls of one invocation in a branch of a run, one after the other.

    `own` are the items of what steps keep, and where secrets are; None while they are not known. They are known only in
    a branch that goes on alone, since nobody else adds to them.
    """

    def __init__(self, run_id: str = "") -> None:
        """Without a run, it knows nothing."""
        self.run_id = run_id
        self.is_alone = False
        self.own: list[Item] | None = None
        self._open_until = -math.inf

    def saw(self, run: RunRecord, at: float) -> None:
        """Note how the run was at a time, in seconds since the epoch."""
        is_open = run.run_id == self.run_id and run.state is RunState.OPEN
        self._open_until = min(at + OPEN_SECONDS, run.deadline_at) if is_open else -math.inf

    def is_open(self, run_id: str, at: float) -> bool:
        """Whether the run was open a moment ago, and has not come to its deadline since."""
        return run_id == self.run_id and self._open_until - OPEN_SECONDS <= at < self._open_until

    def know(self, run_id: str, own: list[Item]) -> None:
        """Note the items that were read."""
        if run_id == self.run_id and self.is_alone:
            self.own = own

    def known(self, run_id: str) -> list[Item] | None:
        """The items, if they are known."""
        return self.own if run_id == self.run_id else None

    def add(self, run_id: str, items: list[Item], *, has_hidden: bool) -> None:
        """Note the items that were written; where secrets are in them as well, all are to be read again."""
        if run_id == self.run_id and self.own is not None:
            self.own = None if has_hidden else [*self.own, *items]
