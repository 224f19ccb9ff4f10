"""The gate in front of the emulator: it routes by Host as AWS does, and lets nothing pass that only AWS could answer.

The emulator answers a few paths itself, `/health` and `/login` among them, whatever the Host is. Requests for an API or
a function URL therefore go to it below a path that names the API or the function, which it answers from there alone.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any, Protocol

from awsit.http.addressing.aws_hosts import REFUSED, is_aws_host

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]
PinSigned = Callable[[str, str, Mapping[str, Any], Headers], None]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MISDIRECTED = 421
"""RFC 9110, section 15.5.20: the server cannot answer for this host."""

_API = re.compile(r"([a-z0-9]+)\.execute-api\.(?:[a-z0-9-]+\.amazonaws\.com(?:\.cn)?|localhost)")
_FUNCTION_URL = re.compile(r"([a-z0-9-]+)\.lambda-url\.[a-z0-9-]+\.(?:on\.aws|localhost)")
_BUCKET = re.compile(r"(?:.+\.)?s3[.-](?:[a-z0-9.-]+\.)?amazonaws\.com(?:\.cn)?")
_GRAPHQL_API = re.compile(r"([a-z0-9]+)\.appsync-(?:realtime-)?api\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?")
_SIGN_IN = re.compile(r"([^.]+)\.auth(?:-fips)?\.[a-z0-9-]+\.amazoncognito\.com")
_USER_POOLS = re.compile(r"cognito-idp(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?")
_USER_POOL_PATH = re.compile(r"/([^/]+)/\.well-known/[^/]+", re.DOTALL)
_EMULATOR_PATHS = re.compile(r"/health|/_(?:ministack|localstack|aws|alb)(?:/.*)?", re.DOTALL)
_SIGN_IN_PATHS = re.compile(r"/log(?:in|out)|/oauth2/.*", re.DOTALL)


class EmulatedNames(Protocol):
    """What the emulated account has."""

    def has_api(self, api_id: str) -> bool:
        """Whether there is an API of this ID."""

    def has_function_url(self, url_id: str) -> bool:
        """Whether a function has the URL of this ID."""

    def has_graphql_api(self, api_id: str) -> bool:
        """Whether there is an AppSync API of this ID, for GraphQL or for events."""

    def has_user_pool(self, pool_id: str) -> bool:
        """Whether there is a Cognito user pool of this ID."""

    def has_sign_in(self, prefix: str) -> bool:
        """Whether a user pool has its sign-in pages under this prefix."""

    def has_service(self, name: str) -> bool:
        """Whether it has the AWS service, by the first label of its endpoint."""


class Gate:
    """The ASGI application `app`, behind the gate."""

    def __init__(self, app: App, names: EmulatedNames) -> None:
        self._app, self._names = app, names
        self._data_planes = (
            (_API, names.has_api, "the sandbox has no API {0[1]}"),
            (_FUNCTION_URL, names.has_function_url, "no function of the sandbox has {0[0]}"),
            (_GRAPHQL_API, names.has_graphql_api, "the sandbox has no AppSync API {0[1]}"),
            (_SIGN_IN, names.has_sign_in, "no user pool of the sandbox has the domain {0[1]}"),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or one WebSocket, or pass it on."""
        host = _host(scope.get("headers", ())) if scope["type"] in {"http", "websocket"} else ""
        reason = self._refusal(host, scope.get("path", "")) or _taken_path(scope, host)
        if reason:
            await _refuse(scope, reason, receive, send)
        else:
            await self._app(_led(scope, host), receive, send)

    def _refusal(self, host: str, path: str) -> str:
        """Why the sandbox cannot answer for the host; empty when it can."""
        for pattern, exists, reason in self._data_planes:
            match = pattern.fullmatch(host)
            if match:
                return "" if exists(match[1]) else reason.format(match)
        if not is_aws_host(host) or _BUCKET.fullmatch(host):
            return ""
        pool = _USER_POOL_PATH.fullmatch(path) if _USER_POOLS.fullmatch(host) else None
        if pool and not self._names.has_user_pool(pool[1]):
            return "the sandbox has no such user pool"
        is_emulated = self._names.has_service(host.partition(".")[0])
        return "" if is_emulated else f"{host} is a host of AWS that it does not emulate"


def _taken_path(scope: Scope, host: str) -> str:
    """Why a path cannot mean at the host what it means on AWS: the emulator answers it itself. Empty when it can."""
    if not is_aws_host(host) or _API.fullmatch(host) or _FUNCTION_URL.fullmatch(host):
        return ""
    path = scope["path"]
    if _EMULATOR_PATHS.fullmatch(path) or (_SIGN_IN_PATHS.fullmatch(path) and not _SIGN_IN.fullmatch(host)):
        return f"the sandbox keeps this path for itself: {host} does not answer it here"
    return ""


def as_signed(pin: PinSigned) -> PinSigned:
    """`pin`, which notes what a signature covers, for the path that the client signed: without what the gate added."""

    def pin_as_signed(method: str, raw_path: str, query: Mapping[str, Any], headers: Headers) -> None:
        pin(method, raw_path.removeprefix(_prefix(_host(headers))), query, headers)

    return pin_as_signed


def _host(headers: Headers) -> str:
    values = (value for name, value in headers if name.lower() == b"host")
    return str(next(values, b"").decode("latin-1")).lower().partition(":")[0].rstrip(".")


def _led(scope: Scope, host: str) -> Scope:
    """The request with its API or function named by the path too."""
    prefix = _prefix(host)
    if not prefix:
        return scope
    raw = scope.get("raw_path") or scope["path"].encode()
    return {**scope, "path": prefix + scope["path"], "raw_path": prefix.encode() + raw}


def _prefix(host: str) -> str:
    """The path that names the API or the function of the host; empty for other hosts."""
    api, function_url = _API.fullmatch(host), _FUNCTION_URL.fullmatch(host)
    if api:
        return f"/_aws/execute-api/{api[1]}"
    return f"/_aws/lambda-url/{function_url[1]}" if function_url else ""


async def _refuse(scope: Scope, reason: str, receive: Receive, send: Send) -> None:
    """Answer with the reason once the request is read: a client that still sends would see a broken connection."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": reason})
        return
    while (await receive()).get("more_body"):
        pass
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (REFUSED.encode(), reason.encode("latin-1", "replace"))]
    await send({"type": "http.response.start", "status": MISDIRECTED, "headers": headers})
    await send({"type": "http.response.body", "body": f"{reason}\n".encode()})
