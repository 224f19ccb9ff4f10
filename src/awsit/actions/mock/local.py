"""The mocks of a process: servers on this machine that end with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsit.model.http import CallLog, no_mock
from awsit.model.json import Json
from awsit.system.by_run import ByRun

if TYPE_CHECKING:
    from awsit.actions.mock.playing import Playing


class LocalMocks:
    """The mocks of the runs of this process; safe between threads."""

    pause_seconds = 0.0

    def __init__(self) -> None:
        """Begin with none."""
        self._mocks: ByRun[Playing] = ByRun(lambda mock: mock.close())

    def open(self, run_id: str, name: str, routes: Json, port: int) -> str:
        """As `Mocks`."""
        from awsit.actions.mock.playing import Playing  # brings a server, which few runs need

        mock = self._mocks.find(run_id, name) or self._mocks.put(run_id, name, Playing(routes, port))
        return mock.url

    def calls(self, run_id: str, name: str, known: int, seconds: float) -> CallLog:
        """As `Mocks`."""
        mock = self._mocks.find(run_id, name)
        if mock is None:
            raise no_mock(name, self._mocks.names(run_id))
        return mock.log(known, seconds)

    def close(self, run_id: str, name: str) -> None:
        """As `Mocks`."""
        self._mocks.close(run_id, name)

    def end(self, run_id: str) -> None:
        """Close all that a run has left open, such as those of its clean-up, which nothing takes back."""
        self._mocks.end(run_id)
