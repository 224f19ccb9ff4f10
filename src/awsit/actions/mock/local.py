"""The mocks of a process: servers on this machine that end with it."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from awsit.model.http import CallLog, no_mock
from awsit.model.json import Json

if TYPE_CHECKING:
    from awsit.actions.mock.playing import Playing


class LocalMocks:
    """The mocks of the runs of this process; safe between threads."""

    pause_seconds = 0.0

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = Lock()
        self._mocks: dict[tuple[str, str], Playing] = {}

    def open(self, run_id: str, name: str, routes: Json, port: int) -> str:
        """As `Mocks`."""
        from awsit.actions.mock.playing import Playing  # brings a server, which few runs need

        with self._lock:
            mock = self._mocks.get((run_id, name))
            if mock is None:
                mock = self._mocks[run_id, name] = Playing(routes, port)
            return mock.url

    def calls(self, run_id: str, name: str, known: int, seconds: float) -> CallLog:
        """As `Mocks`."""
        with self._lock:
            mock = self._mocks.get((run_id, name))
            names = [each for run, each in self._mocks if run == run_id]
        if mock is None:
            raise no_mock(name, names)
        return mock.log(known, seconds)

    def close(self, run_id: str, name: str) -> None:
        """As `Mocks`."""
        with self._lock:
            mock = self._mocks.pop((run_id, name), None)
        if mock is not None:
            mock.close()

    def end(self, run_id: str) -> None:
        """Close all that a run has left open, such as those of its clean-up, which nothing takes back."""
        with self._lock:
            names = [name for run, name in self._mocks if run == run_id]
        for name in names:
            self.close(run_id, name)
