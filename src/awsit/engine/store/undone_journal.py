"""Journals of those runs only that have something to undo."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from awsit.engine.store.durability import undone_steps
from awsit.engine.store.journal import JournalStore
from awsit.engine.store.records import RunRecord
from awsit.model.json import Json
from awsit.model.plan import Plan
from awsit.system.marks import Marks


class UndoneJournalStore(JournalStore):
    """As `JournalStore`, for loads: of thousands of runs without anything to undo nobody needs a file."""

    def __init__(self, folder: Path, marks: Marks, origin: Json = None) -> None:
        super().__init__(folder, marks, origin)
        self._unwritten: set[str] = set()

    def create(self, run: RunRecord, plan: Plan) -> None:
        """Keep a new run and its plan."""
        if not undone_steps(plan):
            self._unwritten.add(run.run_id)
        super().create(run, plan)

    def release(self, run_id: str) -> None:
        """Forget a run and give up its lock."""
        super().release(run_id)
        self._unwritten.discard(run_id)

    def _write(self, run_id: str, write: str, values: Mapping[str, Any]) -> None:
        if run_id not in self._unwritten:
            super()._write(run_id, write, values)
