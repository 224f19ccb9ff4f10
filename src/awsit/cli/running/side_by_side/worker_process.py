"""The program of a worker: it carries out the runs that come by a socket, and sends their events back."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from threading import Event as Signal
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from awsit.cli.running.side_by_side.worker import CHECK, RUN, STOP
from awsit.cli.running.signals import SIGNALS
from awsit.model import codec
from awsit.model.events import Event, RunFinished

if TYPE_CHECKING:
    from awsit.cli.wiring.wiring import Wiring
    from awsit.config import Settings

TELL_SECONDS = 0.1
"""How long events wait for others that are sent with them: to send each by itself takes longer than a short step."""


def main(descriptor: int) -> None:
    """Be a worker: carry out the runs that come by the socket. The process ends with the one that started it."""
    from awsit.cli.wiring.wiring import Wiring

    connection = Connection(descriptor)
    settings, steps = connection.recv()
    wiring = Wiring()
    service = _Service(wiring, settings, connection, steps=steps)
    Thread(target=service.wait_for_interrupts, daemon=True).start()
    Thread(target=service.send_events, daemon=True).start()
    with suppress(EOFError, OSError):
        connection.send([])  # it has started
        while True:
            service.obey(*connection.recv())
    os._exit(1)  # nobody is there to read of the run that may go on: as after a kill, its journal tells of it


class _Service:
    """What a worker does. Once it was interrupted, it interrupts the run too whose request arrives later."""

    def __init__(self, wiring: Wiring, settings: Settings, connection: Connection, *, steps: bool) -> None:
        self._engine = wiring.engine(settings)
        self._actions = wiring.actions()
        self._clock = wiring.clock()
        self._connection = connection
        self._steps = steps
        self._is_interrupted = Signal()
        self._thread = ThreadPoolExecutor(1)
        self._events: list[tuple[str, str]] = []
        self._sending = Lock()

    def obey(self, action: str, value: Any) -> None:
        """Do what a message says."""
        if action == RUN:
            run = self._engine.start(value)
            if self._is_interrupted.is_set():
                self._engine.interrupt()
            self._thread.submit(self._engine.follow, run, self._tell).add_done_callback(self._end)
        elif action == CHECK:
            self._answer([self._is_valid(*each) for each in value])
        elif action == STOP:
            self._engine.stop(value)
        else:
            self._engine.release(value)

    def wait_for_interrupts(self) -> None:
        """Interrupt the run at each of the signals, which all threads of the process have blocked."""
        while True:
            signal.sigwait(SIGNALS)
            self._is_interrupted.set()
            self._engine.interrupt()

    def _is_valid(self, file: str, text: str) -> bool:
        """Whether a scenario file is found valid. Of any other, the process that asks finds out why not."""
        from awsit.scenario.checks.validate import validate
        from awsit.scenario.reading.load import load_text

        try:
            return not validate(load_text(text, file), self._actions)
        except Exception:  # noqa: BLE001 - no file, or a bug: it comes about again where it is told
            return False

    def _answer(self, valid: list[bool]) -> None:
        with self._sending, suppress(OSError):
            self._connection.send(valid)

    def _end(self, run: Future[None]) -> None:
        error = run.exception()
        with self._sending, suppress(OSError):
            self._send_events()
            self._connection.send(error and _portable(error))

    def _tell(self, event: Event) -> None:
        if not self._steps and not isinstance(event, RunFinished):
            return
        named = type(event).__name__, codec.text(event)  # copied sooner than by pickle
        with self._sending:
            self._events.append(named)

    def send_events(self) -> None:
        """Send what has happened since, again and again."""
        while True:
            self._clock.sleep(TELL_SECONDS)
            with self._sending, suppress(OSError):
                self._send_events()

    def _send_events(self) -> None:
        if self._events:
            self._connection.send(self._events)
            self._events = []


def _portable(error: BaseException) -> Exception:
    """The error as another process can have it, with its traceback as a note; a bug is one of another class."""
    from awsit.cli.failures import awsit_error

    portable = awsit_error(error) or RuntimeError(f"{type(error).__name__}: {error}")
    portable.add_note("".join(traceback.format_exception(error)))
    return portable


if __name__ == "__main__":
    main(int(sys.argv[1]))
