"""An HTTP server that keeps each request as the bytes that came."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Self

_SECONDS = 10.0
_REDIRECT = re.compile(rb"/moved(?:-(\d{3}))?")
_FOUND = (
    b"HTTP/1.1 %s Moved\r\nLocation: /found\r\nSet-Cookie: seen=yes\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True)
class Recorded:
    """A request: its request line, its header lines, its body."""

    method: bytes
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def header(self, name: bytes) -> bytes:
        """The values of a header, in lower case, joined (RFC 9110, section 5.2)."""
        joint = b"; " if name == b"cookie" else b", "
        return joint.join(value for each, value in self.headers if each.lower() == name)


class Recorder:
    """Answers 200, and `/moved-STATUS` with a redirect that sets a cookie. `requests` holds what came."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.requests: list[Recorded] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def take(self) -> list[Recorded]:
        """The requests that came since the last call."""
        taken, self.requests = self.requests, []
        return taken

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                self._answer(self._socket.accept()[0])

    def _answer(self, connection: socket.socket) -> None:
        connection.settimeout(_SECONDS)
        with connection, connection.makefile("rb") as stream, suppress(OSError, ValueError):
            request = _read(stream, connection)
            self.requests.append(request)
            moved = _REDIRECT.match(request.target)
            connection.sendall(_FOUND % (moved[1] or b"302") if moved else _OK)


def _read(stream: BinaryIO, connection: socket.socket) -> Recorded:
    method, target, _ = stream.readline().split(b" ")
    headers = []
    while line := stream.readline().rstrip(b"\r\n"):
        name, _, value = line.partition(b":")
        headers.append((name, value.strip()))
    head = Recorded(method, target, tuple(headers), b"")
    if head.header(b"expect"):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    return Recorded(method, target, head.headers, stream.read(int(head.header(b"content-length") or 0)))
