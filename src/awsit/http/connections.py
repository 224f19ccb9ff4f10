"""Connections of the transport, as urllib3's pools make them."""

from __future__ import annotations

import socket
import ssl
from functools import partial

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from awsit.http.addressing.destinations import Destinations
from awsit.http.addressing.lookup import connect_in_time
from awsit.http.framing import FramedResponse
from awsit.http.handshake import handshake
from awsit.http.tls import tls_context


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
    response_class = FramedResponse


class _TlsConnection(HTTPSConnection, _Checked):
    response_class = FramedResponse

    def connect(self) -> None:
        """Connect with the TLS settings that all connections of this kind share."""
        if self.ssl_context is None:
            checked = self.cert_reqs not in {ssl.CERT_NONE, "CERT_NONE"}
            self.ssl_context = tls_context((self.ca_certs or True) if checked else False)
            self.ca_certs = None
        with handshake():
            super().connect()


def pool_classes(destinations: Destinations) -> dict[str, type[HTTPConnectionPool]]:
    """Connection pools by scheme, whose connections go to these destinations.

    Their responses keep to the deadline and end where they say.
    """

    class Connection(_Connection):
        pass

    class TlsConnection(_TlsConnection):
        pass

    class Pool(HTTPConnectionPool):
        ConnectionCls = Connection

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = TlsConnection

    Connection.destinations = TlsConnection.destinations = destinations
    return {"http": Pool, "https": TlsPool}
