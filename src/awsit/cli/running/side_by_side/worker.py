"""A worker, as the process sees it that started it.

It is a process whose program is `worker_process`; it has an engine and connections of its own and carries out one run
at a time. A socket between the two carries requests there, and events back.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from threading import Lock

from awsit.cli.running.signals import SIGNALS
from awsit.config import Settings
from awsit.errors import EnvironmentFailure
from awsit.scenario.reading.source import Source

RUN, RELEASE, STOP, CHECK = "run", "release", "stop", "check"
"""What a worker is told to do: with a request, a run's ID, or the names and texts of scenario files."""
_PROGRAM = "awsit.cli.running.side_by_side.worker_process"


class Worker:
    """One worker.

    It is in no terminal's group, so that Ctrl-C reaches it by `interrupt` only. What ends all processes of a job, as a
    CI server does, interrupts it too.
    """

    def __init__(self, settings: Settings, *, steps: bool) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs, _interrupts_blocked():
            self._process = subprocess.Popen(  # noqa: S603 - awsit itself
                [sys.executable, "-P", "-m", _PROGRAM, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
            self._connection = Connection(ours.detach())
        self._sending = Lock()
        self._is_free = False
        """It says when it has started, which is the answer to nothing."""
        self.send(settings, steps)

    def send(self, *message: object) -> None:
        """Send a message. That nobody is there to take it, `receive` tells."""
        with self._sending, suppress(OSError):
            self._connection.send(message)

    @property
    def is_alive(self) -> bool:
        """Whether its process has not ended."""
        return self._process.poll() is None

    def is_free(self) -> bool:
        """Whether it has started, and has answered what it was asked."""
        return self._is_free or self._connection.poll()

    def check(self, sources: Sequence[Source]) -> None:
        """Ask which of the sources are valid."""
        self._is_free = False
        self.send(CHECK, [(source.file, source.text) for source in sources])

    def checked(self) -> list[bool]:
        """The answer; nothing where nothing was asked. Raises EnvironmentFailure when the worker has died."""
        if self._is_free:
            return []
        try:
            valid: list[bool] = self._connection.recv()
        except (EOFError, OSError) as error:
            self.end()
            raise EnvironmentFailure("a worker has ended before it had anything to run", code="worker") from error
        self._is_free = True
        return valid

    def receive(self, run_id: str) -> list[tuple[str, str]] | Exception | None:
        """The next events of its run, each by the name of its class and as JSON; or its end, an error if it was one.

        Raises EnvironmentFailure when the worker has died.
        """
        try:
            message: list[tuple[str, str]] | Exception | None = self._connection.recv()
        except (EOFError, OSError) as error:
            raise EnvironmentFailure(
                f"the process of {run_id} has ended before the run did",
                code="worker",
                hint=f"it may have been killed for want of memory; awsit cleanup {run_id} removes what the run made",
            ) from error
        return message

    def interrupt(self) -> None:
        """Let its run begin nothing more. Takes no lock, for a signal handler."""
        with suppress(ProcessLookupError):
            os.kill(self._process.pid, signal.SIGINT)

    def end(self) -> None:
        """End the process and whatever it does: it holds nothing that the disk does not."""
        self._process.kill()
        self._process.wait()
        self._connection.close()


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """A block in which a process that is started has these signals blocked: none ends it before it can wait for one."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
