"""A server of canned responses, as clients of all kinds see it: real connections, and what is wrong on purpose."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from threading import Event, Thread
from typing import Any

import pytest

from awsit.http.server import canned
from awsit.http.server.canned import LOOPBACK, CannedServer
from awsit.http.server.request_body import MAX_BYTES
from awsit.model.http import CannedResponse, ReceivedCall


class Echo:
    """Remembers what came, and answers with the body of the request."""

    def __init__(self) -> None:
        self.calls: list[ReceivedCall] = []
        self.called = Event()
        self.response: dict[str, Any] = {}
        self.server = CannedServer(0, self)
        self.port = int(self.server.url.rpartition(":")[2])

    def __call__(self, call: ReceivedCall) -> CannedResponse:
        self.calls.append(call)
        self.called.set()
        return CannedResponse(**{"status": 200, "body": call.body, **self.response})

    def raw(self, head: str, body: bytes = b"") -> bytes:
        """All that the server sends to these bytes."""
        with socket.create_connection((LOOPBACK, self.port), timeout=30) as connection:
            connection.sendall(head.replace("\n", "\r\n").encode() + body)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.fixture
def echo() -> Iterator[Echo]:
    made = Echo()
    yield made
    made.server.close()


def test_requests_of_one_connection_are_answered(echo: Echo) -> None:
    client = HTTPConnection(LOOPBACK, echo.port, timeout=30)
    answers = []
    for body in (b"one", iter([b"t", b"wo" * 40_000])):  # a body of unknown length is sent in chunks
        client.request("POST", "/a%20b?c=d", body, {"X-A": "1"})
        response = client.getresponse()
        answers.append((response.status, response.read()))
    client.close()

    assert answers == [(200, b"one"), (200, b"t" + b"wo" * 40_000)]
    assert [(call.method, call.target, call.headers["x-a"]) for call in echo.calls] == [("POST", "/a%20b?c=d", "1")] * 2


@pytest.mark.parametrize(
    ("head", "body", "status"),
    [
        ("POST / HTTP/1.1\nHost: localhost\nContent-Length: -1\n\n", b"", 400),
        ("POST / HTTP/1.1\nHost: localhost\nContent-Length: 1_0\n\n", b"x" * 10, 400),
        ("POST / HTTP/1.1\nHost: localhost\nContent-Length: 10\n\n", b"short", 400),
        (f"POST / HTTP/1.1\nHost: localhost\nContent-Length: {MAX_BYTES + 1}\n\n", b"", 413),
        (f"POST / HTTP/1.1\nHost: localhost\nContent-Length: {'9' * 5000}\n\n", b"", 413),
        ("POST / HTTP/1.1\nHost: localhost\nContent-Length: 3\nTransfer-Encoding: chunked\n\n", b"0\r\n\r\n", 400),
        ("POST / HTTP/1.1\nHost: localhost\nTransfer-Encoding: gzip\n\n", b"", 501),
        ("POST / HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n", b"zz\r\n", 400),
        ("POST / HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n", b"5\r\nab", 400),
        (
            "POST / HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n",
            f"{MAX_BYTES + 1:x}\r\n".encode() + b"x" * (MAX_BYTES + 1) + b"\r\n0\r\n\r\n",
            413,
        ),
        ("BREW / HTTP/1.1\nHost: localhost\n\n", b"", 501),
        ("GET / HTTP/1.1\nHost: evil.example\n\n", b"", 421),
        ("GET / HTTP/1.1\nHost: docker.internal\n\n", b"", 421),
        ("GET / HTTP/1.1\nHost: [\n\n", b"", 421),
    ],
)
def test_what_cannot_be_answered_is_refused_and_not_passed_on(echo: Echo, head: str, body: bytes, status: int) -> None:
    assert echo.raw(head, body).split(b" ")[1] == str(status).encode()
    assert echo.calls == []


def test_a_response_without_content_is_framed_so(echo: Echo) -> None:
    echo.response = {"status": 204, "body": b""}
    assert b"Content-Length" not in echo.raw("GET / HTTP/1.1\nHost: localhost\n\n")
    echo.response = {"body": b"12345", "headers": {"X-B": "2"}}
    answered = echo.raw("HEAD / HTTP/1.1\nHost: localhost\n\n")
    assert b"Content-Length: 5\r\n" in answered
    assert b"X-B: 2\r\n" in answered
    assert answered.endswith(b"\r\n\r\n")


def ask(client: HTTPConnection) -> bytes:
    client.request("GET", "/")
    return client.getresponse().read()


def test_an_open_connection_ends_with_the_server_also_in_a_delay() -> None:
    made = Echo()
    client = HTTPConnection(LOOPBACK, made.port, timeout=30)
    ask(client)
    made.response = {"delay_seconds": 60}
    made.called.clear()
    waiting = Thread(target=lambda: made.raw("GET / HTTP/1.1\nHost: localhost\n\n"))
    waiting.start()
    assert made.called.wait(30)

    made.server.close()
    waiting.join(30)

    assert not waiting.is_alive()
    with pytest.raises(OSError, match=r"."):
        ask(client)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((LOOPBACK, made.port))


def test_too_many_connections_are_closed_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canned, "MOST_CONNECTIONS", 3)
    echo = Echo()
    kept = [socket.create_connection((LOOPBACK, echo.port), timeout=30) for _ in range(3)]
    with socket.create_connection((LOOPBACK, echo.port), timeout=30) as another:
        assert another.recv(1) == b""
    kept[0].sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert kept[0].recv(12) == b"HTTP/1.1 200"
    for each in kept:
        each.close()
    echo.server.close()


@pytest.fixture
def no_thread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that starts no further thread."""
    with monkeypatch.context() as patched:
        patched.setattr(Thread, "start", no_more_threads)
        yield


def test_a_server_that_gets_no_thread_frees_its_port(no_thread: None) -> None:
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port = free.getsockname()[1]
    with pytest.raises(RuntimeError, match="can't start new thread"):
        CannedServer(port, lambda _: CannedResponse(200))
    with socket.socket() as again:
        again.bind((LOOPBACK, port))


def test_a_connection_that_gets_no_thread_takes_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canned, "MOST_CONNECTIONS", 1)
    echo = Echo()
    with monkeypatch.context() as patched:
        patched.setattr(canned.ThreadingHTTPServer, "process_request", no_more_threads)
        with socket.create_connection((LOOPBACK, echo.port), timeout=30) as refused:
            assert refused.recv(1) == b""
    assert echo.raw("GET / HTTP/1.1\nHost: localhost\nConnection: close\n\n").startswith(b"HTTP/1.1 200")
    echo.server.close()


def no_more_threads(*_: Any) -> None:
    raise RuntimeError("can't start new thread")
