"""The cache of built packages: of this user only, with the digest of each package beside it."""

from __future__ import annotations

import hmac
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from awsit.errors import EnvironmentFailure

_PRIVATE = 0o700


def make(folder: Path) -> None:
    """Make the folder, or close it to others. Raises EnvironmentFailure when that fails or it is somebody else's."""
    try:
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(f"cannot be made: {folder}: {error.strerror}") from error
    if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
        raise _unusable(f"is another user's: {folder}")
    folder.chmod(_PRIVATE)


def _unusable(reason: str) -> EnvironmentFailure:
    message = f"the folder of built packages {reason}"
    return EnvironmentFailure(message, code="packaging", hint="name one of your own in XDG_CACHE_HOME")


def note(package: Path, content_digest: str) -> None:
    """Write down the digest of a package that was just built."""
    _record(package).write_text(content_digest, encoding="utf-8")


def is_as_made(package: Path, content_digest: str) -> bool:
    """Whether the package has the digest that was written down when it was built."""
    with suppress(OSError, UnicodeError):
        return hmac.compare_digest(_record(package).read_bytes(), content_digest.encode())
    return False


def digest(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return sha256(file.read_bytes()).hexdigest()


def _record(package: Path) -> Path:
    return package.with_name(f"{package.name}.sha256")
