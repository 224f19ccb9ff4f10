"""The journal of local runs: a run store whose writes outlive the process.

One file a run, `RUN_ID.jsonl`: a line for each write, in order. A line that announces what must be undone is on the
disk before the act, with all lines before it, and so is one with the values that name it, as soon as they are known;
the others are left to the operating system, which writes them even when this process is killed. The process that runs
it holds a lock on it, so that nobody takes a run that goes on for one that was lost.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

from msgspec import Struct

from awsit.engine.store import lines
from awsit.engine.store.attempts import WrittenAttempts
from awsit.engine.store.durability import undone_steps
from awsit.engine.store.memory import MemoryRunStore
from awsit.engine.store.records import Closing, RecordedCompensation, Refused, RunRecord, Started, StepRecord
from awsit.errors import EnvironmentFailure
from awsit.model.codec import decode, embedded
from awsit.model.json import Json
from awsit.model.plan import Phase, Plan
from awsit.model.result import AssertionResult, RunResult, Status
from awsit.records import replace
from awsit.system import file_lock
from awsit.system.files import make_own
from awsit.system.marks import Marks

T = TypeVar("T")

ENDING = ".jsonl"
_FEW_DESCRIPTORS = "raise the limit of open files (ulimit -n), or run fewer at once (--jobs)"


class JournalStore(MemoryRunStore):
    """Runs in memory and on disk. `folder` is made, readable by its owner only, when the first run begins.

    A line that announces an act raises EnvironmentFailure when it cannot be written. One that says what came of an act
    does not: a full disk must not keep the clean-up from going on.
    """

    def __init__(self, folder: Path, marks: Marks, origin: Json = None) -> None:
        """Begin empty. `origin` is kept with each run: what a later process must know to reach the same AWS."""
        super().__init__()
        self._folder = folder
        self._marks = marks
        self._origin = origin
        self._files: dict[str, int] = {}
        self._undone: dict[str, frozenset[int]] = {}
        self._written = WrittenAttempts()
        self._writing = RLock()
        self._replaying = ""

    def adopt(self, run_id: str, descriptor: int) -> None:
        """Go on with the journal of a run that another process began; `descriptor` is open, locked, at its end."""
        self._files[run_id] = descriptor

    def create(self, run: RunRecord, plan: Plan) -> None:
        """Keep a new run and its plan."""
        undone = undone_steps(plan)
        with self._writing:
            try:
                self._announce(run.run_id, "create", run=run, plan=plan, origin=self._origin)
                if undone:
                    self._sync(run.run_id)
                    self._sync_name(run.run_id)
            except EnvironmentFailure:
                self._discard(run.run_id)
                raise
            self._undone[run.run_id] = undone
            super().create(run, plan)

    def begin(self, run_id: str, index: int, sequence: int, at: float, ledger: Iterable[int]) -> RunRecord | Refused:
        """Note that a call begins, and what it must have undone."""
        entries = tuple(ledger)
        with self._writing:
            before = self.run(run_id)
            begun = super().begin(run_id, index, sequence, at, entries)
            if isinstance(begun, RunRecord):
                is_undone = index in self._undone.get(run_id, ())
                values = {"index": index, "sequence": sequence, "at": at, "ledger": entries}
                self._announce_act(before, "begin", values, sync=is_undone)
            return begun

    def register(self, run_id: str, compensation: RecordedCompensation) -> bool:
        """Add a compensation to the ledger, if the run is open."""
        with self._writing:
            before = self.run(run_id)
            registered = super().register(run_id, compensation)
            if registered:
                self._announce_act(before, "register", {"recorded": compensation}, sync=True)
            return registered

    def compute(self, run_id: str, values: Mapping[str, Json], hidden: tuple[str, ...]) -> None:
        """Add what a step computed before it acts to the context."""
        with self._writing:
            super().compute(run_id, values, hidden)
            self._announce(run_id, "compute", values=values, hidden=hidden)
            if self._undone.get(run_id):
                self._sync(run_id)

    def finish(self, run_id: str, record: StepRecord, captured: Mapping[str, Json], closing: Closing | None) -> None:
        """Keep a step's record and what it captured."""
        with self._writing:
            super().finish(run_id, record, captured, closing)
            new, before = self._written.shortened(run_id, record)
            if self._note(run_id, "finish", record=new, attempts_before=before, captured=captured, closing=closing):
                self._written.note(run_id, record)
            if self._may_name_what_is_undone(run_id, record, captured):
                with suppress(EnvironmentFailure):
                    self._sync(run_id)

    def _may_name_what_is_undone(self, run_id: str, record: StepRecord, captured: Mapping[str, Json]) -> bool:
        if record.kind is Phase.CLEANUP or record.index not in self._undone.get(run_id, ()):
            return False
        return bool(captured) or self.plan(run_id).steps[record.index].keep_result

    def close(
        self, run_id: str, closing: Closing | None = None, assertions: tuple[AssertionResult, ...] = ()
    ) -> RunRecord:
        """Let nothing begin any more, and keep the final assertions."""
        with self._writing:
            run = super().close(run_id, closing, assertions)
            self._note(run_id, "close", closing=closing, assertions=assertions)
            return run

    def forget(self, run_id: str) -> RunRecord:
        """Note that a person has seen to what the run left."""
        with self._writing:
            self._announce(run_id, "forget")
            self._sync(run_id)
            return super().forget(run_id)

    def end(self, result: RunResult) -> None:
        """Keep the report."""
        with self._writing:
            super().end(result)
            self._note(result.run_id, "end", result=embedded(result))

    def replay(self, line: Json) -> None:
        """Make the write of one line of a journal again. KeyError, TypeError or ValueError: it is damaged."""
        run_id = self._replaying
        write = line["write"]
        if write == "create":
            run = decode(RunRecord, line["run"])
            given = replace(run.given, secrets=tuple(run.given.secrets))
            run = replace(run, ledger=tuple(run.ledger), hidden=tuple(run.hidden), given=given)
            plan = decode(Plan, line["plan"])
            _check_indexes(plan, [], run.ledger)
            self._replaying = run.run_id
            super().create(run, plan)
        elif write == "close":
            closing = _decoded(Closing, line["closing"])
            super().close(run_id, closing, tuple(decode(AssertionResult, each) for each in line["assertions"]))
        elif write == "forget":
            super().forget(run_id)
        elif write == "end":
            super().end(decode(RunResult, line["result"]))
        else:
            self._replay_step(run_id, write, line)

    def _replay_step(self, run_id: str, write: str, line: Json) -> None:
        if write == "begin":
            begun = decode(_Begin, line)
            _check_indexes(self.plan(run_id), [begun.index], begun.ledger)
            super().begin(run_id, begun.index, begun.sequence, begun.at, begun.ledger)
        elif write == "register":
            super().register(run_id, decode(RecordedCompensation, line["recorded"]))
        elif write == "compute":
            super().compute(run_id, line["values"], tuple(line["hidden"]))
        elif write == "finish":
            record, closing = decode(StepRecord, line["record"]), _decoded(Closing, line["closing"])
            record = self._written.whole(run_id, record, line.get("attempts_before", 0))
            self._written.note(run_id, record)
            self._begin_unread(run_id, record)
            super().finish(run_id, record, line["captured"], closing)
        else:
            raise ValueError("a write that this version does not know")

    def _begin_unread(self, run_id: str, record: StepRecord) -> None:
        """Begin a step that has ended and never began: the line that said so is damaged."""
        run, result = self.run(run_id), record.result
        if record.kind is Phase.CLEANUP or result.status is Status.SKIPPED or str(record.index) in run.started:
            return
        started = Started(record.sequence, result.started_at, result.started_at)
        ledger = (*run.ledger, *self.plan(run_id).steps[record.index].cleanup)
        self.put_back(replace(run, started={**run.started, str(record.index): started}, ledger=ledger))

    def release(self, run_id: str) -> None:
        """Forget a run and give up its lock; the file stays."""
        with self._writing:
            super().release(run_id)
            self._undone.pop(run_id, None)
            self._written.release(run_id)
            if run_id in self._files:
                os.close(self._files.pop(run_id))

    def _announce_act(self, before: RunRecord, write: str, values: Mapping[str, Any], *, sync: bool) -> None:
        """Write the line of an act. When that fails, the run is as it was `before`: the act is not made."""
        try:
            self._announce(before.run_id, write, **values)
            if sync:
                self._sync(before.run_id)
        except EnvironmentFailure:
            self.put_back(before)
            raise

    def _announce(self, run_id: str, write: str, **values: Any) -> None:
        try:
            self._write(run_id, write, values)
        except OSError as error:
            raise self._unwritable(run_id, error) from error

    def _sync(self, run_id: str) -> None:
        """Have all lines of a run on the disk: they must outlive a crash of the machine."""
        try:
            os.fsync(self._files[run_id])
        except OSError as error:
            raise self._unwritable(run_id, error) from error

    def _unwritable(self, run_id: str, error: OSError) -> EnvironmentFailure:
        remedy = _FEW_DESCRIPTORS if error.errno == errno.EMFILE else f"look at {self._folder} and its disk"
        return EnvironmentFailure(
            f"the journal of {run_id} cannot be written: {error.strerror}",
            code="journal",
            hint=f"nothing is done that could not be undone; {remedy}",
        )

    def _note(self, run_id: str, write: str, **values: Any) -> bool:
        """Write a line, if that is possible; whether it was."""
        try:
            self._write(run_id, write, values)
        except OSError:
            return False
        return True

    def _write(self, run_id: str, write: str, values: Mapping[str, Any]) -> None:
        if run_id not in self._files:
            self._open(run_id)
        file, text = self._files[run_id], lines.line({"write": write, **values}, run_id, self._marks)
        written = os.write(file, text)
        if written < len(text):
            os.ftruncate(file, os.fstat(file).st_size - written)  # half a line must not spoil the next one
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _discard(self, run_id: str) -> None:
        """Remove the journal of a run that did not begin."""
        if run_id in self._files:
            os.close(self._files.pop(run_id))
            with suppress(OSError):
                (self._folder / f"{run_id}{ENDING}").unlink()

    def _open(self, run_id: str) -> None:
        make_own(self._folder)
        path = self._folder / f"{run_id}{ENDING}"
        self._files[run_id] = file_lock.create(path, os.O_WRONLY | os.O_APPEND)

    def _sync_name(self, run_id: str) -> None:
        """Have the name of the file on the disk too."""
        try:
            folder = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise self._unwritable(run_id, error) from error


class _Begin(Struct, frozen=True):
    """What a line says of a call that begins."""

    index: int
    sequence: int
    at: float
    ledger: tuple[int, ...]


def _check_indexes(plan: Plan, steps: Iterable[int], ledger: Iterable[int]) -> None:
    """Raise ValueError when the plan names, or these are, steps or entries of the ledger that it does not have."""
    walked = [index for segment in plan.segments for branch in segment.branches for index in branch.steps]
    undoing = [index for step in plan.steps for index in step.cleanup]
    numbered = list(range(len(plan.steps)))
    are_steps = {*walked, *steps} <= set(numbered) and [step.index for step in plan.steps] == numbered
    if not are_steps or not {*undoing, *ledger} <= set(range(len(plan.cleanup))):
        raise ValueError("a step that the plan does not have")


def _decoded(kind: type[T], document: Json) -> T | None:
    return None if document is None else decode(kind, document)
