"""A run store in this process's memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import Lock
from typing import TypeVar

from awsit.engine.store.records import (
    Closing,
    RecordedCompensation,
    Refused,
    RunRecord,
    RunState,
    Started,
    StepRecord,
)
from awsit.engine.store.rules import closed, is_settled, refusal
from awsit.errors import NotFoundError
from awsit.model.json import Json
from awsit.model.plan import Phase, Plan
from awsit.model.result import AssertionResult, RunResult, RunStatus
from awsit.records import replace
from awsit.system.clock import iso_of

T = TypeVar("T")
_Key = tuple[bool, int]


class MemoryRunStore:
    """Keeps runs for as long as the process lives; safe between threads."""

    def __init__(self) -> None:
        """Begin empty."""
        self._lock = Lock()
        self._runs: dict[str, RunRecord] = {}
        self._plans: dict[str, Plan] = {}
        self._records: dict[str, dict[_Key, StepRecord]] = {}
        self._cached: dict[tuple[str, str], tuple[float, Json]] = {}
        self._turns: dict[str, float] = {}
        self.reports: dict[str, RunResult] = {}

    def create(self, run: RunRecord, plan: Plan) -> None:
        """Keep a new run and its plan; a run that exists already stays as it is."""
        with self._lock:
            self._runs.setdefault(run.run_id, run)
            self._plans.setdefault(run.run_id, plan)
            self._records.setdefault(run.run_id, {})

    def plan(self, run_id: str) -> Plan:
        """The plan. Raises NotFoundError."""
        return _of(self._plans, run_id)

    def run(self, run_id: str) -> RunRecord:
        """The run. Raises NotFoundError."""
        with self._lock:
            return _of(self._runs, run_id)

    def begin(self, run_id: str, index: int, sequence: int, at: float, ledger: Iterable[int]) -> RunRecord | Refused:
        """Note that a call begins, and what it must have undone."""
        with self._lock:
            run = _of(self._runs, run_id)
            before = run.started.get(str(index))
            reason = refusal(run, before, sequence, at)
            if reason:
                return Refused(reason, run)
            latest = iso_of(at)
            started = Started(sequence, before.at if before else latest, latest)
            entries = tuple(ledger) if sequence == 1 else ()
            run = replace(run, started={**run.started, str(index): started}, ledger=(*run.ledger, *entries))
            self._runs[run_id] = run
            return run

    def register(self, run_id: str, compensation: RecordedCompensation) -> bool:
        """Add a compensation to the ledger, if the run is open."""
        with self._lock:
            run = _of(self._runs, run_id)
            index = compensation.step.index
            if run.state is not RunState.OPEN or str(index) in run.recorded:
                return str(index) in run.recorded
            recorded = {**run.recorded, str(index): compensation}
            self._runs[run_id] = replace(run, ledger=(*run.ledger, index), recorded=recorded)
            return True

    def compute(self, run_id: str, values: Mapping[str, Json], hidden: tuple[str, ...]) -> None:
        """Add computed values to the context."""
        with self._lock:
            self._runs[run_id] = _with_values(_of(self._runs, run_id), values, hidden)

    def finish(self, run_id: str, record: StepRecord, captured: Mapping[str, Json], closing: Closing | None) -> None:
        """Keep a step's record and what it captured."""
        with self._lock:
            run = _of(self._runs, run_id)
            records = self._records[run_id]
            key = _key(record.kind, record.index)
            if is_settled(records.get(key)):
                return
            records.pop(key, None)
            records[key] = record
            self._runs[run_id] = closed(_with_values(run, captured, record.hidden), closing)

    def record(self, run_id: str, phase: Phase, index: int) -> StepRecord | None:
        """One step's record."""
        with self._lock:
            return self._records[run_id].get(_key(phase, index))

    def records(self, run_id: str) -> tuple[StepRecord, ...]:
        """All records: actions by index, then clean-up in the order it was done."""
        with self._lock:
            records = list(self._records[run_id].values())
        actions = sorted((each for each in records if each.kind is not Phase.CLEANUP), key=lambda each: each.index)
        return (*actions, *(each for each in records if each.kind is Phase.CLEANUP))

    def close(
        self, run_id: str, closing: Closing | None = None, assertions: tuple[AssertionResult, ...] = ()
    ) -> RunRecord:
        """Let nothing begin any more, and keep the final assertions."""
        with self._lock:
            run = closed(_of(self._runs, run_id), closing or Closing(RunStatus.RUNNING))
            run = replace(run, assertions=assertions or run.assertions)
            self._runs[run_id] = run
            return run

    def take_over(self, run_id: str, cleaner: str) -> RunRecord:
        """Make `cleaner` the only one who may undo and report."""
        with self._lock:
            run = self._runs[run_id] = replace(_of(self._runs, run_id), cleaner=cleaner)
            return run

    def forget(self, run_id: str) -> RunRecord:
        """Note that a person has seen to what the run left."""
        with self._lock:
            run = self._runs[run_id] = replace(_of(self._runs, run_id), forgotten=True)
            return run

    def report(self, run_id: str) -> RunResult:
        """The report of a run that is over. Raises NotFoundError."""
        return _of(self.reports, run_id)

    def cached(self, suite: str, key: str, at: float) -> Json | None:
        """What was cached in a suite and is still good."""
        with self._lock:
            until, value = self._cached.get((suite, key), (0.0, None))
            return value if at < until else None

    def cache(self, suite: str, key: str, value: Json, until: float) -> None:
        """Keep a value for the runs of a suite."""
        with self._lock:
            self._cached[suite, key] = (until, value)

    def claim(self, suite: str, key: str, owner: str, at: float, until: float) -> float:
        """Zero: of the runs of one process, the others wait for who computes a value (`awsit.engine.in_flight`)."""
        del suite, key, owner, at, until
        return 0.0

    def release_claim(self, suite: str, key: str, owner: str) -> None:
        """Nothing was claimed."""

    def take_turn(self, key: str, apart: float, at: float, within: float) -> float:
        """Take the next turn of `key`; returns the seconds from `at` to it."""
        with self._lock:
            turn = max(at, self._turns.get(key, at))
            if turn - at <= within:
                self._turns[key] = turn + apart
            return turn - at

    def put_back(self, run: RunRecord) -> None:
        """Have a run be as it was before a write that came to nothing."""
        with self._lock:
            self._runs[run.run_id] = run

    def hold(self, result: RunResult) -> None:
        """Keep the report for now."""
        with self._lock:
            self.reports[result.run_id] = result

    def end(self, result: RunResult) -> None:
        """Keep the report."""
        with self._lock:
            self.reports[result.run_id] = result
            if result.run_id in self._runs:
                self._runs[result.run_id] = replace(self._runs[result.run_id], state=RunState.CLOSED)

    def release(self, run_id: str) -> None:
        """Forget a run; what its suite has cached stays."""
        with self._lock:
            for kept in (self._runs, self._plans, self._records, self.reports):
                kept.pop(run_id, None)


def _with_values(run: RunRecord, values: Mapping[str, Json], hidden: tuple[str, ...]) -> RunRecord:
    if not values and not hidden:
        return run
    return replace(run, context={**run.context, **values}, hidden=tuple(sorted({*run.hidden, *hidden})))


def _key(phase: Phase, index: int) -> _Key:
    """Clean-up steps are numbered by themselves, those of all other phases together."""
    return phase is Phase.CLEANUP, index


def _of(kept: Mapping[str, T], run_id: str) -> T:
    if run_id not in kept:
        raise NotFoundError(f"There is no run {run_id} here.", code="run_not_found")
    return kept[run_id]
