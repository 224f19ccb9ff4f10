"""Files of this machine."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IMODE, S_ISDIR, S_ISREG

from awsit.errors import InvalidInputError
from awsit.model.files import MAX_FILE_BYTES
from awsit.model.text.encoding import ESCAPE

_OWN, _OWN_FOLDER = 0o600, 0o700
_ONLY_IN_PLACE = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY})
"""The folder takes no other file, or the file is a mount point, as containers have them."""


class DiskFiles:
    """The `FileStore` whose references are paths."""

    def read(self, reference: str) -> bytes:
        """The content of a regular file of at most `MAX_FILE_BYTES`. Raises InvalidInputError."""
        try:
            if Path(reference).exists() and not Path(reference).is_file():  # opening a pipe would wait for its writer
                raise _unusable(f"{reference} is not a regular file", "name a file")
            with Path(reference).open("rb") as file:
                content = file.read(MAX_FILE_BYTES + 1)
        except FileNotFoundError:
            raise _unusable(f"there is no file {reference}", "check the path") from None
        except OSError as error:
            raise _unusable(f"{reference} cannot be read: {error.strerror}", "check its permissions") from error
        if len(content) > MAX_FILE_BYTES:
            limit = f"the limit is {MAX_FILE_BYTES // 1024 // 1024} MiB"
            raise _unusable(f"{reference} is too large; {limit}", "use a smaller file")
        return content


def read_regular(path: Path, limit: int) -> bytes:
    """The content of a regular file of at most `limit` bytes.

    Raises OSError: EINVAL for a device or a pipe, which may never end and is not opened; EFBIG for what is larger,
    also for a file that grows while it is read; EAGAIN for one that waits for its content, as some of /proc do.
    """
    kind = _kind(path)
    if kind and not S_ISREG(kind) and not S_ISDIR(kind):
        raise OSError(errno.EINVAL, "it is a device or a pipe, not a regular file", str(path))
    with open(path, "rb", opener=_open_at_once) as file:
        is_larger = os.fstat(file.fileno()).st_size > limit
        content: bytes | None = b"" if is_larger else file.read(limit + 1)
    if content is None:
        raise OSError(errno.EAGAIN, "it waits for its content, which no regular file does", str(path))
    if is_larger or len(content) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit // 1024} KiB", str(path))
    return content


def read_beginning(path: Path, size: int) -> bytes:
    """The first bytes of a regular file, at most `size`. Raises OSError, as `read_regular` does."""
    kind = _kind(path)
    if kind and not S_ISREG(kind):
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    with open(path, "rb", opener=_open_at_once) as file:
        return file.read(size) or b""


def _kind(path: Path) -> int:
    """What is there, as its mode says; 0 for nothing, or what cannot be looked at."""
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK if os.name == "posix" else flags)


def write_whole(path: Path, text: str) -> None:
    """Write a text as `write_parts` does."""
    write_parts(path, (text,))


def write_parts(path: Path, parts: Iterable[str]) -> None:
    """Write a file so that it has its old content or the new one, whenever the disk is full or the process ends.

    The parts of its text are written beside it, which is then renamed. What is no regular file (a device, a pipe), and
    a file in a folder that takes no other, is written in place. A link stays, and leads to the new content; the file
    keeps its permissions. Raises OSError with the path.
    """
    try:
        if path.exists() and not path.is_file():
            _write_in_place(path, parts)  # as it is named: what /dev/stdout and /dev/fd/63 lead to may have no name
        else:
            _replace(path.resolve(), parts)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None  # a failed write does not name its file


def write_own(path: Path, text: str) -> None:
    """Write a file of a state folder: for this user only, and never through a link, which a repository may bring.

    The text is written beside it and takes its name, so that a link goes and what it led to stays. Raises OSError.
    Nothing waits for the disk: a machine that loses its power may lose the file.
    """
    _write_own(path, text.encode("utf-8", ESCAPE), synced=False)


def write_own_bytes(path: Path, content: bytes) -> None:
    """As `write_own`, for what is no text: on the disk before it takes the name, whenever the machine stops."""
    _write_own(path, content, synced=True)


def _write_own(path: Path, content: bytes, *, synced: bool) -> None:
    try:
        with _file_beside(path) as beside:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWN), "wb") as file:
                file.write(content)
                if synced:
                    file.flush()
                    os.fsync(file.fileno())
            beside.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def make_own(folder: Path) -> None:
    """Make a state folder, with those above it, for this user only. Raises OSError when it is a link or no folder.

    `Path.mkdir` gives its mode to the last folder only, and to those above it what the umask leaves.
    """
    if folder.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(folder))
    if folder.is_dir():
        return
    for missing in reversed([each for each in folder.parents if not each.exists()]):
        missing.mkdir(mode=_OWN_FOLDER, exist_ok=True)
    folder.mkdir(mode=_OWN_FOLDER, exist_ok=True)


def _replace(path: Path, parts: Iterable[str]) -> None:
    with _file_beside(path) as beside:
        try:
            file = beside.open("xb")
        except OSError as error:
            _check_in_place(error)
            _write_in_place(path, parts)
            return
        with file:
            file.writelines(_encoded(parts))
        if path.exists():
            beside.chmod(S_IMODE(path.stat().st_mode))
        try:
            beside.replace(path)
        except OSError as error:
            from shutil import copyfile  # slow to import, and few folders are so

            _check_in_place(error)
            copyfile(beside, path)


def _write_in_place(path: Path, parts: Iterable[str]) -> None:
    with path.open("wb") as file:
        file.writelines(_encoded(parts))


def _encoded(parts: Iterable[str]) -> Iterator[bytes]:
    return (part.encode("utf-8", ESCAPE) for part in parts)


def _check_in_place(error: OSError) -> None:
    """Raise the error, unless it says that the file has to be written in place."""
    if error.errno not in _ONLY_IN_PLACE:
        raise error


@contextmanager
def _file_beside(path: Path) -> Iterator[Path]:
    """The name of a new file in the same folder, which is gone at the end, whatever happens."""
    beside = path.with_name(f".{path.name[:100]}.{os.urandom(8).hex()}")
    try:
        yield beside
    finally:
        with suppress(OSError):  # it has taken the other's name
            beside.unlink()


def _unusable(message: str, hint: str) -> InvalidInputError:
    return InvalidInputError(message, code="bad_file", hint=hint)
