"""The journals of a project: found, read, taken over, and forgotten when their runs left nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from awsit.engine.store.journal import ENDING, JournalStore
from awsit.errors import EnvironmentFailure, NotFoundError
from awsit.model.json import Json, loads_record
from awsit.model.result import CleanupVerdict, RunResult
from awsit.system import file_lock


@dataclass(frozen=True, slots=True)
class Opened:
    """A journal that was read: the run's store as its lines made it, and the `origin` that was kept with it."""

    run_id: str
    store: JournalStore
    origin: Json


def find(folder: Path) -> list[Path]:
    """The journals, oldest run first."""
    return sorted(folder.glob(f"run-*{ENDING}")) if folder.is_dir() else []


def open_journal(path: Path) -> Opened | None:
    """Take a journal over and read it; None when its run goes on in another process.

    Raises NotFoundError when there is none, EnvironmentFailure when nothing of it can be read.
    """
    if not path.is_file():
        raise NotFoundError(
            f"there is no run {path.stem} here", code="run_not_found", hint="`awsit runs` lists the runs"
        )
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND)
    if not file_lock.lock(descriptor):
        os.close(descriptor)
        return None
    return _read(path, descriptor)


def read_journal(path: Path) -> Opened:
    """Read a journal without taking it over; its store must not be written to."""
    return _read(path, None)


def forget(folder: Path, result: RunResult) -> None:
    """Remove the journal of a run whose report is kept and which left nothing behind."""
    if result.cleanup.verdict is CleanupVerdict.CLEAN:
        with suppress(OSError):
            (folder / f"{result.run_id}{ENDING}").unlink(missing_ok=True)


def _read(path: Path, descriptor: int | None) -> Opened:
    store = JournalStore(path.parent)
    origin: Json = None
    for number, line in enumerate(_lines(path)):
        with suppress(KeyError, TypeError, ValueError, NotFoundError):  # cut off by the crash, or by a full disk
            store.replay(line)
            origin = line["origin"] if number == 0 else origin
    try:
        store.run(path.stem)
    except NotFoundError:
        if descriptor is not None:
            os.close(descriptor)
        message = f"the journal {path} tells of no run"
        raise EnvironmentFailure(
            message, code="journal", hint="nothing was begun before it was cut off: delete it"
        ) from None
    if descriptor is not None:
        store.adopt(path.stem, descriptor)
    return Opened(path.stem, store, origin)


def _lines(path: Path) -> Iterator[Any]:
    for text in path.read_bytes().split(b"\n"):
        with suppress(ValueError):
            yield loads_record(text)
