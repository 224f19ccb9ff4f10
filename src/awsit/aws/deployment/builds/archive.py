"""Reproducible zip files: the same content gives the same bytes, on any day and machine."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from msgspec import Struct

_EARLIEST_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16
_EXECUTABLE = 0o755 << 16
_UNIX = 3
_EXCLUDED = frozenset(
    {"__pycache__", ".DS_Store", ".git", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".venv", ".aws-sam"}
)


class ArchiveMember(Struct, frozen=True):
    """A file of an archive: its name there, with `/` as the separator, and the local file with its content."""

    name: str
    file: Path


def members(folder: Path, prefix: str = "") -> Iterator[ArchiveMember]:
    """The files below a folder, without byte code, caches, `.venv` and the like; `prefix` goes before each name."""
    for file in sorted(folder.rglob("*")):
        parts = file.relative_to(folder).parts
        if file.is_file() and not _EXCLUDED.intersection(parts) and file.suffix not in {".pyc", ".pyo"}:
            yield ArchiveMember("/".join((*filter(None, [prefix]), *parts)), file)


def digest(files: Iterable[ArchiveMember]) -> str:
    """SHA-256 of the names and contents, in hexadecimal."""
    total = hashlib.sha256()
    for member in sorted(files, key=lambda member: member.name):
        content = hashlib.sha256(member.file.read_bytes()).hexdigest()
        total.update(f"{member.name}\0{content}\n".encode())
    return total.hexdigest()


def pack(files: Iterable[ArchiveMember]) -> bytes:
    """A zip of the files, sorted by name, with the earliest time of the format and the mode 644 or 755."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for member in sorted(files, key=lambda member: member.name):
            archive.writestr(_info(member), member.file.read_bytes(), compresslevel=9)
    return buffer.getvalue()


def _info(member: ArchiveMember) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(member.name, _EARLIEST_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = _UNIX
    info.external_attr = _EXECUTABLE if member.file.stat().st_mode & 0o100 else _READABLE
    return info
