"""A WebSocket to test against: it answers what is sent, and says what the handshake was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from threading import Thread

from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve


def refuse(connection: ServerConnection, request: Request) -> Response | None:
    """Let nobody in who shows no token."""
    known = request.headers.get("Authorization") == "Bearer open-sesame-0123456789"
    return None if known else connection.respond(HTTPStatus.UNAUTHORIZED, "no token\n")


def answer(connection: ServerConnection) -> None:
    """Say hello, then what comes; `bye` closes."""
    connection.send(json.dumps({"hello": connection.request.path, "protocol": connection.subprotocol}))
    for message in connection:
        if message == "bye":
            connection.close(4000, "it was said")
        connection.send(message)


@contextmanager
def serving_socket() -> Iterator[str]:
    """The URL of the server while it runs."""
    with serve(answer, "127.0.0.1", 0, process_request=refuse, subprotocols=["v2"]) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()
