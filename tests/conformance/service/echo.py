"""A service to test against: an HTTP server on loopback, whose answers depend on nothing but what it is request."""

from __future__ import annotations

import base64
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

SHOWN_HEADERS = ("authorization", "content-type", "accept", "x-test", "x-empty")
BASIC = f"Basic {base64.b64encode(b'user:open sesame').decode()}"


@dataclass(frozen=True)
class Answer:
    """What is sent back; a document becomes JSON. `hang_up`: the connection ends before any answer."""

    body: Any = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = "application/json"
    hang_up: bool = False


@dataclass(frozen=True)
class Request:
    """A request: the path in its parts, and how often this very path was request for before."""

    method: str
    parts: list[str]
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    before: int


@dataclass
class Service:
    """The running server, and how often each path was request for."""

    url: str
    calls: Counter[str] = field(default_factory=Counter)
    released: threading.Event = field(default_factory=threading.Event)
    things: set[str] = field(default_factory=set)
    made: dict[str, threading.Event] = field(default_factory=dict)

    def things_of(self, run_id: str) -> list[str]:
        """What `/late` holds of a run, once all that was asked for is made."""
        for name in [each for each in self.made if each == run_id]:
            self.made[name].wait(60)
        return [each for each in self.things if each == run_id]


def echo(request: Request, _service: Service) -> Answer:
    """What was sent."""
    content_type = request.headers.get("content-type", "")
    if content_type.startswith("multipart/form-data"):
        return Answer({"content_type": content_type.partition(";")[0], "parts": parts_of(request.body, content_type)})
    text = request.body.decode("utf-8", "replace")
    is_json = content_type.startswith("application/json")
    seen = {
        "method": request.method,
        "path": "/" + "/".join(request.parts),
        "query": request.query,
        "headers": {name: request.headers[name] for name in SHOWN_HEADERS if name in request.headers},
        "body": json.loads(text) if is_json and text else text,
    }
    return Answer(seen)


def parts_of(body: bytes, content_type: str) -> list[dict[str, str | None]]:
    """The parts of a form, as Python's own parser of MIME reads them."""
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    return [
        {
            "name": str(part.get_param("name", header="content-disposition")).replace("%22", '"'),
            "filename": part.get_filename(),
            "content_type": part["content-type"],
            "x_part": part["x-part"],
            "text": part.get_payload(decode=True).decode("utf-8", "replace"),
            "base64": base64.b64encode(part.get_payload(decode=True)).decode(),
        }
        for part in message.iter_parts()
    ]


def status(request: Request, _service: Service) -> Answer:
    """`/status/503`."""
    return Answer({"status": int(request.parts[1])}, int(request.parts[1]))


def flaky(request: Request, _service: Service) -> Answer:
    """`/flaky/KEY/2/503`: so many times this status, or `drop` for no answer at all, then 200."""
    if request.before >= int(request.parts[2]):
        return Answer({"calls": request.before + 1})
    if request.parts[3] == "drop":
        return Answer(hang_up=True)
    after = tuple(("Retry-After", each) for each in request.query.get("retry_after", []))
    return Answer({"calls": request.before + 1}, int(request.parts[3]), after)


def job(request: Request, _service: Service) -> Answer:
    """`/job/KEY/2/done`: so many times `running`, then what comes last."""
    running = request.before < int(request.parts[2])
    return Answer({"status": "running" if running else request.parts[3], "progress": min(request.before, 9)})


def count(request: Request, service: Service) -> Answer:
    """`/count/REST`: how often `/REST` was request for."""
    return Answer({"calls": service.calls["/" + "/".join(request.parts[1:])]})


def delay(request: Request, service: Service) -> Answer:
    """`/delay/0.5`: an answer after so many seconds."""
    service.released.wait(float(request.parts[1]))
    return Answer({"waited": True})


def late(request: Request, service: Service) -> Answer:
    """`/late/NAME/1.5`: POST makes a thing after so many seconds, whether the caller is there or not; DELETE."""
    name = request.parts[1]
    if request.method == "DELETE":
        is_there = name in service.things
        service.things.discard(name)
        return Answer(None, 204) if is_there else Answer({"found": False}, 404)
    made = service.made.setdefault(name, threading.Event())
    service.released.wait(float(request.parts[2]))
    service.things.add(name)
    made.set()
    return Answer({"name": name}, 201)


def redirect(request: Request, _service: Service) -> Answer:
    """`/redirect/2`: so many redirects, then `/echo`."""
    left = int(request.parts[1])
    return Answer(None, 302, (("Location", f"/redirect/{left - 1}" if left else "/echo"),))


def login(request: Request, _service: Service) -> Answer:
    """`/login/basic`, `/login/bearer`, `/login/signed`: 401 without the right credentials."""
    given = request.headers.get("authorization", "")
    wanted = BASIC if request.parts[1] == "basic" else "Bearer open-sesame"
    signed = given.startswith("AWS4-HMAC-SHA256 ") and "/eu-north-1/execute-api/aws4_request" in given
    known = signed if request.parts[1] == "signed" else given == wanted
    return Answer({"token": "t0ken-of-the-session", "known": True}) if known else Answer({"known": False}, 401)


def token(request: Request, _service: Service) -> Answer:
    """`/token/KEY`: an access token for the client `con:formance` (RFC 6749, section 4.4); the secret comes back."""
    fields = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
    if request.headers.get("authorization", "").startswith("Basic "):
        pair = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
        names = ("client_id", "client_secret")
        fields |= {name: unquote_plus(each) for name, each in zip(names, pair.split(":"), strict=True)}
    if (fields["client_id"], fields["client_secret"]) != ("con:formance", "open sesame"):
        return Answer({"error": "invalid_client", "error_description": f"not {fields['client_secret']}"}, 401)
    if fields["grant_type"] != "client_credentials" or fields["scope"] != "orders items":
        return Answer({"error": "invalid_scope"}, 400)
    text = f"access-{request.parts[1]}-{request.before}"
    return Answer({"access_token": text, "token_type": "Bearer", "expires_in": 3600})


def once(request: Request, service: Service) -> Answer:
    """`/once/KEY`: 401 without a token of `/token/KEY`, or with one that was here before."""
    given = request.headers.get("authorization", "")
    service.calls[given] += 1
    known = given.startswith(f"Bearer access-{request.parts[1]}-") and service.calls[given] == 1
    return Answer({"known": known, "mirror": given.removeprefix("Bearer ")}, 200 if known else 401)


def session(request: Request, _service: Service) -> Answer:
    """`/session/begin`, which redirects to `/session/home`; this needs both cookies of the session; `/session/end`."""
    if request.parts[1] == "begin":
        cookies = (("Set-Cookie", "sid=s-4711; Path=/session; HttpOnly"), ("Set-Cookie", "theme=dark; Max-Age=600"))
        return Answer(None, 302, (("Location", "/session/home"), *cookies))
    if request.parts[1] == "end":
        return Answer({"ended": True}, 200, (("Set-Cookie", "sid=; Path=/session; Max-Age=0"),))
    known = sorted(each.strip().partition("=")[0] for each in request.headers.get("cookie", "").split(";"))
    return Answer({"known": known}, 200 if "sid" in known else 401)


def content(request: Request, _service: Service) -> Answer:
    """`/content/KIND`: bodies of many kinds."""
    kinds = {
        "text": Answer("plain text, ä", content_type="text/plain; charset=utf-8"),
        "binary": Answer(bytes(range(256)), content_type="application/octet-stream"),
        "empty": Answer(None, 204),
        "not-json": Answer("{no json", content_type="application/json"),
        "large": Answer({"text": "x" * 400_000}),
        "template": Answer({"text": "{{ secret('conformance') }}", "sum": "{{ 1 + 1 }}"}),
        "numbers": Answer('{"exact": 0.1, "long": 12345678901234567890.123456789, "whole": 2.0}'),
        "half": Answer('{"text": "x\\ud83dy", "\\udfaa": "a key", "ok": 1}'),
        "deep": Answer("[" * 100 + "]" * 100),
        "too-deep": Answer('{"items": ' + "[" * 100 + "]" * 100 + "}"),
        "endless": Answer("[" * 100_000),
        "extreme": Answer('{"large": 1e400, "small": 1e-400, "long": ' + "7" * 4300 + "}"),
        "huge": Answer('{"id": 1, "number": 1e1000000000}'),
        "million-digits": Answer('{"id": 1, "number": ' + "7" * 1_000_000 + "}"),
        "cookies": Answer({}, headers=(("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Test", "one"))),
    }
    return kinds[request.parts[1]]


def traced(request: Request, _service: Service) -> Answer:
    """The run that a request names, and whether both headers of its trace name the same one."""
    xray = request.headers.get("x-amzn-trace-id", "").partition(";")[0].removeprefix("Root=1-").replace("-", "")
    traces = {xray, request.headers.get("traceparent", "").removeprefix("00-")[:32]}
    return Answer({"run_id": request.headers.get("x-awsit-run-id"), "one_trace": len(traces) == 1 and traces != {""}})


def parent(request: Request, _service: Service) -> Answer:
    """The trace of X-Ray that a request names, and what its segments hang on."""
    header = dict(part.split("=") for part in request.headers["x-amzn-trace-id"].split(";"))
    return Answer({"trace_id": header["Root"], "parent_id": header["Parent"], "sampled": header["Sampled"]})


def order(_asked: Request, _service: Service) -> Answer:
    """A document with a bit of everything, for assertions."""
    items = [{"name": "book", "price": 12.5, "tags": ["paper", "new"]}, {"name": "pen", "price": 1.2, "tags": []}]
    made = {"id": "7f3c1e6a-58c2-4d0e-9b1a-2f6d4c8e7a90", "at": "2030-01-01T00:00:03Z"}
    return Answer({**made, "status": "created", "items": items, "total": 13.7, "paid": False, "note": None})


ROUTES: dict[str, Callable[[Request, Service], Answer]] = {
    each.__name__: each
    for each in (
        *(echo, status, flaky, job, count, delay, late, redirect),
        *(login, token, once, session, content, order, traced, parent),
    )
}


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "conformance", ""

    def __getattr__(self, name: str) -> Any:
        """Every method is handled alike."""
        if name.startswith("do_"):
            return self.handle_any
        raise AttributeError(name)

    def handle_any(self) -> None:
        """Answer one request."""
        service = self.server.service
        split = urlsplit(self.path)
        before = service.calls[split.path]
        service.calls[split.path] += 1
        parts = split.path.strip("/").split("/")
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, parts, parse_qs(split.query, keep_blank_values=True), headers, body, before)
        self.send(ROUTES[parts[0]](request, service) if parts[0] in ROUTES else Answer({"found": False}, 404))

    def send(self, answer: Answer) -> None:
        """Write the answer, or hang up."""
        if answer.hang_up:
            self.close_connection = True
            return
        raw = answer.body if isinstance(answer.body, bytes | str | None) else json.dumps(answer.body)
        body = raw.encode() if isinstance(raw, str) else raw or b""
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
            body = b""
        if body:
            self.send_header("Content-Type", answer.content_type)
        if answer.status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """One that does not complain of clients that have gone, as those of time-out tests do."""

    daemon_threads = True

    def __init__(self) -> None:
        """Listen on a free port of loopback."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.service = Service(f"http://127.0.0.1:{self.server_address[1]}")

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[Service]:
    """The server, for as long as the block runs."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.service
    finally:
        server.service.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
