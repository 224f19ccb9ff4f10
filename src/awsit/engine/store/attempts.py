"""The attempts of a step in a journal: each is written once, though the record of every one has all before it."""

from __future__ import annotations

from awsit.engine.store.records import StepRecord
from awsit.model.plan import Phase
from awsit.model.result import Attempt
from awsit.records import replace

_StepKey = tuple[bool, int]


class WrittenAttempts:
    """The attempts of each step, as the lines of its newest record have them all together."""

    def __init__(self) -> None:
        self._attempts: dict[str, dict[_StepKey, tuple[Attempt, ...]]] = {}

    def shortened(self, run_id: str, record: StepRecord) -> tuple[StepRecord, int]:
        """A record without its first attempts, when they are written already, and how many these are."""
        known, attempts = self._known(run_id, record), record.result.attempts
        if not known or attempts[: len(known)] != known:
            return record, 0
        return _with_attempts(record, attempts[len(known) :]), len(known)

    def whole(self, run_id: str, record: StepRecord, written_before: int) -> StepRecord:
        """The record of a line, with those of its attempts that were written before."""
        known = self._known(run_id, record)[:written_before]
        return _with_attempts(record, (*known, *record.result.attempts))

    def note(self, run_id: str, record: StepRecord) -> None:
        """The record is written."""
        self._attempts.setdefault(run_id, {})[_key(record)] = record.result.attempts

    def release(self, run_id: str) -> None:
        """Forget a run."""
        self._attempts.pop(run_id, None)

    def _known(self, run_id: str, record: StepRecord) -> tuple[Attempt, ...]:
        return self._attempts.get(run_id, {}).get(_key(record), ())


def _with_attempts(record: StepRecord, attempts: tuple[Attempt, ...]) -> StepRecord:
    return replace(record, result=replace(record.result, attempts=attempts))


def _key(record: StepRecord) -> _StepKey:
    return record.kind is Phase.CLEANUP, record.index
