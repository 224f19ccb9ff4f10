"""The WebSockets that the runs of this process hold open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from awsit.errors import ActionError, Effect, ErrorKind
from awsit.model.connections.websockets import Handshake, SocketEnd, SocketLog
from awsit.model.http import HttpResponse
from awsit.suggestions import suggestion
from awsit.system.by_run import ByRun

if TYPE_CHECKING:
    from awsit.http.websockets.connection import WebSocket


class LocalWebSockets:
    """As `WebSockets`; each ends with its run, and with the process at the latest."""

    def __init__(self) -> None:
        """Begin with none."""
        self._open: ByRun[WebSocket] = ByRun(lambda websocket: websocket.close())

    def open(self, run_id: str, name: str, handshake: Handshake) -> HttpResponse:
        """As `WebSockets`. What was open under this name is closed."""
        from awsit.http.websockets.connection import open_websocket  # brings a library, which few runs need

        self._open.close(run_id, name)
        response, websocket = open_websocket(handshake)
        if websocket is not None:
            self._open.put(run_id, name, websocket)
        return response

    def send(self, run_id: str, name: str, messages: Sequence[str | bytes]) -> SocketEnd | None:
        """As `WebSockets`."""
        websocket = self._find(run_id, name)
        return next(filter(None, map(websocket.send, messages)), None)

    def heard(self, run_id: str, name: str, known: int, seconds: float) -> SocketLog:
        """As `WebSockets`."""
        return self._find(run_id, name).heard(known, seconds)

    def end(self, run_id: str) -> None:
        """Close all that a run has open."""
        self._open.end(run_id)

    def _find(self, run_id: str, name: str) -> WebSocket:
        found = self._open.find(run_id, name)
        if found is None:
            names = self._open.names(run_id)
            raise ActionError(
                f"there is no open WebSocket {name!r}{suggestion(name, names)}",
                kind=ErrorKind.VALIDATION,
                hint="it ends with the process of its run: open it by a `listen` action of this name",
            ).with_effect(Effect.NONE)
        return found
