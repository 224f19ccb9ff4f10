"""Who may call the sandbox: web pages, other hosts, other users, those who sign with keys of nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, MutableMapping
from functools import partial
from itertools import product
from typing import Any

from tests.attack.payload import Payload

from awsit.sandbox.gate.gate import Gate
from awsit.sandbox.gate.signatures import StartKeys

_SECRET = "the-secret-of-this-start"
_OURS = ("127.0.0.1:4566", "localhost:4566", "LOCALHOST", "127.0.0.1")
_AWS = (
    "sqs.eu-west-1.amazonaws.com",
    "s3.amazonaws.com",
    "sts.amazonaws.com",
    "cloudformation.eu-west-1.amazonaws.com",
    "iam.amazonaws.com",
)
_FOREIGN = (
    *(
        "evil.test",
        "evil.test:4566",
        "127.0.0.1.evil.test",
        "localhost.evil.test",
        "127.0.0.1@evil.test",
        "evil.test@127.0.0.1",
    ),
    *(
        "0.0.0.0:4566",
        "[::1]:4566",
        "127.1:4566",
        "2130706433",
        "127.0.0.2:4566",
        "0x7f000001",
        "localtest.me",
        "",
        " ",
    ),
    *(
        "127.0.0.1.nip.io:4566",
        "rebound.test",
        "amazonaws.com.evil.test",
        "sqs.amazonaws.com.evil.test",
        "xamazonaws.com",
    ),
    *(
        "localhost\t",
        "127.0.0.1, evil.test",
        "127.0.0.1/evil.test",
        "127.0.0.1:4566:80",
        "127.0.0.1:x",
        "\x00127.0.0.1",
    ),
)
_PAGES: tuple[Mapping[str, str], ...] = (
    {"Origin": "http://evil.test"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://127.0.0.1:4566"},
    {"Origin": "http://localhost:3000"},
    {"Origin": "file://"},
    {"Origin": "chrome-extension://abc"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none, cross-site"},
    {"Sec-Fetch-Site": ""},
)
_SIGNATURES: Mapping[str, Mapping[str, str]] = {
    "nothing": {},
    "an empty one": {"Authorization": ""},
    "a bearer of nothing": {"Authorization": "Bearer "},
    "a bearer of another start": {"Authorization": "Bearer another-secret"},
    "a bearer of a beginning": {"Authorization": f"Bearer {_SECRET[:-1]}"},
    "a bearer with more": {"Authorization": f"Bearer {_SECRET}x"},
    "a bearer in lower case": {"Authorization": f"bearer {_SECRET}"},
    "basic": {"Authorization": "Basic dGVzdDp0ZXN0"},
    "the keys of every emulator": {
        "Authorization": "AWS4-HMAC-SHA256 Credential=test/20300101/us-east-1/s3/aws4_request, "
        "SignedHeaders=host, Signature=" + "0" * 64
    },
    "the key of an account": {
        "Authorization": "AWS4-HMAC-SHA256 Credential=000000000000/20300101/us-east-1/iam/aws4_request, "
        "SignedHeaders=host, Signature=" + "0" * 64
    },
    "no signed headers": {
        "Authorization": "AWS4-HMAC-SHA256 Credential=test/20300101/us-east-1/iam/aws4_request, Signature=0"
    },
    "the old way": {"Authorization": "AWS test:AAAA"},
    "an algorithm of its own": {"Authorization": "AWS4-NONE Credential=test/20300101/us-east-1/s3/aws4_request"},
    "non-ASCII": {"Authorization": "AWS4-HMAC-SHA256 é"},
}
_QUERIES = (
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test/20300101/us-east-1/s3/aws4_request&X-Amz-Signature=0",
    "X-Amz-Signature=",
    "AWSAccessKeyId=test&Signature=AAAA&Expires=9999999999",
    "Signature=x",
)
_PATHS = (
    *(
        "/",
        "/_ministack/reset",
        "/_ministack/config",
        "/_localstack/init",
        "/_aws/sqs/messages",
        "/2015-03-31/functions",
    ),
    *(
        "/_aws/execute-api/../2015-03-31/functions",
        "/_aws/execute-api/nosuch/prod/x",
        "/restapis/nosuch/prod/_user_request_/x",
    ),
    *("//2015-03-31/functions", "/%2e%2e/_ministack/reset", "/_ministack/health/../reset", "/_MINISTACK/reset"),
)


class _Account:
    """An account that has nothing of what an attacker names."""

    def has_api(self, api_id: str) -> bool:
        return api_id == "a1b2c3d4"

    def has_function_url(self, url_id: str) -> bool:
        return url_id == "abc"

    def has_graphql_api(self, api_id: str) -> bool:
        return not api_id

    def has_user_pool(self, pool_id: str) -> bool:
        return not pool_id

    def has_sign_in(self, prefix: str) -> bool:
        return not prefix

    def has_service(self, name: str) -> bool:
        return bool(name)

    def has_domain(self, host: str, path: str) -> bool:
        return host == "api.shop.example" and bool(path)

    def takes_unsigned(self, service: str, operation: str) -> bool:
        return not (service or operation)


def payloads() -> Iterator[Payload]:
    signed = {"Authorization": f"Bearer {_SECRET}"}
    for host, headers in product(_FOREIGN, (signed, {})):
        yield Payload(f"Host {host!r}, {[*headers]}", partial(_refused, host, headers))
    for page, host, method in product(_PAGES, _OURS[:2], ("GET", "POST", "OPTIONS")):
        attack = partial(_refused, host, {**signed, **page}, method=method)
        yield Payload(f"{method} to {host} of a page {dict(page)}", attack)
    for page in _PAGES:
        attack = partial(_refused, _OURS[0], {**signed, **page}, kind="websocket")
        yield Payload(f"a WebSocket of a page {dict(page)}", attack)
    yield from _unsigned()


def _unsigned() -> Iterator[Payload]:
    hosts = (*_OURS[:1], *_AWS[:2])
    for (name, headers), host in product(_SIGNATURES.items(), hosts):
        yield Payload(f"{name}, to {host}", partial(_refused, host, headers))
    for query, host in product(_QUERIES, hosts):
        yield Payload(f"?{query[:40]} to {host}", partial(_refused, host, {}, query=query))
    for path, host in product(_PATHS, (*_OURS[:1], *_AWS[3:])):
        yield Payload(f"{path} at {host}", partial(_refused, host, {}, path=path))


def _refused(host: str, headers: Mapping[str, str], **request: str) -> str:
    """The request reaches nothing behind the gate, and its answer gives no page leave to read it."""
    reached, sent = _ask(host, headers, **request)
    if reached:
        return f"the emulator was asked for {reached}"
    allowing = [
        name for message in sent for name, _ in message.get("headers", ()) if name.startswith(b"access-control")
    ]
    statuses = [message["status"] for message in sent if message["type"].endswith("response.start")]
    is_refusal = all(400 <= status < 500 for status in statuses) and sent
    return f"it answered with {allowing}" if allowing else "" if is_refusal else f"it answered {sent}"


def _ask(host: str, headers: Mapping[str, str], *, kind: str = "http", **request: str) -> tuple[list[str], list[Any]]:
    """The paths that reached the emulator, and the messages that the gate sent itself."""
    reached: list[str] = []
    sent: list[Any] = []

    async def emulator(scope: MutableMapping[str, Any], _receive: Any, _send: Any) -> None:
        reached.append(scope["path"])

    async def receive() -> dict[str, Any]:
        return {"type": "http.request" if kind == "http" else "websocket.connect", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    path, pairs = request.get("path", "/"), {"host": host, **headers}.items()
    lines = [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs]
    scope = {"type": kind, "path": path, "raw_path": path.encode(), "headers": lines}
    scope |= {"query_string": request.get("query", "").encode(), "method": request.get("method", "GET")}
    asyncio.run(Gate(emulator, _Account(), StartKeys(_SECRET))(scope, receive, send))
    return reached, sent
