"""What an invocation of the function knows of the run that it goes on with, so that it need not ask for it again."""

from __future__ import annotations

import math

from awsit.aws.runs.dynamodb.table import Item
from awsit.engine.compact import only_looks
from awsit.engine.store.records import RunRecord, RunState
from awsit.model.plan import Step

OPEN_SECONDS = 1.0
"""For so long a run that was open is not looked at before a call is noted, nor after it where the call only reads."""


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
        self._item: Item | None = None
        self._open_until = -math.inf

    def saw(self, item: Item, run: RunRecord, at: float) -> None:
        """Note how the run was at a time, in seconds since the epoch; `item` is its own, which was read then."""
        if item is self._item:
            return
        is_open = run.run_id == self.run_id and run.state is RunState.OPEN
        self._item = item if is_open else None
        self._open_until = min(at + OPEN_SECONDS, run.deadline_at) if is_open else -math.inf

    def item_for(self, run_id: str, step: Step, at: float) -> Item | None:
        """The run's own item as it was a moment ago, if that is enough to begin a call of the step; else None.

        It is enough where the call changes nothing and the branch goes on alone: then nobody else closes the run but
        who stops it, and a call that he does not see leaves nothing that he would have to undo or to report.
        """
        is_enough = self.is_alone and only_looks(step)
        return self._item if is_enough and self.is_open(run_id, at) else None

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
