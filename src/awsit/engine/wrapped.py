"""An engine that has another one carry out its runs."""

from __future__ import annotations

from collections.abc import Callable

from awsit.model.events import Event, StepAttempted, StepFinished, StepStarted
from awsit.model.result import RunResult
from awsit.model.run import Engine, RunRequest, StartedRun


class WrappedEngine:
    """Does all as another engine does; who inherits from it changes the events of `follow`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name = engine.name
        self.outlives_process = engine.outlives_process
        self.notice = engine.notice

    def start(self, request: RunRequest) -> StartedRun:
        """Take the run on."""
        return self._engine.start(request)

    def follow(self, run: StartedRun, emit: Callable[[Event], None]) -> None:
        """Follow the run to its end."""
        self._engine.follow(run, emit)

    def stop(self, reference: str) -> str:
        """As the engine does it."""
        return self._engine.stop(reference)

    def interrupt(self) -> bool:
        """Let the runs of this process begin nothing more."""
        return self._engine.interrupt()

    def release(self, run_id: str) -> None:
        """As the engine does it."""
        self._engine.release(run_id)

    def clean_up(self, run_id: str) -> RunResult:
        """As the engine does it."""
        return self._engine.clean_up(run_id)

    def masker(self, request: RunRequest) -> Callable[[str], str]:
        """What masks the secrets of the run."""
        return self._engine.masker(request)


class WithoutSteps(WrappedEngine):
    """Leaves out what happens in the steps of runs, where nobody is shown it: their results have it all."""

    def follow(self, run: StartedRun, emit: Callable[[Event], None]) -> None:
        """Follow the run to its end."""

        def emit_of_run(event: Event) -> None:
            if not isinstance(event, StepStarted | StepAttempted | StepFinished):
                emit(event)

        self._engine.follow(run, emit_of_run)
