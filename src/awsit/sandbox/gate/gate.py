"""The gate in front of the emulator: it routes by Host as AWS does, and lets nothing pass that only AWS could answer.

It lets nobody else pass either: no web page, no request for another Host, and, but for the APIs and function URLs of
the sandbox and what AWS takes unsigned, nothing that is not signed with the keys of this start. A page can send no Host
of AWS to the sandbox, for its browser takes the Host from the address: what comes for one may have an Origin, so that
scenarios can test the CORS of their own APIs.

The emulator answers a few paths itself, `/health` and `/login` among them, whatever the Host is. Requests for an API or
a function URL therefore go to it below a path that names the API or the function, which it answers from there alone.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from awsit.http.addressing.aws_hosts import is_aws_host
from awsit.sandbox.gate import answers, callers
from awsit.sandbox.gate.answers import Message, Receive, Scope, Send
from awsit.sandbox.gate.callers import Headers

PinSigned = Callable[[str, str, Mapping[str, Any], Headers], None]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_API = re.compile(r"([a-z0-9]+)\.execute-api\.(?:[a-z0-9-]+\.amazonaws\.com(?:\.cn)?|localhost)")
_FUNCTION_URL = re.compile(r"([a-z0-9-]+)\.lambda-url\.[a-z0-9-]+\.(?:on\.aws|localhost)")
_BUCKET = re.compile(r"(?:.+\.)?s3[.-](?:[a-z0-9.-]+\.)?amazonaws\.com(?:\.cn)?")
_GRAPHQL_API = re.compile(r"([a-z0-9]+)\.appsync-(?:realtime-)?api\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?")
_SIGN_IN = re.compile(r"([^.]+)\.auth(?:-fips)?\.[a-z0-9-]+\.amazoncognito\.com")
_USER_POOLS = re.compile(r"cognito-idp(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?")
_USER_POOL_PATH = re.compile(r"/([^/]+)/\.well-known/[^/]+", re.DOTALL)
_EMULATOR_PATHS = re.compile(r"/health|/_(?:ministack|localstack|aws|alb)(?:/.*)?", re.DOTALL)
_DIRECT_HOSTS = re.compile(r"127\.0\.0\.1|localhost")
_DIRECT_API = re.compile(
    r"/(?:_aws/execute-api/([a-z0-9]+)/[^/]+|restapis/([a-z0-9]+)/[^/]+/_user_request_)(?:/.*)?", re.DOTALL
)
_DIRECT_FUNCTION_URL = re.compile(r"/_aws/lambda-url/([a-z0-9-]+)(?:/.*)?", re.DOTALL)
_GRAPHQL_PATHS = re.compile(r"/(?:graphql|event)(?:/(?:connect|realtime))?")
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

    def has_domain(self, host: str, path: str) -> bool:
        """Whether the host is a custom domain name of an API that answers for the path."""

    def takes_unsigned(self, service: str, operation: str) -> bool:
        """Whether AWS takes this operation of the service without a signature."""


class Signatures(Protocol):
    """The keys with which requests must be signed."""

    def refusal(self, scope: Scope, body: bytes) -> str:
        """Why a request is not of somebody who has the keys; empty when it is."""


class Gate:
    """The ASGI application `app`, behind the gate."""

    def __init__(self, app: App, names: EmulatedNames, keys: Signatures) -> None:
        self._app, self._names, self._keys = app, names, keys
        self._data_planes = (
            (_API, names.has_api, "the sandbox has no API {0[1]}"),
            (_FUNCTION_URL, names.has_function_url, "no function of the sandbox has {0[0]}"),
            (_GRAPHQL_API, names.has_graphql_api, "the sandbox has no AppSync API {0[1]}"),
            (_SIGN_IN, names.has_sign_in, "no user pool of the sandbox has the domain {0[1]}"),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or one WebSocket, or pass it on."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        host, path = _host(scope["headers"]), scope["path"]
        denial = self._denial(scope["headers"], host, path)
        reason = self._refusal(host, path) or _taken_path(scope, host)
        if denial:
            await answers.denied(scope, denial, receive, send)
        elif reason:
            await answers.misdirected(scope, reason, receive, send)
        elif self._is_data_plane(host, path):
            await self._app(_led(scope, host), receive, send)
        elif self._is_served_unsigned(scope, host):
            await self._app(scope, receive, answers.without_cors(send))
        else:
            await self._pass_if_signed(scope, receive, send)

    def _denial(self, headers: Headers, host: str, path: str) -> str:
        """Why nobody who sends such headers is answered; empty for everybody else."""
        if host.endswith(".localhost") and (_API.fullmatch(host) or _FUNCTION_URL.fullmatch(host)):
            return callers.page_refusal(headers)  # a browser takes these names for this machine
        if len(callers.values(headers, "host")) == 1 and is_aws_host(host):
            return ""
        page = callers.page_refusal(headers)
        return page or ("" if self._names.has_domain(host, path) else callers.host_refusal(headers))

    def _is_data_plane(self, host: str, path: str) -> bool:
        """Whether it is for an API, a function URL or sign-in pages, which check their callers themselves."""
        if _API.fullmatch(host) or _FUNCTION_URL.fullmatch(host):
            return True
        if _GRAPHQL_API.fullmatch(host):
            return bool(_GRAPHQL_PATHS.fullmatch(path))
        if _SIGN_IN.fullmatch(host):
            return bool(_SIGN_IN_PATHS.fullmatch(path))
        if is_aws_host(host):
            return False
        if _DIRECT_HOSTS.fullmatch(host):
            return self._is_direct_data_plane(path)
        return not _EMULATOR_PATHS.fullmatch(path)  # a custom domain name

    def _is_direct_data_plane(self, path: str) -> bool:
        api, function_url = _DIRECT_API.fullmatch(path), _DIRECT_FUNCTION_URL.fullmatch(path)
        if api:
            return self._names.has_api(api[1] or api[2])
        return function_url is not None and self._names.has_function_url(function_url[1])

    def _is_served_unsigned(self, scope: Scope, host: str) -> bool:
        method, path, headers = scope.get("method", "GET"), scope["path"], list(scope["headers"])
        if scope["type"] == "websocket" or callers.values(headers, "authorization"):
            return False
        pool = _USER_POOL_PATH.fullmatch(path)
        if pool and method == "GET" and not _BUCKET.fullmatch(host):
            return self._names.has_user_pool(pool[1])
        operation = callers.unsigned_operation(method, path, headers)
        if operation:
            return self._names.takes_unsigned(*operation)
        return callers.served_unsigned(method, path, headers, scope.get("query_string", b"").decode("latin-1"))

    async def _pass_if_signed(self, scope: Scope, receive: Receive, send: Send) -> None:
        received = [] if scope["type"] == "websocket" else await _read(receive)
        body = b"".join(message.get("body", b"") for message in received)
        reason = self._keys.refusal(scope, body)
        replayed = _replay(received, receive)
        if reason:
            await answers.unsigned(scope, reason, replayed, send)
        else:
            await self._app(scope, replayed, answers.without_cors(send))

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
    hosts = callers.values(headers, "host")
    return hosts[0].lower().partition(":")[0].rstrip(".") if hosts else ""


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


async def _read(receive: Receive) -> list[Message]:
    """All messages of a request's body; the emulator reads it whole as well."""
    received = [await receive()]
    while received[-1].get("more_body"):
        received.append(await receive())
    return received


def _replay(received: list[Message], receive: Receive) -> Receive:
    """`receive`, with the messages that were received once more before those to come."""
    left = list(received)

    async def receive_again() -> Message:
        return left.pop(0) if left else await receive()

    return receive_again
