"""Texts that one process writes now and reads later, and that memory should not hold meanwhile."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import IO

from awsit.system.files import make_own

MEMORY_BYTES = 1024 * 1024
"""So much stays in memory: few texts need no file."""


class Spool:
    """Texts by their numbers. What memory has no room for is in a file of this user's that has no name.

    Nobody finds that file by a link or a name, and it is gone when the process ends, however it ends. What cannot be
    written to it stays in memory. Several threads may use a spool.
    """

    def __init__(self, folder: Path) -> None:
        """The file is in this state folder, which is made if needed."""
        self._folder = folder
        self._room = MEMORY_BYTES
        self._file: IO[bytes] | None = None
        self._entries: list[bytes | tuple[int, int]] = []
        self._using = Lock()

    def add(self, text: str) -> int:
        """Keep a text. Returns its number."""
        content = text.encode("utf-8", "surrogatepass")
        with self._using:
            self._entries.append(self._held(content) or self._written(content))
            return len(self._entries) - 1

    def read(self, number: int) -> str:
        """The text with this number. Raises OSError."""
        entry = self._entries[number]
        if isinstance(entry, bytes):
            return entry.decode("utf-8", "surrogatepass")
        assert self._file is not None
        with self._using:
            self._file.seek(entry[0])
            return self._file.read(entry[1]).decode("utf-8", "surrogatepass")

    def _held(self, content: bytes) -> bytes:
        """The content, if memory has room for it; else nothing."""
        if len(content) > self._room:
            return b""
        self._room -= len(content)
        return content

    def _written(self, content: bytes) -> bytes | tuple[int, int]:
        """Where the content stands in the file; the content itself when it cannot be written."""
        with suppress(OSError):
            file = self._file = self._file or self._opened()
            at = file.seek(0, os.SEEK_END)
            if file.write(content) == len(content):  # less when the disk is full
                return at, len(content)
        return content

    def _opened(self) -> IO[bytes]:
        from tempfile import TemporaryFile  # slow to import, and few commands need it

        make_own(self._folder)
        return TemporaryFile(dir=self._folder, buffering=0)

    def close(self) -> None:
        """Remove the file. Nothing that was in it can be read any more."""
        if self._file:
            self._file.close()
