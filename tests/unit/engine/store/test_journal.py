"""A journal on disk says the same as the store that wrote it, whenever the writer died."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import time
import tracemalloc
import zlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.unit.engine.table import TableAws
from tests.unit.engine.world import RUN_ID, World, answer

from awsit.engine.run.recover import Recovery
from awsit.engine.run.report import make_result
from awsit.engine.store import journals
from awsit.engine.store.journal import JournalStore
from awsit.engine.store.lines import line
from awsit.engine.store.records import Closing, RunState
from awsit.errors import EnvironmentFailure, NotFoundError
from awsit.model.events import RunFinished
from awsit.model.result import CleanupVerdict, RunResult, RunStatus
from awsit.system import file_lock
from awsit.system.clock import FakeClock
from awsit.system.marks import Marks

MARKS = Marks(lambda: b"mine" * 8)

SCENARIO = """
name: it
actions:
  - name: Put
    type: dynamodb
    params: {operation: put_item, table: orders, item: {id: "7", price: 1.50}}
    auto_cleanup: true
  - name: Create
    type: http_call
    params: {url: "http://api.test/orders", method: POST}
    let: {password: "{{ run.id }}-pw"}
    pass_to_context: {id: $.body.id, price: $.body.price}
    cleanup: [{name: Delete, type: http_call, params: {url: "http://api.test/orders/{{ context.id }}", method: DELETE}}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def world(folder: Path, aws: TableAws | None = None) -> World:
    body = {"id": "o-1", "price": Decimal("0.10")}
    return World(answer(200, body), aws=aws or TableAws(), store=JournalStore(folder, MARKS, {"profile": "dev"}))


def path_of(folder: Path) -> Path:
    return folder / f"{RUN_ID}.jsonl"


def test_what_was_written_is_read_again(folder: Path) -> None:
    first = world(folder)
    first.run(SCENARIO)

    read = journals.read_journal(path_of(folder), MARKS)

    assert read.origin == {"profile": "dev"}
    assert read.store.run(RUN_ID) == first.store.run(RUN_ID)
    assert read.store.plan(RUN_ID) == first.store.plan(RUN_ID)
    assert read.store.records(RUN_ID) == first.store.records(RUN_ID)
    assert read.store.report(RUN_ID) == first.store.report(RUN_ID)


def test_it_is_for_its_owner_only(folder: Path) -> None:
    world(folder).run(SCENARIO)

    assert stat.S_IMODE(path_of(folder).stat().st_mode) == 0o600


def test_the_inverse_is_on_the_disk_before_the_act(folder: Path) -> None:
    aws = TableAws()
    seen: list[tuple[str, str]] = []
    aws.before = lambda name: seen.append((name, path_of(folder).read_text(encoding="utf-8")))

    world(folder, aws).run(SCENARIO)

    written = dict(seen)["put_item"].splitlines()
    assert '"write":"begin"' in written[-2]
    assert '"write":"register"' in written[-1]
    assert '"operation":"delete_item"' in written[-1]


BEGUN = b'{"write":"begin","index":1,"sequence":1,'


def test_wherever_it_is_cut_off_the_rest_is_still_a_run(folder: Path) -> None:
    first = world(folder)
    first.run(SCENARIO)
    first.store.release(RUN_ID)
    whole = path_of(folder).read_bytes()
    begun = whole.index(b"\n") + 1

    for end in range(begun, len(whole), 97):
        path_of(folder).write_bytes(whole[:end])
        read = journals.open_journal(path_of(folder), MARKS)
        assert read is not None
        run = read.store.run(RUN_ID)
        assert set(run.ledger) <= {0, 100_000}
        lines, _, cut_off = whole[:end].rpartition(b"\n")
        assert (0 in run.ledger) == (b'"ledger":[0]' in lines or cut_off.startswith(BEGUN))
        read.store.release(RUN_ID)


def test_a_run_that_goes_on_is_not_taken_over(folder: Path) -> None:
    first = world(folder)
    first.run(SCENARIO)

    assert file_lock.is_held(path_of(folder))
    assert journals.open_journal(path_of(folder), MARKS) is None

    first.store.release(RUN_ID)

    assert not file_lock.is_held(path_of(folder))
    assert journals.open_journal(path_of(folder), MARKS) is not None


def test_an_empty_file_tells_of_no_run(folder: Path) -> None:
    folder.mkdir()
    path_of(folder).touch()

    with pytest.raises(EnvironmentFailure, match="tells of no run"):
        journals.open_journal(path_of(folder), MARKS)


@pytest.mark.parametrize("content", [b'{"write":"crea', b'{"write":"crea\n', b"\x00" * 100, b"{}}\n{}}\n"])
def test_a_run_whose_first_line_is_damaged_may_have_left_something(folder: Path, content: bytes) -> None:
    folder.mkdir()
    path_of(folder).write_bytes(content)

    for _ in range(2):
        result = finished(folder)
        assert (result.status, result.cleanup.verdict) == (RunStatus.ERROR, CleanupVerdict.LEFT_BEHIND)
        assert "Line 1 of" in result.cleanup.left_behind[0].reason
        assert "this run may have left something" in result.cleanup.left_behind[0].reason
    assert path_of(folder).read_bytes().startswith(content)


def finished(folder: Path) -> RunResult:
    """The run of a journal, finished by another process."""
    journal = journals.open_journal(path_of(folder), MARKS)
    assert journal
    made = World(answer(200, {}), aws=TableAws(), store=journal.store)
    result = Recovery(made.services, RUN_ID, "cleanup", 900, 10**9).recover(Closing(RunStatus.ERROR))
    assert result
    journal.store.release(RUN_ID)
    return result


def cut_off(folder: Path) -> list[bytes]:
    """The lines of a run that was killed in the middle of its second step."""
    first = world(folder)
    first.run(SCENARIO)
    first.store.release(RUN_ID)
    lines = path_of(folder).read_bytes().splitlines(keepends=True)
    return lines[: [b'"kind":"actions","index":1' in line for line in lines].index(True)]


@pytest.mark.parametrize("number", [2, 3, 4, 5])
def test_a_line_that_is_damaged_is_told_and_the_others_are_obeyed(folder: Path, number: int) -> None:
    lines = cut_off(folder)
    lines[number - 1] = lines[number - 1].replace(b'"index":', b'"index":1', 1).replace(b'"values":', b'"valued":', 1)
    path_of(folder).write_bytes(b"".join(lines))

    result = finished(folder)

    assert result.cleanup.verdict is CleanupVerdict.LEFT_BEHIND
    assert f"Line {number} is damaged" in result.cleanup.left_behind[0].reason
    assert "Line" in finished_again(folder).cleanup.left_behind[0].reason
    assert ("Delete" in {step.name for step in result.cleanup.steps}) == (number != 5)  # nothing else tells of it


def test_a_line_that_only_a_newer_version_knows_may_tell_of_what_is_left(folder: Path) -> None:
    written = line({"write": "announce", "table": "orders"}, RUN_ID, MARKS)
    path_of(folder).write_bytes(b"".join([*cut_off(folder), written]))

    result = finished(folder)

    assert result.cleanup.verdict is CleanupVerdict.LEFT_BEHIND
    assert "Line 7 is damaged, or of a newer awsit, in" in result.cleanup.left_behind[0].reason
    assert "Delete" in {step.name for step in result.cleanup.steps}


@pytest.mark.parametrize("part", ["steps", "cleanup"])
def test_a_run_with_actions_that_only_a_newer_version_knows_is_left_to_that(folder: Path, part: str) -> None:
    first, *lines = cut_off(folder)
    begun = {name: value for name, value in json.loads(first).items() if name not in {"mark", "crc32"}}
    begun["plan"][part][0]["type"] = "teleport"
    written = b"".join([line(begun, RUN_ID, MARKS), *lines])
    path_of(folder).write_bytes(written)

    with pytest.raises(EnvironmentFailure, match="'teleport', which this version of awsit does not know") as refused:
        journals.open_journal(path_of(folder), MARKS)

    assert "a newer one" in (refused.value.hint or "")
    assert path_of(folder).read_bytes() == written
    assert not file_lock.is_held(path_of(folder))
    assert journals.read_journal(path_of(folder), MARKS).store.run(RUN_ID).state is RunState.OPEN


@pytest.mark.parametrize(
    "text", [b"{}\n" * 3_000_000, b"\n" * 9_000_000, b"{" * 9_000_000, b'{"a":[' + b"{}," * 3_000_000]
)
def test_a_file_of_a_repository_with_millions_of_lines_or_values_takes_neither_time_nor_memory(
    folder: Path, text: bytes
) -> None:
    folder.mkdir()
    path_of(folder).write_bytes(text)
    begun = time.process_time()
    tracemalloc.start()
    journals.is_foreign(path_of(folder), MARKS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 50_000_000
    assert time.process_time() - begun < 2


def test_whose_a_journal_is_is_known_though_its_first_line_is_damaged_or_long(folder: Path, monkeypatch) -> None:
    whole = b"".join(cut_off(folder))
    path_of(folder).write_bytes(b"damaged\n" + whole)
    assert not journals.is_foreign(path_of(folder), MARKS)
    assert journals.is_foreign(path_of(folder), Marks(lambda: b"another's" * 4))

    monkeypatch.setattr(journals, "_BEGINNING", 100)
    path_of(folder).write_bytes(whole)
    assert not journals.is_foreign(path_of(folder), MARKS)
    monkeypatch.setattr(journals, "_BEGINNING", whole.index(b"\n") + 20)
    assert not journals.is_foreign(path_of(folder), MARKS)


def finished_again(folder: Path) -> RunResult:
    """What the journal says when it is read once more."""
    store = journals.read_journal(path_of(folder), MARKS).store
    return make_result(store.plan(RUN_ID), store.run(RUN_ID), store.records(RUN_ID), FakeClock().now())


def test_a_step_whose_beginning_was_cut_off_counts_as_begun(folder: Path) -> None:
    *lines, begin = cut_off(folder)[:5]
    path_of(folder).write_bytes(b"".join(lines) + begin[: begin.index(b'"at"') + 4])

    assert finished(folder).cleanup.steps[0].name == "Delete"


@pytest.mark.parametrize(
    "of_before",
    [rb',"mark":"\w+","crc32":"\w+"', rb',"mark":"\w+"(?=,"crc32")', rb'(?<="mark":")\w'],
    ids=["neither marks nor checksums", "no marks", "other marks"],
)
def test_a_journal_without_right_marks_is_foreign_until_it_is_adopted(folder: Path, of_before: bytes) -> None:
    texts = [re.sub(of_before, b"", line).removesuffix(b"\n") for line in cut_off(folder)]
    path_of(folder).write_bytes(b"".join(with_checksum(text) for text in texts))

    for read in (journals.open_journal, journals.read_journal):
        with pytest.raises(EnvironmentFailure, match="no mark of this machine and user"):
            read(path_of(folder), MARKS)
    assert journals.is_foreign(path_of(folder), MARKS)

    journals.adopt(path_of(folder), MARKS)

    assert not journals.is_foreign(path_of(folder), MARKS)
    assert not journals.read_journal(path_of(folder), MARKS).store.run(RUN_ID).damage
    assert "Delete" in {step.name for step in finished(folder).cleanup.steps}


def with_checksum(text: bytes) -> bytes:
    """A line whose checksum, if it has one, is right."""
    if b'"crc32"' not in text:
        return text + b"\n"
    text = re.sub(rb',"crc32":"\w+"', b"", text)
    return b'%s,"crc32":"%08x"}\n' % (text[:-1], zlib.crc32(text))


@pytest.mark.parametrize(
    ("number", "change"),
    [
        (2, {"at": 10**400}),
        (2, {"at": None}),
        (2, {"index": 26}),
        (2, {"ledger": [True, "x"]}),
        (2, {"ledger": [26]}),
        (2, {"sequence": []}),
        (1, {"run": {"run_id": RUN_ID}}),
        (1, {"plan": []}),
        (1, {"plan": {"run_id": RUN_ID, "scenario": "it", "segments": [{"branches": [{"steps": [0]}]}]}}),
        (3, {"write": "unknown"} | {"record": 7}),
        (3, {"write": "finish"}),
    ],
)
def test_a_line_of_ours_that_does_not_fit_ends_in_no_bug(folder: Path, number: int, change: dict[str, Any]) -> None:
    documents = [json.loads(text) for text in cut_off(folder)]
    documents[number - 1] |= change
    fields = ({name: each[name] for name in each if name not in {"mark", "crc32"}} for each in documents)
    path_of(folder).write_bytes(b"".join(line(each, RUN_ID, MARKS) for each in fields))

    result = finished(folder)

    assert result.cleanup.verdict is CleanupVerdict.LEFT_BEHIND or change.get("write") == "unknown"


def test_a_line_that_somebody_else_has_put_in_is_not_obeyed(folder: Path) -> None:
    lines = cut_off(folder)
    planted = re.sub(rb',"mark":"\w+"', b"", lines[1]).replace(b'"index":0', b'"index":1').removesuffix(b"\n")
    path_of(folder).write_bytes(b"".join([lines[0], with_checksum(planted), *lines[1:]]))

    assert "Line 2 is damaged" in journals.read_journal(path_of(folder), MARKS).store.run(RUN_ID).damage


def test_a_line_of_another_run_is_not_obeyed(folder: Path) -> None:
    cut_off(folder)
    other = folder / "run-2.jsonl"
    path_of(folder).rename(other)

    assert journals.is_foreign(other, MARKS)


def test_a_link_is_no_journal(folder: Path) -> None:
    folder.mkdir()
    path_of(folder).symlink_to("/dev/zero")

    assert journals.find(folder) == []
    with pytest.raises(NotFoundError):
        journals.open_journal(path_of(folder), MARKS)


def test_no_journal_is_written_into_a_folder_that_is_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    folder.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(EnvironmentFailure, match="cannot be written"):
        world(folder).events(SCENARIO)
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_run_that_is_not_there(folder: Path) -> None:
    with pytest.raises(NotFoundError):
        journals.open_journal(path_of(folder), MARKS)
    assert journals.find(folder) == []


def test_a_clean_run_is_forgotten_and_another_is_not(folder: Path) -> None:
    result = world(folder).run(SCENARIO)
    assert result.cleanup.verdict is CleanupVerdict.CLEAN

    journals.forget(folder, result)

    assert journals.find(folder) == []


class FullDisk(JournalStore):
    """A disk that takes `lines` more lines, and then fails with `error`."""

    lines = 10**6
    error = errno.ENOSPC

    def _write(self, run_id: str, write: str, values: Any) -> None:
        self.lines -= 1
        if self.lines < 0:
            raise OSError(self.error, os.strerror(self.error))
        super()._write(run_id, write, values)


@pytest.mark.parametrize(
    ("lines", "error"),
    [*((lines, errno.ENOSPC) for lines in range(1, 9)), (2, errno.EIO), (3, errno.EDQUOT), (3, errno.EROFS)],
)
def test_a_disk_that_fails_stops_the_run_and_what_was_made_is_removed(folder: Path, lines: int, error: int) -> None:
    aws = TableAws()
    store = FullDisk(folder, MARKS)
    store.lines, store.error = lines, error
    made = World(answer(200, {"id": "o-1", "price": 1}), aws=aws, store=store)

    last = made.events(SCENARIO)[-1]

    assert isinstance(last, RunFinished)
    assert aws.items == {}
    posted = [url for url in made.urls if url.startswith("POST")]
    assert len([url for url in made.urls if url.startswith("DELETE")]) == len(posted)
    assert last.result.cleanup.verdict is CleanupVerdict.CLEAN
    if lines < 5:
        assert last.result.status is RunStatus.ERROR
        assert "cannot be written" in str(last.result.error) + str(last.result.steps)
    assert store.run(RUN_ID).state is RunState.CLOSED


def test_a_line_that_does_not_reach_the_disk_announces_no_act(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = world(folder)
    monkeypatch.setattr("os.fsync", lambda _: fail(errno.EIO))

    with pytest.raises(EnvironmentFailure, match="cannot be written: Input/output error"):
        made.events(SCENARIO)

    assert made.urls == []


def fail(number: int) -> None:
    raise OSError(number, os.strerror(number))


def test_a_run_that_is_released_is_forgotten_and_can_be_taken_over(folder: Path) -> None:
    first = world(folder)
    first.run(SCENARIO)
    first.store.release(RUN_ID)

    with pytest.raises(NotFoundError):
        first.store.run(RUN_ID)
    taken = journals.open_journal(path_of(folder), MARKS)
    assert taken
    taken.store.release(RUN_ID)


def test_a_journal_that_was_just_removed_is_not_foreign_and_one_that_is_too_large_is(folder: Path) -> None:
    path = path_of(folder)
    assert not journals.is_foreign(path.with_name("run-gone.jsonl"), MARKS)

    cut_off(folder)
    os.truncate(path, journals.MAX_JOURNAL_BYTES + 1)
    assert journals.is_foreign(path, MARKS)
