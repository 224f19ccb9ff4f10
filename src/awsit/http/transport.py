"""HTTP over pooled connections, with urllib3."""

from __future__ import annotations

from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager, Retry

from awsit.http.deadline import POOL_CLASSES, Deadline
from awsit.http.errors import as_action_error, too_large
from awsit.http.validation import check_request
from awsit.model.ports import HttpRequest, HttpResponse

SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization", "x-amz-security-token", "x-api-key"})
"""Headers that hold credentials: not sent on to another host after a redirect, and not shown."""

_POOL_SIZE = 10


class Urllib3Transport:
    """The real `HttpTransport`. Keep one for the process; it may be used by several threads.

    Proxies are used only when they are given; `no_proxy` is a list of hosts and suffixes, separated by commas.
    """

    def __init__(self, http_proxy: str = "", https_proxy: str = "", no_proxy: str = "") -> None:
        self._proxies = {"http": http_proxy, "https": https_proxy}
        self._no_proxy = no_proxy
        self._managers: dict[tuple[bool | str, str], PoolManager] = {}
        self._lock = Lock()

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send once, following redirects if asked; nothing is sent again after an error.

        Raises ActionError of kind timeout, connection or validation. A status of any class is a response.
        A redirect keeps the method (303 makes it GET); credentials are not sent to another host.
        """
        check_request(request)
        started = monotonic()
        try:
            response = self._open(request)
            body = _read(response, request)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise as_action_error(error, request) from error
        headers = {name.lower(): response.headers[name] for name in response.headers}
        return HttpResponse(response.status, headers, body, _final_url(request, response), monotonic() - started)

    def close(self) -> None:
        """Close the pooled connections."""
        with self._lock:
            for manager in self._managers.values():
                manager.clear()
            self._managers.clear()

    def _open(self, request: HttpRequest) -> BaseHTTPResponse:
        return self._manager(request).urlopen(
            request.method,
            request.url,
            redirect=request.follow_redirects,
            body=request.body,
            headers=dict(request.headers),
            retries=_only_redirects(request) if request.follow_redirects else False,
            timeout=Deadline(request.timeout_seconds, request.connect_timeout_seconds),
            preload_content=False,
        )

    def _manager(self, request: HttpRequest) -> PoolManager:
        key = (request.verify, self._proxy(request.url))
        with self._lock:
            if key not in self._managers:
                self._managers[key] = _new_manager(*key)
            return self._managers[key]

    def _proxy(self, url: str) -> str:
        parts = urlsplit(url)
        proxy = self._proxies[parts.scheme]
        return "" if _matches(parts.hostname or "", self._no_proxy) else proxy


def _matches(host: str, no_proxy: str) -> bool:
    suffixes = [each.strip().lstrip("*.").lower() for each in no_proxy.split(",")]
    return no_proxy.strip() == "*" or any(each and f".{host}".endswith(f".{each}") for each in suffixes)


def _new_manager(verify: bool | str, proxy: str) -> PoolManager:
    settings: dict[str, Any] = {"num_pools": _POOL_SIZE, "maxsize": _POOL_SIZE}
    settings["cert_reqs"] = "CERT_REQUIRED" if verify else "CERT_NONE"
    settings["ca_certs"] = verify if isinstance(verify, str) else None
    if not verify:
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)  # the scenario says that it knows
    manager = ProxyManager(proxy, **settings) if proxy else PoolManager(**settings)
    manager.pool_classes_by_scheme = POOL_CLASSES
    return manager


def _only_redirects(request: HttpRequest) -> Retry:
    return Retry(
        total=request.max_redirects,
        connect=False,
        read=False,
        status=False,
        other=False,
        redirect=request.max_redirects,
        respect_retry_after_header=False,  # waiting is the engine's
        remove_headers_on_redirect=SECRET_HEADERS,
    )


def _read(response: BaseHTTPResponse, request: HttpRequest) -> bytes:
    whole = False
    try:
        body = response.read(request.max_response_bytes + 1, decode_content=True)
        whole = len(body) <= request.max_response_bytes
    finally:
        if whole:
            response.release_conn()
        else:
            response.close()  # what is left of the response must not reach the connection's next user
    if not whole:
        raise too_large(request)
    return body


def _final_url(request: HttpRequest, response: BaseHTTPResponse) -> str:
    url = request.url
    for hop in response.retries.history if response.retries else ():
        url = urljoin(url, hop.redirect_location or "")
    return url
