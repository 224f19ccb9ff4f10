"""Local runs in processes of their own: threads of one Python share one core."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Self, get_args

from awsit.cli.running.side_by_side.worker import RELEASE, RUN, STOP, Worker
from awsit.config import Settings
from awsit.errors import EnvironmentFailure
from awsit.model import codec
from awsit.model.events import Event
from awsit.model.result import RunResult
from awsit.model.run import RunRequest, StartedRun

_EVENTS: Mapping[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}


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
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        self._workers: list[Worker] = []
        self._by_run: dict[str, Worker] = {}
        self._interrupted: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()

    def start_ahead(self, jobs: int) -> list[Worker]:
        """Start workers for so many runs at once before the first of them. A run that finds none says why."""
        with suppress(EnvironmentFailure):
            for _ in range(jobs):
                self._idle.put(self._new_worker())
        return [*self._workers]

    def start(self, request: RunRequest) -> StartedRun:
        """Give the run to a worker that has none, or to a new one."""
        worker = self._idle_worker() or self._new_worker()
        self._by_run[request.run_id] = worker
        worker.send(RUN, request)
        return StartedRun(request.run_id, "", request)

    def _idle_worker(self) -> Worker | None:
        """A worker without a run that has not died meanwhile."""
        with suppress(Empty):
            while not (worker := self._idle.get_nowait()).is_alive:
                pass
            return worker
        return None

    def _new_worker(self) -> Worker:
        try:
            worker = Worker(self._settings, steps=self._steps)
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
            worker.send(STOP, reference)
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
            worker.send(RELEASE, run_id)

    def clean_up(self, run_id: str) -> RunResult:
        """Raise EnvironmentFailure: a suite with a setup runs in this process."""
        raise EnvironmentFailure(f"{run_id} cannot be cleaned up by a worker")

    def masker(self, request: RunRequest) -> Callable[[str], str]:
        """Raise EnvironmentFailure: only the worker knows the secrets of the run."""
        raise EnvironmentFailure(f"the secrets of {request.run_id} are not known to this process")
