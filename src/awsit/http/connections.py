"""Connections of the transport, as urllib3's pools make them."""

from __future__ import annotations

import socket
import ssl

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from awsit.http.addressing.lookup import connect_in_time
from awsit.http.framing import FramedResponse
from awsit.http.handshake import handshake
from awsit.http.tls import tls_context


class _Localhost(HTTPConnection):
    """Names below `localhost` are this machine, whatever its resolver says (RFC 6761, section 6.3).

    The look-up of any other name takes from the time to connect.
    """

    def _new_conn(self) -> socket.socket:
        name = self._dns_host
        if not name.rstrip(".").lower().endswith(".localhost"):
            return connect_in_time(self, super()._new_conn)
        self._dns_host = "127.0.0.1"
        try:
            return super()._new_conn()
        finally:
            self._dns_host = name  # the Host header keeps it


class _Connection(_Localhost):
    response_class = FramedResponse


class _TlsConnection(HTTPSConnection, _Localhost):
    response_class = FramedResponse

    def connect(self) -> None:
        """Connect with the TLS settings that all connections of this kind share."""
        if self.ssl_context is None:
            checked = self.cert_reqs not in {ssl.CERT_NONE, "CERT_NONE"}
            self.ssl_context = tls_context((self.ca_certs or True) if checked else False)
            self.ca_certs = None
        with handshake():
            super().connect()


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


POOL_CLASSES = {"http": _Pool, "https": _TlsPool}
"""Connection pools by scheme, whose responses keep to the deadline and end where they say."""
