"""What sends requests."""

from __future__ import annotations

from typing import Any, Protocol

from msgspec import Struct

from awsit.model.http import HttpRequest, HttpResponse


class Wire(Struct, frozen=True):
    """An open connection to a server, a socket, over which nothing was sent yet.

    `tls_name` is the name for which TLS is to be set up; empty where the server is to be spoken to without.
    """

    connection: Any
    tls_name: str = ""


class HttpTransport(Protocol):
    """Sends requests over pooled connections."""

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send; raise ActionError of kind timeout, connection or validation. A status of any class is a response."""

    def connect(self, request: HttpRequest) -> Wire:
        """A connection of its own to where the request would go, over which nothing is sent. Raises as `send`."""
