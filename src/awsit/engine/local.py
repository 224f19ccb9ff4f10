"""The engine that walks plans in this process."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress

from awsit.actions.mock.local import LocalMocks
from awsit.engine.run.recover import Recovery
from awsit.engine.services import Services
from awsit.engine.step.masker import masker
from awsit.engine.walk import Walk
from awsit.errors import NotFoundError
from awsit.http.websockets.local import LocalWebSockets
from awsit.model.events import Event
from awsit.model.result import ErrorInfo, RunResult
from awsit.model.run import RunRequest, StartedRun
from awsit.records import replace

STOPPED = ErrorInfo("stopped", "Stopped by `awsit stop`.")


class LocalEngine:
    """Runs scenarios with this process's own credentials and connections, each in the thread that follows it."""

    name = "local"
    outlives_process = False
    notice = ""

    def __init__(self, services: Services) -> None:
        """Walk plans with these services, mocks and WebSockets, of many scenarios, also side by side."""
        self._mocks, self._websockets = LocalMocks(), LocalWebSockets()
        self._services = replace(services, mocks=self._mocks, websockets=self._websockets)
        self._walks: dict[str, Walk] = {}

    def start(self, request: RunRequest) -> StartedRun:
        """Take the run on; it begins when it is followed, unless it is interrupted before."""
        self._walks[request.run_id] = Walk(self._services, request)
        return StartedRun(request.run_id, "", request)

    def follow(self, run: StartedRun, emit: Callable[[Event], None]) -> None:
        """Walk the plan in the calling thread. One that is interrupted stops, cleans up and goes on to the report."""
        try:
            self._walks[run.run_id].walk(emit)
        finally:
            del self._walks[run.run_id]
            if not run.request.hold:
                self._close_all(run.run_id)

    def stop(self, reference: str) -> str:
        """Let a run begin nothing more: it cleans up and reports. One that is not under way is left alone."""
        walk = self._walks.get(reference)
        if walk:
            walk.interrupt(STOPPED)
        return reference

    def interrupt(self) -> bool:
        """Let the runs that go on begin nothing more: they clean up and report. False when all were interrupted."""
        walks = [walk for walk in tuple(self._walks.values()) if not walk.is_interrupted]
        for walk in walks:
            walk.interrupt()
        return bool(walks)

    def release(self, run_id: str) -> None:
        """Forget the run, and let others see to what it left; one that is held for its clean-up stays."""
        with suppress(NotFoundError):
            if self._services.store.run(run_id).is_held:
                return
        self._services.store.release(run_id)

    def clean_up(self, run_id: str) -> RunResult:
        """Undo what the setup of a suite made, in the calling thread."""
        try:
            result = Recovery(self._services, run_id, "awsit run", math.inf, math.inf).finish()
        finally:
            self._close_all(run_id)
        assert result is not None  # it has all the time that it needs
        return result

    def masker(self, request: RunRequest) -> Callable[[str], str]:
        """What masks the secrets of a run that goes on, or that is over."""
        return masker(self._services.store, self._services.secrets, request, self._services.tokens.texts)

    def _close_all(self, run_id: str) -> None:
        """End the servers and connections of a run."""
        self._mocks.end(run_id)
        self._websockets.end(run_id)
