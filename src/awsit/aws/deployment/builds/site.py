"""Folders of installed packages and zip files with them, in a cache: each is made once for the same content."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from awsit.aws.deployment.builds import archive, cache
from awsit.aws.deployment.builds.archive import ArchiveMember
from awsit.aws.deployment.builds.byte_code import ByteCode

_DIFFERS_BETWEEN_MACHINES = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"})
_FORMAT = "1"
"""Increase it when this package builds something else from the same files, so that no cached one is used."""


def installed(key: str, cache_folder: Path, install: Callable[[Path], None]) -> Path:
    """The folder that `install` fills; made once for each `key`, a text that says all that its content depends on."""
    target = cache_folder / f"dependencies-{_short(key)}"
    cache.make(cache_folder)
    if not target.is_dir() or not cache.is_as_made(target, archive.digest(archive.members(target))):
        shutil.rmtree(target, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=cache_folder, prefix="installing-") as unfinished:
            site = Path(unfinished) / "site"
            site.mkdir()
            install(site)
            cache.note(target, archive.digest(archive.members(site)))
            _move(site, target)
    return target


class Packages(Struct, frozen=True):
    """The packages that are installed in `folder`. `prefix` goes before their files' names; `without` are left out."""

    folder: Path
    prefix: str = ""
    without: tuple[str, ...] = ()

    def members(self) -> Iterator[ArchiveMember]:
        """Their files, without those that differ between machines: scripts, pip's records."""
        left_out = ("bin/", *(f"{package}{end}" for package in self.without for end in ("/", "-", ".")))
        for member in archive.members(self.folder):
            if not member.name.startswith(left_out) and member.file.name not in _DIFFERS_BETWEEN_MACHINES:
                yield ArchiveMember(f"{self.prefix}{member.name}", member.file)


def packed(
    name: str,
    code: Iterable[ArchiveMember],
    packages: Packages | None,
    cache_folder: Path,
    byte_code: ByteCode | None = None,
) -> Path:
    """A zip of code and installed packages, named `name`-HASH.zip, with byte code beside them where that is given."""
    code = list(code)
    installed = f"{packages.folder.name} {packages.prefix} {packages.without}" if packages else ""
    compiled = byte_code.key if byte_code else ""
    target = cache_folder / f"{name}-{_short(f'{archive.digest(code)} {installed} {compiled}')}.zip"
    cache.make(cache_folder)
    if not target.is_file() or not cache.is_as_made(target, cache.digest(target)):
        with contents(code, packages, cache_folder, byte_code) as members:
            content = archive.pack(members)
        cache.note(target, sha256(content).hexdigest())
        _write_atomically(target, content)
    return target


@contextmanager
def contents(
    code: Iterable[ArchiveMember], packages: Packages | None, cache_folder: Path, byte_code: ByteCode | None
) -> Iterator[list[ArchiveMember]]:
    """The files of a package, as long as the block lasts; of two files of one name the code's is taken."""
    files = {member.name: member for member in [*(packages.members() if packages else ()), *code]}
    with tempfile.TemporaryDirectory(dir=cache_folder, prefix="compiling-") as folder:
        compiled = byte_code.members(files, Path(folder)) if byte_code else ()
        yield [*files.values(), *compiled]


def _short(key: str) -> str:
    return sha256(f"{_FORMAT} {key}".encode()).hexdigest()[:32]


def _move(folder: Path, target: Path) -> None:
    try:
        folder.rename(target)
    except OSError:
        if not target.is_dir():  # otherwise another process was first, with the same content
            raise
        cache.note(target, archive.digest(archive.members(target)))


def _write_atomically(target: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix="packing-", delete=False) as unfinished:
        unfinished.write(content)
    Path(unfinished.name).replace(target)
