"""Places to work under a key, of which there are so many at once on this machine, whichever process asks.

Each holder has a file of its own that it has locked, so the kernel gives the place back when the process ends, however
it ends. Only under the lock of one more file, the guard, are files made, counted and swept.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from awsit.errors import EnvironmentFailure
from awsit.system import file_lock

_GUARD = "guard"


class Holder(Struct, frozen=True):
    """Who has a place: how they call themselves, and how many they want there to be at once, themselves included."""

    name: str
    limit: int


class Slots:
    """The places of one user; `folder` holds the files. On Windows, which has no such locks, of one process only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own: dict[str, tuple[Path, int]] = {}

    def take(self, key: str, limit: int, name: str) -> tuple[Holder, ...] | None:
        """Take a place for `name`, which is unique. Returns None, or who has the places when none is left for now.

        No more than `limit` hold the key then, and no more than any of the holders wants. Nobody is named when another
        process just looks. Raises EnvironmentFailure when the folder cannot be used.
        """
        try:
            with self._guarded() as is_mine:
                return self._taken(key, Holder(name, limit)) if is_mine else ()
        except OSError as error:
            message = f"`concurrency` keeps its locks in {self._folder}, which cannot be used: {error.strerror}"
            raise EnvironmentFailure(message, hint="set XDG_STATE_HOME to a folder that you may write in") from error

    def give_back(self, name: str) -> None:
        """Give the place back that was taken for `name`, if one was."""
        if name in self._own:
            path, descriptor = self._own.pop(name)
            with suppress(OSError):  # Windows removes no open file; the next one who looks does
                path.unlink()
            os.close(descriptor)

    @contextmanager
    def _guarded(self) -> Iterator[bool]:
        """Whether this process alone may look at the files."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = file_lock.acquire(self._folder / _GUARD)
        if descriptor is None:
            yield False
            return
        try:
            yield True
        finally:
            os.close(descriptor)

    def _taken(self, key: str, wanted: Holder) -> tuple[Holder, ...] | None:
        digest = hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:32]
        holders = tuple(self._holders(digest))
        if len(holders) >= min([wanted.limit, *(holder.limit for holder in holders)]):
            return holders
        self._own[wanted.name] = self._made(digest, wanted)
        return None

    def _holders(self, digest: str) -> Iterator[Holder]:
        """Who holds the key. The files of processes that have ended are removed, also those of other keys."""
        own = {path for path, _ in self._own.values()}
        for path in sorted(self._folder.iterdir()):
            if path.name == _GUARD or (path not in own and _is_swept(path)):
                continue
            if path.name.startswith(digest) and (holder := _read(path)):
                yield holder

    def _made(self, digest: str, holder: Holder) -> tuple[Path, int]:
        own = hashlib.sha256(holder.name.encode(errors="surrogatepass")).hexdigest()[:32]
        path = self._folder / f"{digest}-{own}"
        descriptor = file_lock.acquire(path)
        assert descriptor is not None  # the name is unique
        try:
            os.write(descriptor, f"{holder.limit}\n{holder.name}".encode(errors="replace"))
        except OSError:  # the disk is full
            os.close(descriptor)  # unlocks the file, so that the next one who looks removes it
            raise
        return path, descriptor


def _is_swept(path: Path) -> bool:
    """Remove a file that nobody has locked."""
    try:
        descriptor = file_lock.acquire(path)
    except OSError:  # it is gone by now
        return True
    if descriptor is None:
        return False
    with suppress(OSError):
        path.unlink()
    os.close(descriptor)
    return True


def _read(path: Path) -> Holder | None:
    """Who a file says that it is of; None when its place was given back meanwhile."""
    try:
        limit, _, name = path.read_text(encoding="utf-8", errors="replace").partition("\n")
        return Holder(name, int(limit))
    except FileNotFoundError:
        return None
