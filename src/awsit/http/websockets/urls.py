"""The two URLs of a WebSocket: its own, and that of the request which opens it (RFC 6455, sections 3 and 4.1)."""

from __future__ import annotations


def socket_url(url: str) -> str:
    """The URL of the WebSocket whose handshake goes to this one: `wss` for `https`, `ws` for `http`."""
    return f"ws{url[4:]}"


def handshake_url(url: str) -> str:
    """The URL of the handshake of a WebSocket: `https` for `wss`, `http` for `ws`."""
    return f"http{url[2:]}"
