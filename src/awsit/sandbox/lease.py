"""A lock that a server holds for as long as it lives.

The starter takes the lock and hands its file descriptor to the server, so the kernel itself says whether the server
lives: a process ID can be reused by a stranger, a lock cannot. It also keeps two starts apart.
"""

from __future__ import annotations

import os
from pathlib import Path

from awsit.errors import SandboxError


def acquire(path: Path) -> int | None:
    """Take the lock; return its file descriptor, or None when somebody holds it. The file stays: removing it races.

    Raises SandboxError on Windows, which has no such lock.
    """
    try:
        import fcntl
    except ImportError:
        raise SandboxError(
            "the sandbox runs on Linux and macOS only", hint="Use the Windows Subsystem for Linux, or a real account."
        ) from None
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock."""
    if not path.exists():
        return False
    descriptor = acquire(path)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False
