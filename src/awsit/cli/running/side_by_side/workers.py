"""Local runs in processes of their own: threads of one Python share one core.

Each worker is a process that this module started with itself as its program (`main`); it has an engine and connections
of its own and carries out one run at a time. A socket between the two carries requests there, and events back.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from threading import Event as Signal
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Self, get_args

from awsit.cli.running.signals import SIGNALS
from awsit.config import Settings
from awsit.errors import EnvironmentFailure
from awsit.model import codec
from awsit.model.events import Event, RunFinished
from awsit.model.ports import Clock
from awsit.model.result import RunResult
from awsit.model.run import Engine, RunRequest, StartedRun

if TYPE_CHECKING:
    from awsit.cli.selection.selected import SelectedScenario
    from awsit.cli.selection.waiting.shelf import ShelvedRun

RUNS_A_WORKER = 100
"""From so many runs on, short ones as they may be, a worker saves more time than its start takes."""
WORKERS_A_CORE = 2
"""More would only share the cores, and the memory: so many runs side by side mostly wait, and threads do that too."""
_MOST_WORKERS = 0 if sys.platform == "win32" else WORKERS_A_CORE * (os.cpu_count() or 1)

_RUN, _RELEASE, _STOP = "run", "release", "stop"
TELL_SECONDS = 0.1
"""How long events wait for others that are sent with them: to send each by itself takes longer than a short step."""

_EVENTS: Mapping[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}


def are_worth_it(runs: Sequence[ShelvedRun], jobs: int) -> bool:
    """Whether runs gain from workers, and share nothing that only one process holds, as a cached result or a limit."""
    are_enough = len(runs) >= RUNS_A_WORKER * jobs and jobs <= _MOST_WORKERS
    return are_enough and not any(run.may_have("limits") or run.may_have("cache_seconds") for run in runs)


class WorkerEngine:
    """The engine `local`, whose runs are carried out by workers: as many as there are runs side by side.

    At the end of a block of it the workers end, one that still has a run too: its journal stays, as after a kill.
    Without `steps`, only the end of each run is handed over, where nobody is shown more.
    """

    name = "local"
    outlives_process = False
    notice = ""

    def __init__(self, settings: Settings, *, steps: bool = True) -> None:
        self._settings = settings
        self._steps = steps
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._workers: list[_Worker] = []
        self._by_run: dict[str, _Worker] = {}
        self._interrupted: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()

    def start_ahead(self, scenarios: Iterable[SelectedScenario], jobs: int) -> Iterator[SelectedScenario]:
        """The scenarios as they come; the workers for so many runs at once start when there are enough of them."""
        for number, scenario in enumerate(scenarios, start=1):
            if number == RUNS_A_WORKER * jobs and jobs <= _MOST_WORKERS:
                with suppress(EnvironmentFailure):  # a run that finds no worker says so
                    for _ in range(jobs):
                        self._idle.put(self._new_worker())
            yield scenario

    def start(self, request: RunRequest) -> StartedRun:
        """Give the run to a worker that has none, or to a new one."""
        try:
            worker = self._idle.get_nowait()
        except Empty:
            worker = self._new_worker()
        self._by_run[request.run_id] = worker
        worker.send(_RUN, request)
        return StartedRun(request.run_id, "", request)

    def _new_worker(self) -> _Worker:
        try:
            worker = _Worker(self._settings, steps=self._steps)
        except OSError as error:
            raise EnvironmentFailure(
                f"no process for a run can be started: {error.strerror}",
                code="worker",
                hint="let fewer runs go on at once: `--jobs 1`",
            ) from error
        self._workers.append(worker)
        return worker

    def follow(self, run: StartedRun, emit: Callable[[Event], None]) -> None:
        """Hand over what the worker tells of the run, to its end. Raises what ended it there."""
        worker = self._by_run[run.run_id]
        while isinstance(message := worker.receive(run.run_id), list):
            for kind, text in message:
                emit(codec.parse(_EVENTS[kind], text))
        self._idle.put(worker)
        if message is not None:
            raise message

    def stop(self, reference: str) -> str:
        """Let a run begin nothing more: it cleans up and reports."""
        worker = self._by_run.get(reference)
        if worker:
            worker.send(_STOP, reference)
        return reference

    def interrupt(self) -> bool:
        """Let the runs that go on begin nothing more; a signal handler may call it. False when all were interrupted."""
        runs = {run_id: worker for run_id, worker in tuple(self._by_run.items()) if run_id not in self._interrupted}
        self._interrupted.update(runs)
        for worker in runs.values():
            worker.interrupt()
        return bool(runs)

    def release(self, run_id: str) -> None:
        """Let others see to what the run left."""
        worker = self._by_run.pop(run_id, None)
        if worker:
            worker.send(_RELEASE, run_id)

    def clean_up(self, run_id: str) -> RunResult:
        """Raise EnvironmentFailure: a suite with a setup runs in this process."""
        raise EnvironmentFailure(f"{run_id} cannot be cleaned up by a worker")

    def masker(self, request: RunRequest) -> Callable[[str], str]:
        """Raise EnvironmentFailure: only the worker knows the secrets of the run."""
        raise EnvironmentFailure(f"the secrets of {request.run_id} are not known to this process")


class _Worker:
    """A worker, as the process sees it that started it.

    It is in no terminal's group, so that Ctrl-C reaches it by `interrupt` only. What ends all processes of a job, as a
    CI server does, interrupts it too.
    """

    def __init__(self, settings: Settings, *, steps: bool) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs, _interrupts_blocked():
            self._process = subprocess.Popen(  # noqa: S603 - this very program
                [sys.executable, "-P", "-m", __name__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
            self._connection = Connection(ours.detach())
        self._sending = Lock()
        self.send(settings, steps)

    def send(self, *message: object) -> None:
        """Send a message. That nobody is there to take it, `receive` tells."""
        with self._sending, suppress(OSError):
            self._connection.send(message)

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


def main(descriptor: int) -> None:
    """Be a worker: carry out the runs that come by the socket. The process ends with the one that started it."""
    from awsit.cli.wiring.wiring import Wiring

    connection = Connection(descriptor)
    settings, steps = connection.recv()
    wiring = Wiring()
    service = _Service(wiring.engine(settings), wiring.clock(), connection, steps=steps)
    Thread(target=service.wait_for_interrupts, daemon=True).start()
    Thread(target=service.send_events, daemon=True).start()
    with suppress(EOFError, OSError):
        while True:
            service.obey(*connection.recv())
    os._exit(1)  # nobody is there to read of the run that may go on: as after a kill, its journal tells of it


class _Service:
    """What a worker does. Once it was interrupted, it interrupts the run too whose request arrives later."""

    def __init__(self, engine: Engine, clock: Clock, connection: Connection, *, steps: bool) -> None:
        self._engine = engine
        self._clock = clock
        self._connection = connection
        self._steps = steps
        self._is_interrupted = Signal()
        self._thread = ThreadPoolExecutor(1)
        self._events: list[tuple[str, str]] = []
        self._sending = Lock()

    def obey(self, action: str, value: Any) -> None:
        """Do what a message says."""
        if action == _RUN:
            run = self._engine.start(value)
            if self._is_interrupted.is_set():
                self._engine.interrupt()
            self._thread.submit(self._engine.follow, run, self._tell).add_done_callback(self._end)
        elif action == _STOP:
            self._engine.stop(value)
        else:
            self._engine.release(value)

    def wait_for_interrupts(self) -> None:
        """Interrupt the run at each of the signals, which all threads of the process have blocked."""
        while True:
            signal.sigwait(SIGNALS)
            self._is_interrupted.set()
            self._engine.interrupt()

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
