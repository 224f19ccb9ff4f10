"""WebSockets that stay open from one step to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn, Protocol

from msgspec import Struct

from awsit.errors import ActionError, Effect, ErrorKind
from awsit.model.connections.transport import Wire
from awsit.model.http import HttpRequest, HttpResponse
from awsit.model.json import Json


class SocketEnd(Struct, frozen=True):
    """How a WebSocket ended: the code and reason of its close frame (RFC 6455, section 7.4), 1006 where none came."""

    code: int
    reason: str


class SocketLog(Struct, frozen=True):
    """What a WebSocket has heard, by IDs in its order; of what was looked for, what is new.

    `number` counts all messages, those that were too many to keep included. `end` is None while it is open.
    """

    messages: Mapping[str, Json]
    number: int
    end: SocketEnd | None = None


class Handshake(Struct, frozen=True):
    """How a WebSocket is opened: by this request, over what `connect` connects to.

    With `protocols`, the server may choose one of these subprotocols. `read` makes a value of each message.
    """

    request: HttpRequest
    connect: Callable[[HttpRequest], Wire]
    protocols: tuple[str, ...]
    read: Callable[[str | bytes], Json]


class WebSockets(Protocol):
    """Open WebSockets, each the one of a step of a run."""

    def open(self, run_id: str, name: str, handshake: Handshake) -> HttpResponse:
        """Open one, by a response of status 101; any other response opened none. Raises ActionError."""

    def send(self, run_id: str, name: str, messages: Sequence[str | bytes]) -> SocketEnd | None:
        """Send messages; how it ended, where they could not be sent. Raises as `heard`."""

    def heard(self, run_id: str, name: str, known: int, seconds: float) -> SocketLog:
        """The messages after the first `known`; where there are none, it waits so long for one, or for the end.

        Raises ActionError, of kind validation when there is no such WebSocket.
        """


WITHOUT_WEBSOCKETS = (
    "a WebSocket cannot be listened to in the account: its connection would end with the call of the function"
)
LISTEN_HERE = (
    "run the scenario with `--engine local`; or listen to what the service puts on a bus, in a topic or in a table"
)


def _refuse(*_: object) -> NoReturn:
    raise ActionError(WITHOUT_WEBSOCKETS, kind=ErrorKind.VALIDATION, hint=LISTEN_HERE).with_effect(Effect.NONE)


class NoWebSockets:
    """What stands for WebSockets where none can stay open from one step to the next: all raises ActionError."""

    open = send = heard = staticmethod(_refuse)
