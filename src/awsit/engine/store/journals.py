"""The journals of a project: found, read, taken over, and forgotten when their runs left nothing."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from awsit.actions.registry import BY_TYPE
from awsit.engine.store import lines
from awsit.engine.store.journal import ENDING, JournalStore
from awsit.engine.store.memory import MemoryRunStore
from awsit.engine.store.records import RunRecord
from awsit.errors import EnvironmentFailure, NotFoundError
from awsit.model.json import Json
from awsit.model.plan import Plan
from awsit.model.result import CleanupVerdict, ErrorInfo, RunResult, RunStatus
from awsit.patterns import lazy_pattern
from awsit.records import replace
from awsit.system import file_lock
from awsit.system.clock import iso_of
from awsit.system.files import read_beginning, read_regular, write_own_bytes
from awsit.system.marks import Marks

MAX_JOURNAL_BYTES = 512 * 1024 * 1024
_BEGINNING = 16 * 1024 * 1024
"""Bytes that tell whose a journal is; of one whose first line is longer, taking it over does."""
_MAY_HAVE_LEFT = "this run may have left something that nothing else tells of."
_CUT_OFF_BEGIN = lazy_pattern(rb'\{"write":"begin","index":(\d+),"sequence":(\d+),')


class Opened(Struct, frozen=True):
    """A journal that was read: the run's store as its lines made it, and the `origin` that was kept with it."""

    run_id: str
    store: JournalStore
    origin: Json


def find(folder: Path) -> list[Path]:
    """The journals, oldest run first."""
    return sorted(path for path in folder.glob(f"run-*{ENDING}") if exists(path)) if folder.is_dir() else []


def exists(path: Path) -> bool:
    """Whether there is such a journal. A link is none, which may lead to what never ends."""
    return path.is_file() and not path.is_symlink()


def is_foreign(path: Path, marks: Marks) -> bool:
    """Whether a journal was written by another user or machine, or by a version that did not mark its lines.

    So is one that cannot be read, or is too large. One that its run has just removed is nobody's.
    """
    try:
        if path.is_file() and path.stat().st_size > MAX_JOURNAL_BYTES:
            return True
        beginning = read_beginning(path, _BEGINNING)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    if len(beginning) == _BEGINNING:
        beginning = beginning[: beginning.rfind(b"\n") + 1]
    return lines.is_foreign(beginning, path.stem, marks)


def adopt(path: Path, marks: Marks) -> None:
    """Mark the lines of a journal as this user's. Raises OSError."""
    write_own_bytes(path, lines.adopted(read_regular(path, MAX_JOURNAL_BYTES), path.stem, marks))


def open_journal(path: Path, marks: Marks) -> Opened | None:
    """Take a journal over and read it; None when its run goes on in another process.

    Raises NotFoundError when there is none, EnvironmentFailure when nothing of it can be read or it is foreign.
    """
    if not exists(path):
        raise NotFoundError(
            f"there is no run {path.stem} here", code="run_not_found", hint="`awsit runs` lists the runs"
        )
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND)
    if not file_lock.lock(descriptor):
        os.close(descriptor)
        return None
    return _read(path, marks, descriptor)


def read_journal(path: Path, marks: Marks) -> Opened:
    """Read a journal without taking it over; its store must not be written to."""
    return _read(path, marks, None)


def forget(folder: Path, result: RunResult) -> None:
    """Remove the journal of a run whose report is kept and which left nothing behind."""
    if result.cleanup.verdict is CleanupVerdict.CLEAN:
        with suppress(OSError):
            (folder / f"{result.run_id}{ENDING}").unlink(missing_ok=True)


def _read(path: Path, marks: Marks, descriptor: int | None) -> Opened:
    try:
        content = _content(path)
        read = _own(path, lines.read(content, path.stem, marks))
        store, damaged = _replayed(path, read, marks)
        is_understood = 1 in read.whole and 1 not in damaged
        if is_understood and descriptor is not None:
            _check_types(path, store.plan(path.stem))
    except BaseException:
        if descriptor is not None:
            os.close(descriptor)
        raise
    first = read.whole.get(1)
    if not is_understood:
        store = _without_plan(path, len(content.splitlines()), marks)
    elif damaged and not _ended_clean(store, path.stem):
        store.put_back(replace(store.run(path.stem), damage=_damage(path, read, damaged)))
    if descriptor is not None:
        _end_line(descriptor, read, is_damaged=first is None)
        store.adopt(path.stem, descriptor)
    _begin_cut_off(store, path, read.cut_off, is_writable=descriptor is not None)
    _add_setup(store, path, marks)
    return Opened(path.stem, store, first["origin"] if first and "origin" in first else None)


def _replayed(path: Path, read: lines.Lines, marks: Marks) -> tuple[JournalStore, tuple[int, ...]]:
    """The store that the lines of a journal make, and the numbers of those that could not be read."""
    store, damaged = JournalStore(path.parent, marks), list(read.damaged)
    for number, line in read.whole.items():
        try:
            store.replay(line)
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, NotFoundError):
            damaged.append(number)
    return store, tuple(sorted(damaged))


def _end_line(descriptor: int, read: lines.Lines, *, is_damaged: bool) -> None:
    """Have the next line of a journal begin where one begins. Nothing is taken from a journal that is damaged."""
    if is_damaged and read.cut_off:
        os.write(descriptor, b"\n")
    elif read.cut_off:
        os.ftruncate(descriptor, read.length)


def _begin_cut_off(store: JournalStore, path: Path, text: bytes, *, is_writable: bool) -> None:
    """Begin the step whose beginning the last line may have announced before it was cut off."""
    begin = _CUT_OFF_BEGIN.match(text)
    if begin is None:
        return
    index, sequence = int(begin[1]), int(begin[2])
    steps = store.plan(path.stem).steps
    if index < len(steps):
        at = min(path.stat().st_mtime, store.run(path.stem).deadline_at - 1)
        begin_in = JournalStore if is_writable else MemoryRunStore
        begin_in.begin(store, path.stem, index, sequence, at, steps[index].cleanup)


def _add_setup(store: JournalStore, path: Path, marks: Marks) -> None:
    """Have the setup of the run's suite in the store too, if its journal is there: the clean-up may use its values."""
    setup = store.plan(path.stem).suite_run
    journal = path.with_name(f"{setup}{ENDING}")
    if setup and exists(journal):
        read = read_journal(journal, marks).store
        MemoryRunStore.create(store, read.run(setup), read.plan(setup))


def _without_plan(path: Path, count: int, marks: Marks) -> JournalStore:
    """A store with a run of which nothing is known but that it was."""
    at = path.stat().st_mtime
    others = f", and without it the other {count - 1} cannot be understood" if count > 1 else ""
    damage = f"Line 1 of {path} is damaged{others}: {_MAY_HAVE_LEFT}"
    error = ErrorInfo("journal", damage)
    run = RunRecord(path.stem, "", "local", iso_of(at), at, verdict=RunStatus.ERROR, error=error, damage=damage)
    store = JournalStore(path.parent, marks)
    MemoryRunStore.create(store, run, Plan(path.stem, ""))
    return store


def _own(path: Path, read: lines.Lines) -> lines.Lines:
    if not read.is_foreign:
        return read
    raise EnvironmentFailure(
        f"the journal of {path.stem} has no mark of this machine and user, and is left alone",
        code="foreign_journal",
        hint="it may have come with a cloned repository, or be of a version before; if the run was yours: "
        f"`awsit cleanup --adopt {path.stem}`",
    )


def _check_types(path: Path, plan: Plan) -> None:
    """Raise EnvironmentFailure for a plan with actions of a type that only a newer version can undo."""
    types = {each.type for each in (*plan.steps, *plan.cleanup)}
    if unknown := sorted(types.difference(BY_TYPE)):
        raise EnvironmentFailure(
            f"{path.stem} has an action of type {unknown[0]!r}, which this version of awsit does not know",
            code="newer_journal",
            hint="clean it up with the version that ran it, or a newer one",
        )


def _damage(path: Path, read: lines.Lines, numbers: tuple[int, ...]) -> str:
    words = f"Line {numbers[0]} is" if len(numbers) == 1 else f"Lines {', '.join(map(str, numbers))} are"
    how = "damaged" if {*numbers} <= {*read.damaged} else "damaged, or of a newer awsit,"
    return f"{words} {how} in {path}: {_MAY_HAVE_LEFT}"


def _ended_clean(store: JournalStore, run_id: str) -> bool:
    """Whether the run reported, from its memory, that it left nothing."""
    result = store.reports.get(run_id)
    return result is not None and result.cleanup.verdict is CleanupVerdict.CLEAN


def _content(path: Path) -> bytes:
    """The content of a journal. Raises EnvironmentFailure for one whose run did not begin."""
    content = read_regular(path, MAX_JOURNAL_BYTES)
    if not content:
        message = f"the journal {path} tells of no run"
        hint = "nothing that must be undone was begun before it was cut off: delete it"
        raise EnvironmentFailure(message, code="journal", hint=hint)
    return content
