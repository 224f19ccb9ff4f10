"""WebSockets against a server that does what servers do: it refuses, is slow, breaks the protocol, and goes away."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Event, Thread
from typing import Any

import pytest
from tests.authorities.pki import serving_tls
from websockets.sync.server import ServerConnection, serve

from awsit.errors import ActionError, Effect, ErrorKind
from awsit.http.transport import Urllib3Transport
from awsit.http.websockets import connection as websockets
from awsit.http.websockets.local import LocalWebSockets
from awsit.model.connections.websockets import Handshake, SocketEnd
from awsit.model.http import HttpRequest, HttpResponse

CUT_OFF = b"\x81\x7e\x01\x00abc"
"""The beginning of a frame of 256 bytes (RFC 6455, section 5.2)."""


@dataclass
class Server:
    """What it does stands in the path; `closed` is set when a client has gone."""

    url: str
    closed: Event = field(default_factory=Event)

    def handle(self, connection: ServerConnection) -> None:
        try:
            getattr(self, connection.request.path.partition("?")[0].strip("/"))(connection)
            for message in connection:
                connection.send(message)
        finally:
            self.closed.set()

    def echo(self, connection: ServerConnection) -> None:
        pass

    def many(self, connection: ServerConnection) -> None:
        for number in range(3000):
            connection.send(json.dumps({"number": number}))

    def bye(self, connection: ServerConnection) -> None:
        connection.send("last")
        connection.close(4401, "token is over")

    def cut(self, connection: ServerConnection) -> None:
        connection.socket.sendall(CUT_OFF)
        connection.socket.shutdown(socket.SHUT_RDWR)

    def no_text(self, connection: ServerConnection) -> None:
        connection.socket.sendall(b"\x81\x02\xff\xfe")

    def large(self, connection: ServerConnection) -> None:
        connection.send("x" * (websockets.LONGEST_MESSAGE + 1))

    def ping(self, connection: ServerConnection) -> None:
        assert connection.ping().wait(5)
        connection.send("answered")


def answer(connection: ServerConnection, request: Any) -> Any:
    name = request.path.strip("/")
    if name == "moved":
        response = connection.respond(HTTPStatus.FOUND, "")
        response.headers["Location"] = "https://elsewhere.test/"
        return response
    return connection.respond(HTTPStatus(int(name)), "no\n") if name.isdigit() else None


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    made = Server("")
    with serve(made.handle, "127.0.0.1", 0, process_request=answer) as running:
        made.url = f"http://127.0.0.1:{running.socket.getsockname()[1]}"
        Thread(target=running.serve_forever, daemon=True).start()
        yield made
        running.shutdown()


@pytest.fixture
def local() -> Iterator[LocalWebSockets]:
    made = LocalWebSockets()
    yield made
    made.end("run-1")


def opened(local: LocalWebSockets, url: str, **request: Any) -> HttpResponse:
    transport = Urllib3Transport()
    asked = HttpRequest("GET", url, timeout_seconds=5, **request)
    return local.open("run-1", "Tap", Handshake(asked, transport.connect, (), lambda message: message))


def test_messages_are_heard_and_sent(server: Server, local: LocalWebSockets) -> None:
    response = opened(local, f"{server.url}/echo?a=1")
    sent = local.send("run-1", "Tap", ["text", b"\x00\xff"])
    first = local.heard("run-1", "Tap", 0, 5).messages
    both = first if len(first) > 1 else {**first, **local.heard("run-1", "Tap", 1, 5).messages}

    assert (response.status, sent) == (101, None)
    assert both == {"1": "text", "2": b"\x00\xff"}


def test_none_of_many_is_lost(server: Server, local: LocalWebSockets) -> None:
    opened(local, f"{server.url}/many")
    heard: list[Any] = []
    while len(heard) < 3000:
        new = local.heard("run-1", "Tap", len(heard), 5).messages
        assert new, len(heard)
        heard += new.values()

    assert [json.loads(each)["number"] for each in heard] == list(range(3000))


def test_what_is_too_much_is_counted(server: Server, local: LocalWebSockets, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websockets, "MOST_MESSAGES", 2)
    opened(local, f"{server.url}/echo")
    local.send("run-1", "Tap", ["a", "b", "c"])
    local.heard("run-1", "Tap", 2, 0.3)
    log = local.heard("run-1", "Tap", 0, 5)

    assert (list(log.messages.values()), log.number) == (["a", "b"], 3)


@pytest.mark.parametrize(
    ("path", "messages", "end"),
    [
        ("bye", ["last"], SocketEnd(4401, "token is over")),
        ("cut", [], SocketEnd(1006, "stream ends after 3 bytes, expected 256 bytes")),
        ("no_text", [], SocketEnd(1007, "invalid start byte at position 0")),
        ("large", [], SocketEnd(1009, f"frame exceeds limit of {websockets.LONGEST_MESSAGE} bytes")),
    ],
)
def test_how_it_ended_is_known_after_what_came(
    server: Server, local: LocalWebSockets, path: str, messages: list[str], end: SocketEnd
) -> None:
    opened(local, f"{server.url}/{path}")
    log = local.heard("run-1", "Tap", len(messages), 5)

    assert (list(local.heard("run-1", "Tap", 0, 0).messages.values()), log.end) == (messages, end)
    assert local.send("run-1", "Tap", ["more"]) == end


def test_pings_are_answered(server: Server, local: LocalWebSockets) -> None:
    opened(local, f"{server.url}/ping")

    assert list(local.heard("run-1", "Tap", 0, 5).messages.values()) == ["answered"]


@pytest.mark.parametrize(("path", "status"), [("401", 401), ("503", 503), ("200", 200), ("moved", 302)])
def test_another_answer_opens_nothing(server: Server, local: LocalWebSockets, path: str, status: int) -> None:
    response = opened(local, f"{server.url}/{path}")

    with pytest.raises(ActionError, match="there is no open WebSocket 'Tap'"):
        local.heard("run-1", "Tap", 0, 0)
    assert response.status == status
    assert response.body == (b"" if path == "moved" else b"no\n")


def test_it_ends_with_its_run(server: Server, local: LocalWebSockets) -> None:
    opened(local, f"{server.url}/echo")
    server.closed.clear()
    local.end("run-2")
    assert not server.closed.wait(0.05)
    local.end("run-1")

    assert server.closed.wait(5)


def test_a_handshake_that_is_never_answered_ends_in_time(local: LocalWebSockets) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        asked = HttpRequest("GET", url, timeout_seconds=0.2)
        with pytest.raises(ActionError) as caught:
            local.open("run-1", "Tap", Handshake(asked, Urllib3Transport().connect, (), lambda message: message))

    assert (caught.value.kind, caught.value.effect) == (ErrorKind.TIMEOUT, Effect.UNKNOWN)


def test_what_is_no_http_opens_nothing(local: LocalWebSockets) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:

        def babble() -> None:
            client, _ = other.accept()
            client.recv(4096)
            client.sendall(b"SSH-2.0-OpenSSH\r\n\r\n")
            client.close()

        Thread(target=babble, daemon=True).start()
        with pytest.raises(ActionError, match="does not open a WebSocket"):
            opened(local, f"http://127.0.0.1:{other.getsockname()[1]}/")


def test_no_certificate_is_trusted_that_nobody_vouches_for(local: LocalWebSockets) -> None:
    with serving_tls() as url, pytest.raises(ActionError, match=r"wss://.*the TLS certificate is not accepted"):
        opened(local, url)


def test_a_connection_is_closed_over_which_nothing_can_be_said(local: LocalWebSockets) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        with pytest.raises(ActionError, match="there is no CA file missing"):
            opened(local, f"https://127.0.0.1:{other.getsockname()[1]}/", verify="missing.pem")
        client, _ = other.accept()
        client.settimeout(5)

        assert client.recv(1) == b""
        client.close()


def test_a_proxy_is_asked_for_a_tunnel(server: Server, local: LocalWebSockets) -> None:
    heads: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def pass_on() -> None:
            client, _ = proxy.accept()
            heads.append(client.recv(4096))
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            client.close()

        Thread(target=pass_on, daemon=True).start()
        transport = Urllib3Transport(http_proxy=f"http://127.0.0.1:{proxy.getsockname()[1]}")
        asked = HttpRequest("GET", "http://shop.test/live", timeout_seconds=5)
        with pytest.raises(ActionError, match="Tunnel connection failed: 407"):
            local.open("run-1", "Tap", Handshake(asked, transport.connect, (), lambda message: message))

    assert heads[0].startswith(b"CONNECT shop.test:80 ")


def test_a_host_of_credentials_is_refused(local: LocalWebSockets) -> None:
    with pytest.raises(ActionError, match=r"ws://169\.254\.169\.254/: no request may go there"):
        opened(local, "http://169.254.169.254/")
