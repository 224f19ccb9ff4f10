"""A background process of ours: started in its own session, ended with everything it started."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path


def spawn(command: Sequence[str], environment: Mapping[str, str], log: Path, keep: int) -> int:
    """Start `command` detached from the terminal, its output in `log`; it inherits the descriptor `keep`.

    Returns its process ID, which is its session's and group's too. Raises OSError.
    """
    os.set_inheritable(keep, True)
    return os.posix_spawn(
        command[0],
        tuple(command),
        environment,
        setsid=True,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
    )


def ask_to_end(pid: int) -> None:
    """Send SIGTERM to the process alone: it ends its own children."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)


def kill(pid: int) -> None:
    """Send SIGKILL to the process and all of its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def reap(pid: int) -> None:
    """Collect the process's exit status, if it was a child of this one and has ended."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log file, indented for a message; empty when there are none."""
    if not log.is_file():
        return ""
    last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    return "\n".join(f"    {line}" for line in last)
