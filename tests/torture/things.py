"""A service that keeps things in memory, and does with each request what the request's query asks for.

`POST /things?acts=FAULT,FAULT&name=NAME` makes one: with that name, else with a name of its own. `DELETE /things/NAME`
removes it. The faults are taken in order, one a request of the same method to the same query; the last one stays.

| fault | what it does |
|---|---|
| `ok` | act, answer 201 or 204; 404 for what is not there |
| `409-if-there` | the same, but 409 for a name that is taken |
| `422`, `503`, ... | answer so, and do nothing |
| `act-500`, ... | act, and answer so |
| `cut`, `act-cut` | end the connection before, or after, the act, without an answer |
| `late-act` | act after LATE seconds, which is longer than the caller waits |
| `act-303` | act, and lead to a page that is not there |
"""

from __future__ import annotations

import json
import math
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

LATE = 0.8


class Things:
    """What the service holds, and how it is reached."""

    def __init__(self) -> None:
        self.url = ""
        self.names: set[str] = set()
        self.looks = 0
        self.calls: Counter[str] = Counter()
        self.arrivals: dict[str, float] = {}
        self.lock = threading.Lock()

    def begin(self, request: str, faults: list[str]) -> tuple[str, int]:
        """The fault of one request, and the number of the request."""
        with self.lock:
            self.calls[request] += 1
            self.arrivals.setdefault(request, time.time())
            return faults[min(self.calls[request], len(faults)) - 1], sum(self.calls.values())

    def came_at(self, request: str) -> float:
        """When a request that begins so came first, in seconds since the epoch; infinity for one that did not."""
        with self.lock:
            return min((at for each, at in self.arrivals.items() if each.startswith(request)), default=math.inf)

    def make(self, name: str) -> bool:
        """Make a thing; False when it is there already."""
        with self.lock:
            is_new = name not in self.names
            self.names.add(name)
            return is_new

    def remove(self, name: str) -> bool:
        """Remove a thing; False when it is not there."""
        with self.lock:
            was_there = name in self.names
            self.names.discard(name)
            return was_there


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        query = parse_qs(urlsplit(self.path).query)
        fault, number = self._begin(query)
        name = query.get("name", [f"thing-{number}"])[0]
        is_new = self.server.things.make(name) if _acts(fault) else False
        if not self._fails(fault):
            self._answer(409 if fault == "409-if-there" and not is_new else 201, {"name": name})

    def do_DELETE(self) -> None:
        parts = urlsplit(self.path)
        fault, _ = self._begin(parse_qs(parts.query))
        was_there = self.server.things.remove(parts.path.rpartition("/")[2]) if _acts(fault) else False
        if not self._fails(fault):
            self._answer(204 if was_there else 404)

    def do_GET(self) -> None:
        self.server.things.looks += 1
        self._answer(404)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _begin(self, query: dict[str, list[str]]) -> tuple[str, int]:
        faults = query.get("acts", ["ok"])[0].split(",")
        fault, number = self.server.things.begin(f"{self.command} {self.path}", faults)
        if fault == "late-act":
            time.sleep(LATE)
        return fault, number

    def _fails(self, fault: str) -> bool:
        """End the request as the fault says; False for one that says nothing of its end."""
        end = fault.removeprefix("act-")
        if end == "cut":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif end.isdecimal():
            self._answer(int(end))
        else:
            return False
        return True

    def _answer(self, status: int, body: object = None) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if status == HTTPStatus.SEE_OTHER:
            self.send_header("Location", "/nowhere")
        self.end_headers()
        self.wfile.write(content)


def _acts(fault: str) -> bool:
    return fault in {"ok", "409-if-there", "late-act"} or fault.startswith("act-")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, things: Things) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.things = things

    def handle_error(self, *_: object) -> None:
        """Say nothing: a caller that has gone is what these tests are about."""


@contextmanager
def serving() -> Iterator[Things]:
    """The service, on loopback, until the end of the block."""
    things = Things()
    with _Server(things) as server:
        things.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield things
        finally:
            server.shutdown()
            thread.join()
