"""A lock that a server holds for as long as it lives.

The starter takes the lock and hands its file descriptor to the server, so the kernel itself says whether the server
lives. It also keeps two starts apart.
"""

from __future__ import annotations

from pathlib import Path

from awsit.errors import SandboxError
from awsit.system import file_lock


def acquire(path: Path) -> int | None:
    """Take the lock; return its file descriptor, or None when somebody holds it.

    Raises SandboxError on Windows, which has no such lock, and when the file cannot be opened or is a link.
    """
    if not file_lock.IS_SUPPORTED:
        raise SandboxError(
            "the sandbox runs on Linux and macOS only", hint="Use the Windows Subsystem for Linux, or a real account."
        )
    try:
        return file_lock.acquire(path)
    except OSError as error:
        raise SandboxError(f"the sandbox cannot lock {path}: {error.strerror}", hint=f"Remove {path}") from error


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock."""
    return file_lock.is_held(path)
