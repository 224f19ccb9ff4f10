"""HTTP over pooled connections, with urllib3."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from http import HTTPStatus
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import urllib3
from msgspec import Struct
from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager
from urllib3.connection import port_by_scheme
from urllib3.poolmanager import PoolKey

from awsit.errors import ActionError, Effect
from awsit.http import redirects
from awsit.http.addressing import proxies
from awsit.http.addressing.aws_hosts import REFUSED, readdressed, refusal
from awsit.http.addressing.destinations import Destinations
from awsit.http.connections import DirectPool, pool_classes
from awsit.http.deadline import Deadline
from awsit.http.decoding import DecodingError, codings_of, decoded
from awsit.http.errors import as_action_error, several_locations, too_large, too_many_redirects
from awsit.http.framing import WholeResponse
from awsit.http.tls import client_context
from awsit.http.urls import Address, address, normalized, origin
from awsit.http.validation import check_request, shown_url
from awsit.http.websockets.urls import socket_url
from awsit.http.websockets.wires import wire_to
from awsit.model.connections.transport import Wire
from awsit.model.http import ClientCertificate, Cookie, HttpRequest, HttpResponse
from awsit.records import replace

if TYPE_CHECKING:
    from awsit.http.cookies import Jar

_HOSTS = 10
_CONNECTIONS = 100
"""How many idle connections to a host are kept: as many as may be used at once by a load, by default."""
_CHUNK = 64 * 1024
_URLS = 32
"""Of so many URLs it is remembered where they lead."""
_NO_RETRIES = urllib3.Retry.from_int(False, redirect=False)
_ONE_MANAGER = PoolKey._make([None] * len(PoolKey._fields))
"""The key without what the pools of one manager differ in."""
_FAILURES = (urllib3.exceptions.HTTPError, DecodingError, OSError, ValueError)


class Urllib3Transport:
    """The real `HttpTransport`. Keep one for the process; it may be used by several threads.

    Proxies are used only when they are given; `no_proxy` names the hosts that are reached without (`proxies`). With an
    `aws_endpoint`, which emulates AWS, requests to hosts of AWS go there and keep their Host. A host that leads to none
    of the `destinations` is refused, also after a redirect; behind a proxy, one that is written as such an address.
    """

    def __init__(
        self,
        http_proxy: str = "",
        https_proxy: str = "",
        no_proxy: str = "",
        *,
        aws_endpoint: str = "",
        destinations: Destinations | None = None,
    ) -> None:
        self._proxies = {"http": http_proxy, "https": https_proxy}
        self._has_proxies = bool(http_proxy or https_proxy)
        self._no_proxy = no_proxy
        self._aws_endpoint = aws_endpoint
        self._destinations = destinations or Destinations()
        self._pool_classes = pool_classes(self._destinations)
        self._connection: Any = self._pool_classes["http"].ConnectionCls
        self._managers: dict[tuple[bool | str, str, ClientCertificate | None], PoolManager] = {}
        self._lock = Lock()

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send once, following redirects if asked; nothing is sent again after an error.

        Raises ActionError of kind timeout, connection or validation. A status of any class is a response.
        """
        check_request(request)
        started = monotonic()
        deadline = Deadline(request.timeout_seconds, request.connect_timeout_seconds)
        url = normalized(request.url, path_as_is=request.path_as_is)
        hop = request if url == request.url else replace(request, url=url)
        followed: list[int] = []
        try:
            response = self._followed(request, hop, deadline, followed, started)
        except ActionError as error:
            if followed:  # it is not known what was done where the first request was sent
                error.effect = Effect.UNKNOWN
                error.message += f" (a redirect of {request.method} {shown_url(request.url)} led there)"
            raise
        if response is None:
            raise too_many_redirects(request)
        return response

    def _followed(
        self, request: HttpRequest, hop: HttpRequest, deadline: Deadline, followed: list[int], started: float
    ) -> HttpResponse | None:
        """The response at the end of the redirects, if they end; statuses that led to it are added to `followed`."""
        jar = None if request.cookies is None else _jar(request.cookies)
        while len(followed) <= request.max_redirects:
            head, body = self._exchange(_with_cookies(hop, jar), deadline)
            if jar:
                jar.store(hop.url, head.set_cookies)
            location = head.followed(request)
            if not location:
                return HttpResponse(
                    head.status,
                    head.headers,
                    body,
                    hop.url,
                    monotonic() - started,
                    method=hop.method,
                    redirects=tuple(followed),
                    set_cookies=head.set_cookies,
                    cookies=jar.cookies() if jar else (),
                )
            followed.append(head.status)
            hop = redirects.next_request(hop, head.status, location)
        return None

    def connect(self, request: HttpRequest) -> Wire:
        """As `HttpTransport`."""
        check_request(request)
        readdressed_request = readdressed(request, self._aws_endpoint)
        proxy = self._proxy(readdressed_request.url)
        try:
            if proxy:
                _, host, port = origin(request.url)
                self._destinations.check_literal(host, port or 0)
            return wire_to(readdressed_request, proxy, self._connection)
        except _FAILURES as error:
            raise as_action_error(error, replace(request, url=socket_url(request.url))) from error

    def close(self) -> None:
        """Close the pooled connections."""
        with self._lock:
            for manager in self._managers.values():
                manager.clear()
            self._managers.clear()

    def _exchange(self, request: HttpRequest, deadline: Deadline) -> tuple[_Head, bytes]:
        try:
            response = self._open(readdressed(request, self._aws_endpoint), deadline)
        except _FAILURES as error:
            raise as_action_error(error, request) from error
        head = _Head.of(response)
        if self._aws_endpoint and REFUSED in head.headers:
            response.close()
            raise refusal(request, head.headers[REFUSED])
        return head, _read(response, head, request, deadline)

    def _open(self, request: HttpRequest, deadline: Deadline) -> WholeResponse | BaseHTTPResponse:
        manager = self._manager(request)
        headers = {"User-Agent": urllib3.util.SKIP_HEADER, **request.headers}  # or urllib3 adds its own
        if not isinstance(manager, ProxyManager):
            to, key = _place(request.url)
            pool = manager.pools.get(key) or manager.connection_from_host(to.host, to.port, to.scheme)
            assert isinstance(pool, DirectPool)
            return pool.exchange(request.method, to.target, request.body, headers, deadline)
        _, host, port = origin(request.url)
        self._destinations.check_literal(host, port or 0)
        return manager.urlopen(
            request.method,
            request.url,
            redirect=False,
            body=request.body,
            headers=headers,
            retries=_NO_RETRIES,
            timeout=deadline.timeout(),
            preload_content=False,
        )

    def _manager(self, request: HttpRequest) -> PoolManager:
        key = (request.verify, self._proxy(request.url), request.client_certificate)
        with self._lock:
            manager = self._managers.get(key)
            if manager is None:
                manager = self._managers[key] = _new_manager(*key)
                manager.pool_classes_by_scheme = self._pool_classes
            return manager

    def _proxy(self, url: str) -> str:
        if not self._has_proxies:
            return ""
        parts = urlsplit(url)
        proxy = self._proxies[parts.scheme]
        if not proxy or (self._aws_endpoint and parts.netloc == urlsplit(self._aws_endpoint).netloc):
            return ""
        return "" if proxies.is_excluded(parts.hostname or "", self._no_proxy) else proxy


def _jar(cookies: tuple[Cookie, ...]) -> Jar:
    from awsit.http.cookies import Jar  # needed by few runs, and slow to import

    return Jar(cookies)


def _with_cookies(request: HttpRequest, jar: Jar | None) -> HttpRequest:
    header = jar.header(request.url) if jar and not any(name.lower() == "cookie" for name in request.headers) else None
    return replace(request, headers={**request.headers, "Cookie": header}) if header else request


def _new_manager(verify: bool | str, proxy: str, certificate: ClientCertificate | None) -> PoolManager:
    settings: dict[str, Any] = {"num_pools": _HOSTS, "maxsize": _CONNECTIONS}
    settings["cert_reqs"] = "CERT_REQUIRED" if verify else "CERT_NONE"
    settings["ca_certs"] = verify if isinstance(verify, str) and not certificate else None
    if certificate:
        settings["ssl_context"] = client_context(verify, certificate)
    if not verify:
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)  # the scenario says that it knows
    manager = ProxyManager(proxy, **settings) if proxy else PoolManager(**settings)
    manager.key_fn_by_scheme = dict.fromkeys(("http", "https"), partial(_pool_key))
    return manager


def _pool_key(settings: dict[str, Any]) -> PoolKey:
    """What the pools of one manager differ in. The key that urllib3 makes has all settings, for each request again."""
    return _ONE_MANAGER._replace(
        key_scheme=settings["scheme"].lower(), key_host=settings["host"].lower(), key_port=settings["port"]
    )


@lru_cache(maxsize=_URLS)
def _place(url: str) -> tuple[Address, PoolKey]:
    """The address of a normalized URL, and the key of the pool whose connections lead there."""
    to = address(url)
    port = port_by_scheme[to.scheme] if to.port is None else to.port
    return to, _pool_key({"scheme": to.scheme, "host": to.host, "port": port})


class _Head(Struct, frozen=True):
    """What a response begins with. Header names in lower case; several of one name joined, each `Set-Cookie` apart."""

    status: int
    headers: dict[str, str]
    set_cookies: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()

    @classmethod
    def of(cls, response: WholeResponse | BaseHTTPResponse) -> Self:
        if isinstance(response, WholeResponse):
            fields = response.fields
        else:
            fields = [(name.lower(), value) for name, value in response.headers.items()]
        headers = dict(fields)
        if len(headers) < len(fields):
            headers = {name: ", ".join([value for other, value in fields if other == name]) for name in headers}
        cookies = tuple([value for name, value in fields if name == "set-cookie"]) if "set-cookie" in headers else ()
        locations = tuple([value for name, value in fields if name == "location"]) if "location" in headers else ()
        return cls(response.status, headers, cookies, locations)

    def followed(self, request: HttpRequest) -> str | None:
        """Where it redirects to, if the request follows redirects; its own body is then passed over."""
        if not request.follow_redirects or self.status not in redirects.STATUSES:
            return None
        locations = dict.fromkeys(self.locations)
        if len(locations) > 1:
            raise several_locations(request, list(locations))
        return next(iter(locations), None)


def _read(response: WholeResponse | BaseHTTPResponse, head: _Head, request: HttpRequest, deadline: Deadline) -> bytes:
    """The body, decoded. The connection can be used again only if all of it was read."""
    is_part = head.status == HTTPStatus.PARTIAL_CONTENT
    whole = False
    body = bytearray()
    try:
        codings = [] if head.followed(request) else codings_of(head.headers.get("content-encoding", ""))
        for piece in decoded(_chunks(response), codings, is_part=is_part):
            body += piece
            deadline.check()
            if len(body) > request.max_response_bytes:
                raise too_large(request)
        whole = True
    except _FAILURES as error:
        partial = HttpResponse(head.status, head.headers, bytes(body), request.url)
        raise as_action_error(error, request, partial) from error
    finally:
        if whole:
            response.release_conn()
        else:
            response.close()  # what is left of the response must not reach the connection's next user
    return bytes(body)


def _chunks(response: WholeResponse | BaseHTTPResponse) -> Iterator[bytes]:
    if isinstance(response, WholeResponse):
        return iter((response.body,) if response.body else ())
    return iter(partial(response.read1, _CHUNK, decode_content=False), b"")
