"""Where responses end: what comes on a connection is never taken for the answer to somebody else's request."""

import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from tests.measured import measured

from awsit.errors import ActionError, ErrorKind
from awsit.http import framing
from awsit.http.errors import InterruptedResponse
from awsit.http.transport import Urllib3Transport
from awsit.model.http import HttpRequest, HttpResponse
from awsit.records import replace

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"


@contextmanager
def serving(answer: Callable[[socket.socket, bytes], None]) -> Iterator[str]:
    """A server that hands each request's target to `answer`, with the connection to write to."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve(client: socket.socket) -> None:
            with client, client.makefile("rb") as stream:
                try:
                    while line := stream.readline():
                        while stream.readline() not in {b"\r\n", b""}:
                            pass
                        answer(client, line.split()[1])
                except OSError:
                    return

        def accept() -> None:
            while True:
                try:
                    client, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(client,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            listening.shutdown(socket.SHUT_RDWR)  # or its thread waits in `accept` for ever


def one_after_the_other(answer: Callable[[socket.socket, bytes], None], count: int = 3) -> list[bytes]:
    with serving(answer) as url, closing(Urllib3Transport()) as transport:
        return [transport.send(HttpRequest("GET", f"{url}/{number}")).body for number in range(count)]


def get(answer: Callable[[socket.socket, bytes], None], **options: float) -> HttpResponse:
    with serving(answer) as url, closing(Urllib3Transport()) as transport:
        return transport.send(HttpRequest("GET", url, **options))


@pytest.mark.parametrize("interim", ["100 Continue", "102 Processing", "103 Early Hints", "199 Whatever"])
@pytest.mark.parametrize("count", [1, 3, 99])
def test_interim_responses_are_passed_over(interim: str, count: int) -> None:
    def answer(client: socket.socket, target: bytes) -> None:
        client.sendall(f"HTTP/1.1 {interim}\r\nLink: </s.css>\r\n\r\n".encode() * count)
        client.sendall(OK + b"of" + target + b" ")

    assert one_after_the_other(answer) == [b"of/0 ", b"of/1 ", b"of/2 "]


def test_a_final_response_that_comes_long_after_the_interim_one() -> None:
    def answer(client: socket.socket, target: bytes) -> None:
        client.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        time.sleep(0.1)  # what is tested: nothing else could tell that more will come
        client.sendall(OK + b"of" + target + b" ")

    assert one_after_the_other(answer) == [b"of/0 ", b"of/1 ", b"of/2 "]


def test_interim_responses_without_an_end_are_refused() -> None:
    def answer(client: socket.socket, _: bytes) -> None:
        client.sendall(b"HTTP/1.1 102 Processing\r\n\r\n" * 1000)

    with pytest.raises(ActionError, match="more than 100 interim responses") as raised:
        get(answer)
    assert raised.value.kind is ErrorKind.VALIDATION


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("head", "endless"),
    [(CHUNKED, b"1\r\na\r\n"), (CHUNKED + b"0\r\n", b"X-A: b\r\n"), (b"", b"HTTP/1.1 100 Continue\r\n\r\n")],
    ids=["chunks", "trailers", "continues"],
)
def test_lines_around_the_content_without_an_end_are_refused(
    head: bytes, endless: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(client: socket.socket, _: bytes) -> None:
        client.sendall(head + endless * 2000)

    monkeypatch.setattr(framing, "MOST_LINES", 1000)
    with pytest.raises(ActionError, match="more than 1000 lines of heads, chunk sizes and trailers") as raised:
        get(answer)
    assert raised.value.kind is ErrorKind.VALIDATION


@pytest.mark.parametrize(
    "head", [OK, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n", b"HTTP/1.1 204 N\r\n\r\n"]
)
def test_what_was_not_asked_for_is_nobodys_answer(head: bytes) -> None:
    end = b"\r\n0\r\n\r\n" if b"chunked" in head else b""

    def answer(client: socket.socket, target: bytes) -> None:
        client.sendall(head + (b"" if b"204" in head else b"of" + target + b" ") + end + OK + b"other")

    expected = [b"", b""] if b"204" in head else [b"of/0 ", b"of/1 "]
    assert one_after_the_other(answer, count=2) == expected


def test_connections_are_used_again_where_nothing_is_left() -> None:
    ports = set()

    def answer(client: socket.socket, _: bytes) -> None:
        ports.add(client.getpeername()[1])
        client.sendall(OK + b"hello")

    one_after_the_other(answer, count=5)
    assert len(ports) == 1


@pytest.mark.parametrize("length", [1, 20, len(OK), len(OK) + 2])
def test_a_response_may_come_in_pieces(length: int) -> None:
    ports = set()

    def answer(client: socket.socket, target: bytes) -> None:
        ports.add(client.getpeername()[1])
        response = OK + b"of" + target + b" "
        client.sendall(response[:length])
        time.sleep(0.02)  # what is tested: the rest comes later
        client.sendall(response[length:])

    assert one_after_the_other(answer) == [b"of/0 ", b"of/1 ", b"of/2 "]
    assert len(ports) == 1


@pytest.mark.parametrize("length", [20, len(OK), len(OK) + 2])
def test_the_time_until_the_first_piece_counts(length: int) -> None:
    def answer(client: socket.socket, _: bytes) -> None:
        time.sleep(0.2)
        client.sendall((OK + b"hello")[:length])
        client.recv(1)  # until the client has had enough

    with measured() as took, pytest.raises(ActionError) as raised:
        get(answer, timeout_seconds=0.3)
    assert raised.value.kind is ErrorKind.TIMEOUT
    assert took.own_seconds < 0.45


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (b"Content-Length: 3\r\nContent-Length: 5", "Content-Length is 3 and 5"),
        (b"Content-Length: -1", "Content-Length is -1"),
        (b"Content-Length: 0x5", "Content-Length is 0x5"),
        (b"Transfer-Encoding: gzip, chunked", "the transfer coding gzip, chunked is not supported"),
        (b"no header", "one of them is no header field"),
    ],
)
def test_heads_that_do_not_tell_where_the_body_ends(head: bytes, reason: str) -> None:
    with pytest.raises(ActionError, match=reason) as raised:
        get(lambda client, _: client.sendall(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\nhello"))
    assert raised.value.kind is ErrorKind.VALIDATION


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "head",
    [
        b"200 OK\r\nContent-Length: 5",
        b"200\r\nContent-Length: 5",
        b"299  a  reason \r\nX-Spaces: \t of all \t kinds \t\r\nCONTENT-LENGTH:5",
        b"201 Created\r\nSet-Cookie: a=1\r\nContent-Length: 5\r\nSet-Cookie: b=2; Path=/\r\nEmpty:\r\nX:: y",
        b"200 OK\r\nContent-Length: 5\r\nContent-Length: 5",
        b"503 Busy\r\nContent-Length: 5\r\nConnection: Keep-Alive",
        b"404 Not Found\r\nContent-Length: 05\r\nConnection: Close",
        b"204 No Content\r\nServer: s",
        b"304 Not Modified\r\nContent-Length: 5\r\nETag: e",
        b"200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close",
        b"200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 5\r\nConnection: close",
        b"200 OK\r\nX-Folded: a\r\n b\r\nContent-Length: 5",
        b"200 OK\r\nX-Latin: \xe9\r\nContent-Length: 5",
    ],
)
def test_a_plain_head_is_read_as_http_client_reads_it(
    monkeypatch: pytest.MonkeyPatch, method: str, head: bytes
) -> None:
    def answer(client: socket.socket, target: bytes) -> None:
        is_bodiless = method == "HEAD" or head[:3] in {b"204", b"304"}
        client.sendall(b"HTTP/1.1 " + head + b"\r\n\r\n" + (b"" if is_bodiless else b"bod" + target[-2:]))
        if b"close" in head.lower():
            client.shutdown(socket.SHUT_RDWR)

    def two_in_a_row() -> list[HttpResponse]:
        with serving(answer) as url, closing(Urllib3Transport()) as transport:
            responses = [transport.send(HttpRequest(method, f"{url}/{number}")) for number in range(2)]
        return [replace(each, url="", elapsed_seconds=0) for each in responses]

    read = two_in_a_row()
    monkeypatch.setattr(framing, "_PLAIN_HEAD", re.compile(b"(?!)"))
    assert two_in_a_row() == read


@pytest.mark.parametrize("media", ["multipart/mixed; boundary=x", "multipart/mixed", "message/rfc822"])
def test_a_body_of_several_parts_is_a_body(media: str) -> None:
    body = b"--x\r\n\r\nhi\r\n--x--\r\n"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    assert get(lambda client, _: client.sendall(head + body)).body == body


def test_what_a_stream_brought_before_the_time_out_is_kept() -> None:
    def answer(client: socket.socket, _: bytes) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\ndata: 2\n\n")
        client.recv(1)  # until the client has had enough

    with pytest.raises(InterruptedResponse) as raised:
        get(answer, timeout_seconds=0.2)
    assert raised.value.kind is ErrorKind.TIMEOUT
    assert raised.value.partial.body == b"data: 1\n\ndata: 2\n\n"
    assert raised.value.partial.headers["content-type"] == "text/event-stream"


def test_a_coding_that_cannot_be_read_here_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "brotli", None)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Encoding: gzip, br\r\n\r\n"
    with pytest.raises(ActionError, match="compressed with br, which is not read here") as raised:
        get(lambda client, _: client.sendall(head + b"abc"))
    assert "awsit[compression]" in raised.value.hint


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding"])
def test_framing_is_not_the_scenarios_to_give(name: str) -> None:
    with closing(Urllib3Transport()) as transport, pytest.raises(ActionError, match="it tells where the request ends"):
        transport.send(HttpRequest("POST", "http://127.0.0.1:1/", {name: "3"}, b"abcdef"))


@pytest.mark.parametrize("end", range(1, len(OK)))
def test_a_head_that_is_cut_off_anywhere_is_a_connection_that_was_closed(end: int) -> None:
    def answer(client: socket.socket, _: bytes) -> None:
        client.sendall(OK[:end])
        client.shutdown(socket.SHUT_WR)

    with pytest.raises(ActionError, match="closed before the whole response had arrived") as raised:
        get(answer)
    assert raised.value.kind is ErrorKind.CONNECTION
