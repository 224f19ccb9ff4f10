"""The attempts of a poll in its journal: each once, and all of them in what is read again."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.unit.engine.store.test_journal import MARKS, path_of
from tests.unit.engine.world import RUN_ID, World, answer

from awsit.engine.store import journals
from awsit.engine.store.journal import JournalStore
from awsit.engine.store.lines import line
from awsit.engine.store.records import RunStore
from awsit.model.result import Attempt

POLL = """
name: poll
actions:
  - name: Poll
    type: http_call
    params: {url: "http://api.test/orders/7"}
    until: {timeout_seconds: 9999, interval_seconds: 1, assert: [{path: $.body.is_done, equals: true}]}
"""


def polled(folder: Path, looks: int) -> World:
    answers = [answer(200, {"is_done": False})] * (looks - 1)
    world = World(*answers, answer(200, {"is_done": True}), store=JournalStore(folder, MARKS))
    world.run(POLL)
    return world


def attempts_in(store: RunStore) -> tuple[Attempt, ...]:
    (record,) = store.records(RUN_ID)
    return record.result.attempts


def finishes(path: Path) -> list[dict[str, Any]]:
    documents = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [document for document in documents if document["write"] == "finish"]


def test_a_journal_grows_by_the_same_with_each_attempt(tmp_path: Path) -> None:
    polled(tmp_path, 50)

    written = finishes(path_of(tmp_path))

    assert [len(each["record"]["result"]["attempts"]) for each in written] == [1] * 50
    assert [each["attempts_before"] for each in written] == list(range(50))


def test_all_attempts_are_read_again(tmp_path: Path) -> None:
    world = polled(tmp_path, 7)

    read = journals.read_journal(path_of(tmp_path), MARKS).store

    assert attempts_in(read) == attempts_in(world.store)
    assert [each.number for each in attempts_in(read)] == list(range(1, 8))


def test_a_journal_whose_lines_have_all_attempts_is_read(tmp_path: Path) -> None:
    world = polled(tmp_path, 3)
    path = path_of(tmp_path)
    whole = [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines()]
    attempts: list[Any] = []
    for each in whole:
        if each["write"] == "finish":
            del each["attempts_before"]
            attempts += each["record"]["result"]["attempts"]
            each["record"]["result"]["attempts"] = list(attempts)
        del each["mark"], each["crc32"]
    path.write_bytes(b"".join(line(each, RUN_ID, MARKS) for each in whole))

    assert attempts_in(journals.read_journal(path, MARKS).store) == attempts_in(world.store)


def test_what_could_not_be_written_is_written_with_the_next_attempt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, is_full = os.write, [False, True, True, False]

    def failing(file: int, text: bytes) -> int:
        if b'"write":"finish"' in text and is_full and is_full.pop(0):
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, text)

    monkeypatch.setattr(os, "write", failing)
    world = polled(tmp_path, 5)

    assert [len(each["record"]["result"]["attempts"]) for each in finishes(path_of(tmp_path))] == [1, 3, 1]
    assert attempts_in(journals.read_journal(path_of(tmp_path), MARKS).store) == attempts_in(world.store)


def test_who_goes_on_with_a_journal_writes_what_is_new(tmp_path: Path) -> None:
    world = polled(tmp_path, 3)
    (record,) = world.store.records(RUN_ID)
    world.store.release(RUN_ID)
    opened = journals.open_journal(path_of(tmp_path), MARKS)
    assert opened is not None

    opened.store.finish(RUN_ID, record, {}, None)
    opened.store.release(RUN_ID)

    assert finishes(path_of(tmp_path))[-1]["record"]["result"]["attempts"] == []
    assert attempts_in(journals.read_journal(path_of(tmp_path), MARKS).store) == record.result.attempts
