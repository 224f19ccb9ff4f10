"""Only runs that have something to undo write a journal."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.engine.world import RUN_ID, World, answer

from awsit.engine.store.undone_journal import UndoneJournalStore
from awsit.model.result import RunStatus
from awsit.system.marks import Marks

SCENARIO = """
name: it
actions:
  - name: Create
    type: http_call
    params: {url: "http://api.test/orders", method: POST}
"""
CLEANUP = '[{type: http_call, params: {url: "http://api.test/orders", method: DELETE}}]'


@pytest.mark.parametrize(
    ("more", "is_written"),
    [("", False), (f"    cleanup: {CLEANUP}\n", True), (f"cleanup: {CLEANUP}\n", True)],
)
def test_a_journal_is_for_what_must_be_undone(tmp_path: Path, more: str, is_written: bool) -> None:
    world = World(answer(200, {}), store=UndoneJournalStore(tmp_path / "journal", Marks(lambda: b"mine" * 8)))
    result = world.run(SCENARIO + more)
    assert result.status is RunStatus.PASSED
    assert (tmp_path / "journal" / f"{RUN_ID}.jsonl").exists() is is_written
