"""Connections over which a WebSocket is to be opened."""

from __future__ import annotations

from urllib3.connection import HTTPConnection
from urllib3.exceptions import ProxySchemeUnknown
from urllib3.util import parse_url

from awsit.http.urls import origin
from awsit.model.connections.transport import Wire
from awsit.model.http import HttpRequest

_HTTP_PORT = 80


def wire_to(request: HttpRequest, proxy: str, connections: type[HTTPConnection]) -> Wire:
    """Connect to where the request would be sent, by way of the proxy, if there is one.

    A proxy is asked for a tunnel whatever the scheme is (RFC 6455, section 4.1, step 3). Raises what urllib3 raises.
    """
    scheme, host, port = origin(request.url)
    seconds = min(request.connect_timeout_seconds, request.timeout_seconds)
    if proxy:
        through = parse_url(proxy)
        if through.scheme != "http":
            raise ProxySchemeUnknown(through.scheme)
        connection = connections(through.host or "", through.port or _HTTP_PORT, timeout=seconds, proxy=through)
        connection.set_tunnel(host, port)
    else:
        connection = connections(host, port, timeout=seconds)
    connection.connect()
    wire = Wire(connection.sock, host if scheme == "https" else "")
    connection.sock = None  # which closes with the connection otherwise
    return wire
