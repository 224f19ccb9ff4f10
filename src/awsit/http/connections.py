"""Connections of the transport, as urllib3's pools make them."""

from __future__ import annotations

import errno
import socket
import ssl
from functools import partial
from http.client import HTTPConnection as HttpClientConnection
from http.client import HTTPException, RemoteDisconnected
from queue import Empty, Full
from time import monotonic
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ProtocolError, SSLError
from urllib3.response import HTTPResponse
from urllib3.util import SKIP_HEADER

from awsit.http.addressing.destinations import Destinations
from awsit.http.addressing.lookup import connect_in_time
from awsit.http.deadline import Deadline
from awsit.http.framing import FramedResponse, WholeResponse
from awsit.http.handshake import handshake
from awsit.http.tls import tls_context

_ONE_PIECE = 16 * 1024
"""As many bytes as a record of TLS has at most (RFC 8446, section 5.1)."""
_NO_TIME = 0.001
_CLOSED_EARLY = frozenset({errno.EPIPE, errno.ECONNRESET, errno.EPROTOTYPE})
"""How sending ends when the server has answered before it read all of the request: the answer can still be read."""


class _Checked(HTTPConnection):
    """Connects only to where requests may go. The look-up of the host takes from the time to connect.

    Names below `localhost` are this machine, whatever its resolver says (RFC 6761, section 6.3). A proxy is the user's
    to name, and looks hosts up by itself.
    """

    destinations = Destinations()

    def _new_conn(self) -> socket.socket:
        name = self._dns_host
        check = None if self.proxy else partial(self.destinations.check, self.host, self.port)
        if not name.rstrip(".").lower().endswith(".localhost"):
            return connect_in_time(self, name, super()._new_conn, check)
        try:
            return connect_in_time(self, "127.0.0.1", super()._new_conn, check)
        finally:
            self.host = name  # the Host header keeps it


class _Connection(_Checked):
    """Reads a response that comes in one piece at once, which most do, and any other as the end of each part tells."""

    _whole: WholeResponse | None = None
    _start = b""

    _method: str
    """Of the request that was sent: `http.client` sets it."""

    def putheader(self, header: str, *values: str) -> None:  # type: ignore[override]  # as in urllib3
        """Add a header; urllib3 alone knows which it leaves out, and looks for that more slowly."""
        if SKIP_HEADER in values:
            super().putheader(header, *values)
        else:
            HttpClientConnection.putheader(self, header, *values)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as in urllib3
        """The response, as urllib3's pools read it. Raises what reading from the socket raises."""
        response = self.response()
        assert isinstance(response, HTTPResponse)  # it comes from a proxy
        return response

    def response(self) -> WholeResponse | HTTPResponse:
        """The response. Raises what reading from the socket raises, TimeoutError when the time is over."""
        self.sock.settimeout(self.timeout)
        ends = None if self.timeout is None else monotonic() + self.timeout
        start = self.sock.recv(_ONE_PIECE)
        if not start:
            raise RemoteDisconnected("Remote end closed connection without response")
        more = self.sock.pending() if isinstance(self.sock, ssl.SSLSocket) else 0
        whole = None if more or self.proxy else WholeResponse.of(start, self._method)
        if whole is not None:
            self._whole = whole
            HttpClientConnection.getresponse(self)
            return whole
        if ends is not None:
            self.timeout = max(ends - monotonic(), _NO_TIME)
        self._start = start
        return super().getresponse()

    def response_class(self, sock: socket.socket, *args: Any, **options: Any) -> Any:  # type: ignore[override]
        """What `http.client` makes a response with: of a proxy, too, before there is a tunnel."""
        whole, start = self._whole, self._start
        self._whole, self._start = None, b""
        return FramedResponse(sock, *args, start=start, **options) if whole is None else whole


class _TlsConnection(HTTPSConnection, _Connection):
    def connect(self) -> None:
        """Connect with the TLS settings that all connections of this kind share."""
        if self.ssl_context is None:
            checked = self.cert_reqs not in {ssl.CERT_NONE, "CERT_NONE"}
            self.ssl_context = tls_context((self.ca_certs or True) if checked else False)
            self.ca_certs = None
        with handshake():
            super().connect()


class IdleConnections:
    """The connections of a pool that wait for a request, the last one first: a list is safe between threads as it is.

    It has what urllib3 calls of a queue, None standing for a connection that is not made yet.
    """

    def __init__(self, maxsize: int) -> None:
        self._waiting: list[Any] = []
        self._maxsize = maxsize

    def get(self, block: bool = False, timeout: float | None = None) -> Any:
        """The next one. Raises Empty at once, when there is none."""
        assert not block
        del timeout
        try:
            return self._waiting.pop()
        except IndexError:
            raise Empty from None

    def put(self, item: Any, block: bool = False) -> None:
        """Let one wait. Raises Full at once, when there are too many."""
        assert not block
        if len(self._waiting) >= self._maxsize:
            raise Full
        self._waiting.append(item)

    def qsize(self) -> int:
        """How many wait."""
        return len(self._waiting)


class DirectPool(HTTPConnectionPool):
    """Connections to one server, with no proxy between."""

    QueueCls = IdleConnections  # type: ignore[assignment]  # it need not be a queue

    def exchange(
        self, method: str, target: str, body: bytes | None, headers: dict[str, str], deadline: Deadline
    ) -> WholeResponse | HTTPResponse:
        """Send a request and read the head of its response: what is left of `urlopen` for one that is sent once.

        Raises what `urlopen` raises. The connection is free for the next request when the response was whole, else when
        it is released.
        """
        connection: Any = self._get_conn()
        try:
            connection.timeout = deadline.to_connect()
            if connection.is_closed:
                self._validate_conn(connection)
            _send(connection, method, target, body, headers)
            connection.timeout = deadline.left()
            response: WholeResponse | HTTPResponse = connection.response()
        except BaseException as error:
            connection.close()
            self._put_conn(None)
            if isinstance(error, ssl.SSLError):
                raise SSLError(error) from error
            if isinstance(error, OSError | HTTPException) and not isinstance(error, TimeoutError):
                raise ProtocolError("Connection aborted.", error) from error
            raise
        if isinstance(response, WholeResponse):
            self._put_conn(connection)
        else:
            response._pool, response._connection = self, connection  # noqa: SLF001 - as `urlopen` does
        return response


class _TlsPool(DirectPool, HTTPSConnectionPool):
    pass


def _send(connection: HTTPConnection, method: str, target: str, body: bytes | None, headers: dict[str, str]) -> None:
    try:
        connection.request(method, target, body, headers, preload_content=False)
    except OSError as error:
        if error.errno not in _CLOSED_EARLY:
            raise


def pool_classes(destinations: Destinations) -> dict[str, type[HTTPConnectionPool]]:
    """Connection pools by scheme, whose connections go to these destinations.

    Their responses keep to the deadline and end where they say.
    """

    class Connection(_Connection):
        pass

    class TlsConnection(_TlsConnection):
        pass

    class Pool(DirectPool):
        ConnectionCls = Connection

    class TlsPool(_TlsPool):
        ConnectionCls = TlsConnection

    Connection.destinations = TlsConnection.destinations = destinations
    return {"http": Pool, "https": TlsPool}
