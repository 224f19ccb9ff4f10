"""A time by which AWS calls end, whatever the service does: all of a block's calls share it.

botocore's read time-out bounds each read of a socket, so a service that sends a byte now and then is never timed out,
and its retries begin the time anew. Here the calls of a block are sent by an HTTP session of their own, which bounds
the whole of each response, head and body, by what is left; nothing is repeated for which there is not enough time.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http import HTTPStatus
from time import monotonic
from typing import Any

from botocore import awsrequest
from botocore.endpoint import EndpointCreator
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session
from urllib3 import PoolManager, Timeout

from awsit.http.framing import BoundedReader

LONGEST_BACKOFF = 20.0
"""Seconds that botocore waits at most before it repeats a call.

Source: AWS SDKs and Tools Reference Guide, "Retry behavior", mode `standard`.
"""

_SOCKET_OPTIONS = [
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
]
_ends: ContextVar[float | None] = ContextVar("awsit_aws_calls_end", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let all AWS calls of the block end within `seconds`, and within what a block around it allows."""
    ends, outer = monotonic() + seconds, _ends.get()
    token = _ends.set(ends if outer is None else min(ends, outer))
    try:
        yield
    finally:
        _ends.reset(token)


def seconds_left() -> float | None:
    """Seconds that are left for the calls of this thread; None when nothing bounds them."""
    ends = _ends.get()
    return None if ends is None else ends - monotonic()


def limit_calls(client: Any, verify: str | None, connect_timeout: float) -> None:
    """Make a botocore client keep to `within`. `verify` names the file of trusted certificates, if it is configured."""
    creator: Any = EndpointCreator(client.meta.events)
    endpoint = creator.create_endpoint(
        client.meta.service_model,
        client.meta.region_name,
        client.meta.endpoint_url,
        verify=verify,
        timeout=(connect_timeout, client.meta.config.read_timeout),
        max_pool_connections=client.meta.config.max_pool_connections,
        http_session_cls=_LimitedSession,
        socket_options=_SOCKET_OPTIONS,
    )

    def send(request: Any, **_: Any) -> Any:
        if seconds_left() is None:
            return None
        request.headers.pop("Expect", None)  # not to wait for a go-ahead, which botocore does without a limit
        return endpoint.http_session.send(request)

    client.meta.events.register("before-send.*.*", send)
    client.meta.events.register_first("needs-retry.*.*", _give_up_in_time)


def _give_up_in_time(operation: Any, attempts: int, response: Any, caught_exception: Any, **_: Any) -> None:
    """Raise what a call ended with instead of repeating it, when the wait before that could outlast the time."""
    left = seconds_left()
    if left is None or left > min(2.0 ** (attempts - 1), LONGEST_BACKOFF):
        return
    if caught_exception is not None:
        raise caught_exception
    http_response, parsed = response
    if http_response.status_code >= HTTPStatus.BAD_REQUEST:
        raise ClientError(parsed, operation.name)


class _LimitedResponse(awsrequest.AWSHTTPResponse):
    """A response that is read, from its first byte to its last, within the time-out that its socket begins with."""

    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, status_tuple=None, **options)
        self.fp = io.BufferedReader(BoundedReader(self.fp.detach(), sock))


class _LimitedConnection(awsrequest.AWSHTTPConnection):
    response_class = _LimitedResponse


class _LimitedTlsConnection(awsrequest.AWSHTTPSConnection):
    response_class = _LimitedResponse


class _LimitedPool(awsrequest.AWSHTTPConnectionPool):
    ConnectionCls = _LimitedConnection

    def urlopen(self, *args: Any, **options: Any) -> Any:
        return super().urlopen(*args, **{**options, "timeout": _timeout(self.timeout)})


class _LimitedTlsPool(awsrequest.AWSHTTPSConnectionPool):
    ConnectionCls = _LimitedTlsConnection

    def urlopen(self, *args: Any, **options: Any) -> Any:
        return super().urlopen(*args, **{**options, "timeout": _timeout(self.timeout)})


class _LimitedSession(URLLib3Session):
    """botocore's HTTP session, with its proxies and certificates, whose connections keep to the time."""

    _manager: PoolManager

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._pool_classes_by_scheme = {"http": _LimitedPool, "https": _LimitedTlsPool}
        self._manager.pool_classes_by_scheme = self._pool_classes_by_scheme


def _timeout(usual: Timeout) -> Timeout:
    """The usual time-outs, or the time that is left where that is less; never nothing, which urllib3 refuses."""
    left = max(seconds_left() or 0.0, 0.001)
    connect = usual.connect_timeout
    return Timeout(connect=min(left, connect) if isinstance(connect, int | float) else left, total=left)
