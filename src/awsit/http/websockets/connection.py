"""One WebSocket: its handshake, what comes over it, and how it ends."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from threading import Condition, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from awsit.errors import ActionError, Effect, ErrorKind
from awsit.http.addressing.aws_hosts import REFUSED, refusal
from awsit.http.errors import as_action_error
from awsit.http.handshake import HandshakeError
from awsit.http.tls import tls_context
from awsit.http.validation import shown_url
from awsit.http.websockets.urls import socket_url
from awsit.model.connections.transport import Wire
from awsit.model.connections.websockets import Handshake, SocketEnd, SocketLog
from awsit.model.http import HttpRequest, HttpResponse
from awsit.model.json import Json
from awsit.records import replace

if TYPE_CHECKING:
    from websockets.http11 import Response
    from websockets.sync.client import ClientConnection

MOST_MESSAGES = 10_000
MOST_BYTES = 8 * 1024 * 1024
"""The messages that are kept, and the bytes of them; later ones are counted."""
LONGEST_MESSAGE = 1024 * 1024
"""Bytes. Of an API Gateway 128 KB ("Amazon API Gateway quotas", WebSocket API)."""
CLOSE_SECONDS = 2
"""So long the server has to answer that the connection is closed."""
ABNORMAL = 1006
"""No close frame came (RFC 6455, section 7.1.5)."""
_SILENT = logging.Logger("websockets", logging.CRITICAL + 1)  # noqa: LOG001 - one that nobody configures


class WebSocket:
    """An open one. A thread of its own takes every message as it comes, and keeps it."""

    def __init__(self, connection: ClientConnection, opened: ExitStack, read: Callable[[str | bytes], Json]) -> None:
        self._connection, self._opened, self._read = connection, opened, read
        self._messages: list[Json] = []
        self._number = self._bytes = 0
        self._end: SocketEnd | None = None
        self._changed = Condition()
        self._thread = Thread(target=self._listen, name="websocket", daemon=True)
        self._thread.start()

    def send(self, message: str | bytes) -> SocketEnd | None:
        """Send a message; how it ended, if it is not open any more."""
        try:
            self._connection.send(message)
        except ConnectionClosed as error:
            return _end(error)
        return None

    def heard(self, known: int, seconds: float) -> SocketLog:
        """The messages after the first `known`, after a wait for one, or for the end."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._messages) > known or self._end, seconds)
            new = {str(number): each for number, each in enumerate(self._messages[known:], known + 1)}
            return SocketLog(new, self._number, self._end)

    def close(self) -> None:
        """Close it, and the connection, whatever the server says."""
        self._opened.close()
        self._thread.join(CLOSE_SECONDS)

    def _listen(self) -> None:
        end = SocketEnd(ABNORMAL, "")
        try:
            while True:
                self._keep(self._connection.recv())
        except ConnectionClosed as error:
            end = _end(error)
        finally:
            with self._changed:
                self._end = end
                self._changed.notify_all()

    def _keep(self, message: str | bytes) -> None:
        document = self._read(message)
        with self._changed:
            self._number += 1
            self._bytes += len(message)
            if len(self._messages) < MOST_MESSAGES and self._bytes <= MOST_BYTES:
                self._messages.append(document)
            self._changed.notify_all()


def _end(error: ConnectionClosed) -> SocketEnd:
    """The close frame that came first, the server's or this side's, which ends what breaks the protocol."""
    first, second = (error.rcvd, error.sent) if error.rcvd_then_sent else (error.sent, error.rcvd)
    frame = first or second
    if frame is None:
        return SocketEnd(ABNORMAL, str(error.__cause__ or "the connection ended without a close frame"))
    return SocketEnd(frame.code, frame.reason)


def open_websocket(handshake: Handshake) -> tuple[HttpResponse, WebSocket | None]:
    """The response to the handshake, and the WebSocket if it opened one. Redirects are not followed.

    Raises ActionError of kind timeout, connection or validation.
    """
    started, request = monotonic(), handshake.request
    wire = handshake.connect(request)
    with ExitStack() as opened, _explained(_shown(request)):
        opened.callback(wire.connection.close)
        try:
            connection = opened.enter_context(_connecting(handshake, wire, started))
        except (WebSocketException, ValueError) as error:
            answered = _refused(error)
            if answered is None:
                raise
            return _response(request, answered, monotonic() - started), None
        response = connection.response
        assert response is not None  # the handshake is over
        answer = _response(request, response, monotonic() - started)
        return answer, WebSocket(connection, opened.pop_all(), handshake.read)


@contextmanager
def _explained(request: HttpRequest) -> Iterator[None]:
    """Raise ActionError for what went wrong with the handshake in the block."""
    try:
        yield
    except ssl.SSLError as error:  # some are ValueErrors, too
        raise as_action_error(HandshakeError(error), request) from error
    except (WebSocketException, ValueError) as error:
        raise ActionError(
            f"{request.method} {shown_url(request.url)}: the answer does not open a WebSocket: {error}",
            kind=ErrorKind.VALIDATION,
            hint="check that the URL is that of a WebSocket API",
        ).with_effect(Effect.UNKNOWN) from error
    except (OSError, EOFError) as error:
        raise as_action_error(error, request) from error


def _refused(error: Exception) -> Response | None:
    """The response that opens no WebSocket, if that is what the error is about, or about where it redirects to."""
    errors = (error, error.__cause__, error.__context__)
    return next((each.response for each in errors if isinstance(each, InvalidStatus)), None)


def _connecting(handshake: Handshake, wire: Wire, started: float) -> Any:
    """What opens the WebSocket over a connection, within the time of the request. Raises ActionError."""
    request, tls = handshake.request, dict[str, Any]()
    if wire.tls_name:
        tls = {"ssl": tls_context(request.verify), "server_hostname": wire.tls_name}
    return connect(
        urlsplit(request.url)._replace(scheme="wss" if wire.tls_name else "ws").geturl(),
        sock=wire.connection,
        **tls,
        additional_headers=request.headers,
        user_agent_header=None,
        subprotocols=[Subprotocol(each) for each in handshake.protocols] or None,
        open_timeout=max(0.01, request.timeout_seconds - (monotonic() - started)),
        close_timeout=CLOSE_SECONDS,
        max_size=LONGEST_MESSAGE,
        logger=_SILENT,
    )


def _response(request: HttpRequest, response: Response, seconds: float) -> HttpResponse:
    """The response, with its headers as those of other requests. Raises ActionError for what a sandbox refuses."""
    headers: dict[str, str] = {}
    for name, value in response.headers.raw_items():
        headers[name.lower()] = f"{headers[name.lower()]}, {value}" if name.lower() in headers else value
    if REFUSED in headers and response.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
        raise refusal(_shown(request), headers[REFUSED])
    return HttpResponse(
        response.status_code, headers, bytes(response.body or b""), request.url, seconds, request.method
    )


def _shown(request: HttpRequest) -> HttpRequest:
    """The request under the URL that the scenario gives it."""
    return replace(request, url=socket_url(request.url))
