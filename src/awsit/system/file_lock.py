"""Locks on files, held by living processes.

A process ID can be reused by a stranger, a lock cannot: the kernel drops it when the last process that has the open
file ends, however it ends (flock(2)). A child that inherits the file descriptor holds the lock too.
"""

from __future__ import annotations

import os
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no flock
    IS_SUPPORTED = False
else:
    IS_SUPPORTED = True

NOT_THROUGH_A_LINK = os.O_NOFOLLOW if os.name == "posix" else 0


def lock(descriptor: int, *, shared: bool = False, wait: bool = False) -> bool:
    """Lock an open file; False when another open file of it is locked. With `wait`, block until it no longer is.

    Several can hold a shared lock at once, as long as nobody holds an exclusive one. Where locks are not supported,
    everybody gets theirs.
    """
    if not IS_SUPPORTED:
        return True
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(descriptor, kind if wait else kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def acquire(path: Path) -> int | None:
    """Lock a file, which is made if need be; the descriptor to close later, or None when somebody holds the lock.

    The file stays when the lock goes: to remove it would let two processes lock two files of the same name.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | NOT_THROUGH_A_LINK, 0o600)
    if lock(descriptor):
        return descriptor
    os.close(descriptor)
    return None


def create(path: Path, flags: int) -> int:
    """Make and lock a file of that name; the descriptor. Whoever removes one that nobody holds may do so meanwhile."""
    while True:
        descriptor = os.open(path, flags | os.O_CREAT | NOT_THROUGH_A_LINK, 0o600)
        lock(descriptor, wait=True)  # somebody may be looking whether it is held
        if _has_name(descriptor, path):
            return descriptor
        os.close(descriptor)


def remove_empty(path: Path) -> None:
    """Remove a file in which there is nothing, unless somebody holds it. Raises FileNotFoundError."""
    if path.stat().st_size:
        return
    if not IS_SUPPORTED:  # Windows, which removes no open file
        path.unlink()
        return
    descriptor = os.open(path, os.O_RDWR)
    try:
        if lock(descriptor) and not os.fstat(descriptor).st_size and _has_name(descriptor, path):
            path.unlink()
    finally:
        os.close(descriptor)


def _has_name(descriptor: int, path: Path) -> bool:
    """Whether an open file is the one of that name."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat(follow_symlinks=False))
    except FileNotFoundError:
        return False


def is_held(path: Path) -> bool:
    """Whether a living process has locked the file exclusively; False when there is no such file.

    Looking takes a shared lock for a moment, so that two who look do not see each other.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return not lock(descriptor, shared=True)
    finally:
        os.close(descriptor)
