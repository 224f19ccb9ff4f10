"""A server that answers with the bytes that it is told to, and keeps every request as it came."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

LONGEST_IDLE = 0.05
NEXT = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext"


@dataclass
class Request:
    """One request: its first line's words, its headers as they were written, its body; `connection` counts from 0."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    connection: int

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass
class ScriptedServer:
    """Answers each request with `answer(request)`: bytes. A connection on which nothing comes for a while is closed."""

    answer: Callable[[Request], bytes]
    idle: float = LONGEST_IDLE
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            number, self.connections = self.connections, self.connections + 1
            threading.Thread(target=self._serve, args=(client, number), daemon=True).start()

    def _serve(self, client: socket.socket, number: int) -> None:
        with client:
            client.settimeout(5)
            stream = client.makefile("rb")
            try:
                while request := _read(stream, number):
                    self.requests.append(request)
                    client.sendall(self.answer(request))
                    client.settimeout(self.idle)
            except OSError:
                return


def _read(stream, number: int) -> Request | None:
    line = stream.readline().decode("latin-1")
    if not line:
        return None
    method, target, _ = line.split(" ", 2)
    headers = []
    while (line := stream.readline()) not in {b"\r\n", b"\n", b""}:
        name, _, value = line.decode("latin-1").partition(":")
        headers.append((name, value.strip()))
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    return Request(method, target, headers, stream.read(length), number)


@contextmanager
def scripted(answer: Callable[[Request], bytes], idle: float = LONGEST_IDLE) -> Iterator[ScriptedServer]:
    server = ScriptedServer(answer, idle)
    try:
        yield server
    finally:
        server.socket.shutdown(socket.SHUT_RDWR)  # or its thread waits in `accept` for ever
        server.socket.close()
