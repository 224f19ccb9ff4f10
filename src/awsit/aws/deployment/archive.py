"""Zip files that depend on their content alone: the same files give the same bytes, on any day and machine."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16
_EXECUTABLE = 0o755 << 16
_UNIX = 3
_LEFT_OUT = frozenset({"__pycache__", ".DS_Store", ".git", ".pytest_cache", ".mypy_cache", ".ruff_cache"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive: where it goes, with `/` between the parts, and where its bytes are."""

    name: str
    file: Path


def entries(folder: Path, prefix: str = "") -> Iterator[Entry]:
    """The files under a folder, byte code and caches left out."""
    for file in sorted(folder.rglob("*")):
        parts = file.relative_to(folder).parts
        if file.is_file() and not _LEFT_OUT.intersection(parts) and file.suffix not in {".pyc", ".pyo"}:
            yield Entry("/".join((*filter(None, [prefix]), *parts)), file)


def digest(files: Iterable[Entry]) -> str:
    """SHA-256 over names and contents, in hexadecimal."""
    whole = hashlib.sha256()
    for entry in sorted(files, key=lambda entry: entry.name):
        content = hashlib.sha256(entry.file.read_bytes()).hexdigest()
        whole.update(f"{entry.name}\0{content}\n".encode())
    return whole.hexdigest()


def pack(files: Iterable[Entry]) -> bytes:
    """A zip of the files: sorted by name, one fixed time, modes 644 or 755."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for entry in sorted(files, key=lambda entry: entry.name):
            archive.writestr(_info(entry), entry.file.read_bytes(), compresslevel=9)
    return buffer.getvalue()


def _info(entry: Entry) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(entry.name, _FIRST_DAY)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = _UNIX
    info.external_attr = _EXECUTABLE if entry.file.stat().st_mode & 0o100 else _READABLE
    return info
