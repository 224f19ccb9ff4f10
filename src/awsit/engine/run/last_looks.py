"""What a clean-up waits for before its last looks: actions that had no answer, and may still take effect."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, partial

from awsit.engine.run.effects import RunEffects
from awsit.engine.step.ledger import cleanup_step
from awsit.engine.store.records import RunStore, StepRecord
from awsit.model.run import LastLook


def last_looks(store: RunStore, run_id: str, records: Iterable[StepRecord], at: float) -> list[LastLook]:
    """The looks that are still to come at `at` (seconds since the epoch), the soonest first.

    `records` are those of clean-up steps.
    """
    waiting = [each.index for each in records if each.first_look is not None]
    if not waiting:
        return []
    effects = RunEffects(store.plan(run_id), store.run(run_id), cache(partial(store.record, run_id)))
    looks = (_last_look(effects, index) for index in waiting)
    return sorted((look for look in looks if look.at > at), key=lambda look: look.at)


def _last_look(effects: RunEffects, index: int) -> LastLook:
    entry = cleanup_step(effects.plan, effects.run, index)
    return LastLook(entry.name, effects.unanswered(entry), effects.settles_at(index))
