"""The fake transport answers as the real one does."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from awsit.errors import ActionError
from awsit.http.fake import FakeTransport
from awsit.http.transport import Urllib3Transport
from awsit.model.connections.transport import HttpTransport
from awsit.model.http import HttpRequest, HttpResponse

ANSWERS = {
    "/ok": (200, {"Content-Type": "application/json", "X-Order": "A-17"}, b'{"a": 1}'),
    "/empty": (204, {}, b""),
    "/missing": (404, {"Content-Type": "text/plain"}, b"no such order"),
    "/busy": (503, {"Retry-After": "1"}, b""),
    "/large": (200, {}, b"x" * 101),
}
ADDED_BY_SERVERS = {"server", "date", "content-length"}


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        status, headers, body = ANSWERS[self.path]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if body:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def do_HEAD(self) -> None:
        self.do_GET()


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def canned(request: HttpRequest) -> HttpResponse:
    status, headers, body = ANSWERS["/" + request.url.rsplit("/", 1)[1]]
    return HttpResponse(status, headers, body, "")


def outcome(transport: HttpTransport, request: HttpRequest) -> Any:
    try:
        response = transport.send(request)
    except ActionError as error:
        return error.kind, error.message, error.hint
    headers = {name: value for name, value in response.headers.items() if name not in ADDED_BY_SERVERS}
    return response.status, headers, response.body, response.url


REQUESTS: dict[str, Callable[[str], HttpRequest]] = {
    "json": lambda base: HttpRequest("GET", f"{base}/ok"),
    "post": lambda base: HttpRequest("POST", f"{base}/ok", {"X-A": "1"}, b"body"),
    "head": lambda base: HttpRequest("HEAD", f"{base}/ok"),
    "empty": lambda base: HttpRequest("GET", f"{base}/empty"),
    "missing": lambda base: HttpRequest("GET", f"{base}/missing"),
    "busy": lambda base: HttpRequest("GET", f"{base}/busy"),
    "too large": lambda base: HttpRequest("GET", f"{base}/large", max_response_bytes=100),
    "just fits": lambda base: HttpRequest("GET", f"{base}/large", max_response_bytes=101),
    "scheme": lambda _: HttpRequest("GET", "ftp://127.0.0.1/ok"),
    "no host": lambda _: HttpRequest("GET", "http:///ok"),
    "line break": lambda base: HttpRequest("GET", f"{base}/o\nk"),
    "header": lambda base: HttpRequest("GET", f"{base}/ok", {"X-A": "1\r\n2"}),
    "method": lambda base: HttpRequest("GET /", f"{base}/ok"),
}


@pytest.mark.parametrize("make", REQUESTS.values(), ids=REQUESTS)
def test_both_transports_come_to_the_same(base: str, make: Callable[[str], HttpRequest]) -> None:
    with closing(Urllib3Transport()) as real:
        assert outcome(FakeTransport(canned), make(base)) == outcome(real, make(base))


def test_the_fake_answers_in_order_repeats_the_last_and_raises_errors() -> None:
    fake = FakeTransport(HttpResponse(503, {}, b"", ""), ActionError("gone"), HttpResponse(200, {}, b"", ""))
    request = HttpRequest("GET", "http://service/")
    assert fake.send(request).status == 503
    with pytest.raises(ActionError, match="gone"):
        fake.send(request)
    assert [fake.send(request).status for _ in range(2)] == [200, 200]
    assert len(fake.requests) == 4
