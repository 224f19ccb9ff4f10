"""A background process in a session of its own, so that it ends together with the processes that it starts."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path


def spawn(command: Sequence[str], environment: Mapping[str, str], log: Path, keep: int) -> int:
    """Start `command` detached from the terminal, with its output in `log`. It inherits the file descriptor `keep`.

    Returns its process ID, which is also the ID of its session and process group. Raises OSError.
    """
    os.set_inheritable(keep, True)
    log.unlink(missing_ok=True)  # never through a link, which a repository may have put there
    return os.posix_spawn(
        command[0],
        tuple(command),
        environment,
        setsid=True,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
    )


def terminate(pid: int) -> None:
    """Send SIGTERM to the process only: it ends its own children."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)


def kill(pid: int) -> None:
    """Send SIGKILL to the whole process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def reap(pid: int) -> None:
    """Collect the exit status of the process, if it is a child of this one and has ended."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log file, indented for a message; empty when there are none."""
    if not log.is_file():
        return ""
    last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    return "\n".join(f"    {line}" for line in last)
