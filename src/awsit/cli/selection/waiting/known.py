"""Scenarios that were found valid before: a large suite in which nothing has changed is not checked again."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path, PurePath

import awsit
from awsit.model.text.encoding import encoded
from awsit.scenario.reading.kinds import SUITE_FILE
from awsit.scenario.reading.source import Source, is_json_file
from awsit.system.files import make_own, read_regular, write_own

MOST_KNOWN = 50_000
_MAX_BYTES = 8 * 1024 * 1024
_FILE = "valid-scenarios.txt"


class KnownScenarios:
    """Sources whose text alone says whether they are valid: the digests of these are in the user's cache folder.

    A project has no part in that folder. What cannot be read there, or was found with other rules, is nothing known.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE
        self._new: dict[str, None] = {}

    def has(self, source: Source) -> bool:
        """Whether a source was found valid before, with all that it holds."""
        return _is_by_itself(source) and self._is_known(_digest(source))

    def asks(self, source: Source) -> bool:
        """Whether it is worth to find out about a source: it is not known, and would be."""
        return _is_by_itself(source) and not self._is_known(_digest(source))

    def add(self, source: Source) -> None:
        """Know of a source that it is valid; of one with parts of other files, its own text does not say it."""
        if _is_by_itself(source):
            self._new[_digest(source)] = None

    def save(self) -> None:
        """Write what is new. Where the folder takes no file, the next command checks again."""
        if self._new:
            digests = [*self._new, *(self._known.keys() - self._new.keys())][:MOST_KNOWN]
            with suppress(OSError):
                make_own(self._file.parent)
                write_own(self._file, "\n".join([self._rules, *digests, ""]))

    def _is_known(self, digest: str) -> bool:
        return digest in self._new or digest in self._known

    @cached_property
    def _known(self) -> dict[str, None]:
        try:
            rules, *digests = read_regular(self._file, _MAX_BYTES).decode().splitlines()
        except (OSError, ValueError):
            return {}
        return dict.fromkeys(digests) if rules == self._rules else {}

    @cached_property
    def _rules(self) -> str:
        """What changes with the rules by which scenarios are valid; in a source tree, the time of the last change."""
        changed = max(_changes(Path(awsit.__file__).parent), default=0)
        return f"awsit {awsit.__version__}, Python {sys.version.split()[0]}, {changed}"


def _is_by_itself(source: Source) -> bool:
    """Whether its document is what its text says: nothing of other files, no pipe, and no setup read as a scenario."""
    return source.written is None and source.file != "-" and PurePath(source.file).name != SUITE_FILE


def _digest(source: Source) -> str:
    kind = "json" if is_json_file(source.file) else "yaml"
    return hashlib.sha256(encoded(f"{kind}\0{source.text}")).hexdigest()


def _changes(folder: Path) -> Iterator[int]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                yield entry.stat().st_mtime_ns
            elif entry.is_dir():
                yield from _changes(Path(entry.path))
