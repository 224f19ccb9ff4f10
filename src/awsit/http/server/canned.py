"""A server on loopback that answers each request with a canned response."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import BoundedSemaphore, Event, Lock, Thread
from typing import Any
from urllib.parse import urlsplit

from awsit.http.server.request_body import BodyTooLarge, UnknownTransferCoding, read_body
from awsit.model.http import CannedResponse, ReceivedCall

LOOPBACK = "127.0.0.1"
MOST_CONNECTIONS = 200
"""Further ones are closed at once."""
IDLE_SECONDS = 60
_OWN_NAMES = frozenset({LOOPBACK, "localhost", "host.docker.internal", "host.containers.internal"})
"""Names of this machine, those too by which containers call it. No page has one of them: ICANN keeps `.internal` for
private use (Board resolution of 29 July 2024)."""
_POLL_SECONDS = 0.05
_NO_CONTENT = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
_REFUSED: dict[type[Exception], HTTPStatus] = {
    BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    UnknownTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}

Respond = Callable[[ReceivedCall], CannedResponse]


class CannedServer:
    """It answers from now on, in threads of its own, until it is closed or the process ends."""

    def __init__(self, port: int, respond: Respond, refused: Callable[[], None] = lambda: None) -> None:
        """Listen at the port, or at any free one for 0. Raises OSError, or RuntimeError where no thread is left.

        `refused` is called for each request that is answered without `respond`.
        """
        self._server = _Server((LOOPBACK, port), respond, refused)
        self._thread = Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), name="awsit-mock", daemon=True)
        try:
            self._thread.start()
        except RuntimeError:
            self._server.server_close()  # nobody closes a server that was not made, and its port stayed taken
            raise

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://{LOOPBACK}:{self._server.server_address[1]}"

    def close(self) -> None:
        """Answer no more: open connections are closed, too."""
        self._server.shutdown()
        self._server.cut_off()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], respond: Respond, refused: Callable[[], None]) -> None:
        self.respond = respond
        self.refused = refused
        self.closing = Event()
        self._free = BoundedSemaphore(MOST_CONNECTIONS)
        self._lock = Lock()
        self._connections: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Bind, and look up no name of this machine, which may take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer a connection in a thread, if not too many are open."""
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            return
        with self._lock:
            self._connections.add(request)
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # there is no thread for it: the base class closes the connection
            self._ended(request)
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer the requests of a connection, until one side closes it."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._ended(request)

    def _ended(self, request: Any) -> None:
        with self._lock:
            self._connections.discard(request)
        self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error; nothing is printed."""

    def cut_off(self) -> None:
        """End the connections that are open."""
        self.closing.set()
        with self._lock:
            for connection in self._connections:
                with suppress(OSError):  # it is closed by now
                    connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "awsit-mock"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Nothing is printed."""

    def _answer(self) -> None:
        if not _is_loopback(self.headers.get("Host", "")):
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
            return
        try:
            body = read_body(self.headers, self.rfile)
        except (HTTPException, ValueError) as error:
            self._refuse(_REFUSED.get(type(error), HTTPStatus.BAD_REQUEST))
            return
        response = self.server.respond(ReceivedCall(self.command, self.path, self._headers(), body))
        if not self.server.closing.wait(response.delay_seconds):
            self._send(response)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer  # noqa: N815 - of the base class

    def _headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            lowered = name.lower()
            headers[lowered] = f"{headers[lowered]}, {value}" if lowered in headers else value
        return headers

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer, and read no more from the connection."""
        self.close_connection = True
        self.server.refused()
        self.send_error(status)

    def _send(self, response: CannedResponse) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status not in _NO_CONTENT:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD" and response.status not in _NO_CONTENT:
            self.wfile.write(response.body)


def _is_loopback(host: str) -> bool:
    """Whether a request was sent to this machine by name: a web page whose name leads here says its own name."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name in _OWN_NAMES or name.endswith(".localhost")
