"""One deadline for a whole HTTP exchange.

urllib3's read timeout bounds each read, so a server that sends a byte now and then is never timed out. Here the time
that urllib3 gives to "the read" bounds the whole response, head and body, and hops of a redirect share what there is.
"""

from __future__ import annotations

import io
import socket
import ssl
from collections.abc import Callable
from http.client import HTTPResponse
from time import monotonic
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection

from awsit.http.tls import tls_context


class Deadline(Timeout):
    """A timeout whose copies, one for each hop of a redirect, share the time that is left."""

    def __init__(self, seconds: float, connect_seconds: float, now: Callable[[], float] = monotonic) -> None:
        super().__init__(connect=min(connect_seconds, seconds), total=seconds)
        self._connect_seconds = connect_seconds
        self._now = now
        self._ends = now() + seconds

    def clone(self) -> Timeout:
        """What one hop may use; never nothing, because urllib3 refuses a timeout of zero."""
        left = max(self._ends - self._now(), 0.001)
        return Timeout(connect=min(self._connect_seconds, left), total=left)


class _BoundedReader(io.RawIOBase):
    """Reads from a socket until the time that its timeout held at the start is over."""

    def __init__(self, raw: Any, sock: socket.socket) -> None:
        self._raw = raw
        self._sock = sock
        seconds = sock.gettimeout()
        self._ends = None if seconds is None else monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._ends is not None:
            left = self._ends - monotonic()
            if left <= 0:
                raise TimeoutError("the response took too long")
            self._sock.settimeout(left)
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _BoundedResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_BoundedReader(self.fp.detach(), sock))


class _Localhost(HTTPConnection):
    """Names below `localhost` are this machine, whatever its resolver says (RFC 6761, section 6.3)."""

    def _new_conn(self) -> socket.socket:
        name = self._dns_host
        if not name.rstrip(".").lower().endswith(".localhost"):
            return super()._new_conn()
        self._dns_host = "127.0.0.1"
        try:
            return super()._new_conn()
        finally:
            self._dns_host = name  # the Host header keeps it


class _BoundedConnection(_Localhost):
    response_class = _BoundedResponse


class _BoundedTlsConnection(HTTPSConnection, _Localhost):
    response_class = _BoundedResponse

    def connect(self) -> None:
        """Connect with the TLS settings that all connections of this kind share."""
        if self.ssl_context is None:
            checked = self.cert_reqs not in {ssl.CERT_NONE, "CERT_NONE"}
            self.ssl_context = tls_context((self.ca_certs or True) if checked else False)
            self.ca_certs = None
        super().connect()


class _Pool(HTTPConnectionPool):
    ConnectionCls = _BoundedConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _BoundedTlsConnection


POOL_CLASSES = {"http": _Pool, "https": _TlsPool}
"""Connection pools by scheme, whose responses keep to the deadline."""
