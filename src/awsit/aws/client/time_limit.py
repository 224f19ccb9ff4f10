"""A time by which AWS calls end, whatever the service does: all of a block's calls share it.

botocore's read time-out bounds each read of a socket, so a service that sends a byte now and then is never timed out,
and its retries begin the time anew. Here the pooled connections of a client bound the whole of each response, head and
body, by what is left of the time, and nothing is repeated for which there is not enough.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from botocore import awsrequest
from botocore.exceptions import ClientError
from urllib3 import HTTPConnectionPool, Timeout
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from awsit.aws.client.deadline import seconds_left
from awsit.http.addressing.lookup import connect_in_time
from awsit.http.deadline import BoundedReader

LONGEST_BACKOFF = 20.0
"""Seconds that botocore waits at most before it repeats a call.

Source: AWS SDKs and Tools Reference Guide, "Retry behavior", mode `standard`.
"""


def limit_calls(client: Any) -> None:
    """Make a botocore client keep to `within`. Its pools make other connections, which no public setting of it chooses.

    What is public falls short. `Config` (and `read_timeout` in a request's context) bounds each read, and a client for
    each time-out would open its connections anew. A handler of `before-send` may send the request itself, but all
    handlers of that event are called, so it would be sent although moto answers it. A session's components do not
    include the HTTP session. The proxies' managers share the mapping of pool classes, hence it is changed in place.
    """
    client._endpoint.http_session._pool_classes_by_scheme.update(_POOL_CLASSES)  # noqa: SLF001
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
    """A response that is read, from its first byte to its last, in the time that is left for it, if that is bounded."""

    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, status_tuple=None, **options)
        if seconds_left() is not None:
            self.fp = io.BufferedReader(BoundedReader(self.fp.detach(), sock))


class _LimitedConnection(awsrequest.AWSHTTPConnection):
    response_class = _LimitedResponse

    def _new_conn(self) -> socket.socket:
        return connect_in_time(self, self._dns_host, super()._new_conn)

    def send(self, data: Any) -> Any:
        _bound(self.sock)
        return super().send(data)


class _LimitedTlsConnection(awsrequest.AWSHTTPSConnection):
    response_class = _LimitedResponse

    def _new_conn(self) -> socket.socket:
        return connect_in_time(self, self._dns_host, super()._new_conn)

    def send(self, data: Any) -> Any:
        _bound(self.sock)
        return super().send(data)


class _LimitedPool(awsrequest.AWSHTTPConnectionPool):
    ConnectionCls = _LimitedConnection

    def urlopen(self, *args: Any, **options: Any) -> Any:
        with _sending(self, options):
            return super().urlopen(*args, **_in_time(options, self.timeout))


class _LimitedTlsPool(awsrequest.AWSHTTPSConnectionPool):
    ConnectionCls = _LimitedTlsConnection

    def urlopen(self, *args: Any, **options: Any) -> Any:
        with _sending(self, options):
            return super().urlopen(*args, **_in_time(options, self.timeout))


_POOL_CLASSES = {"http": _LimitedPool, "https": _LimitedTlsPool}


def _in_time(options: Mapping[str, Any], usual: Timeout) -> Mapping[str, Any]:
    """A request's options, bounded by the time that is left, if there is one.

    It does not wait for a go-ahead (`Expect`): botocore reads that without a limit.
    """
    left = seconds_left()
    if left is None:
        return options
    left = max(left, 0.001)  # urllib3 refuses a time-out of nothing
    connect = usual.connect_timeout
    timeout = Timeout(connect=min(left, connect) if isinstance(connect, int | float) else left, total=left)
    headers = {name: value for name, value in options["headers"].items() if name.lower() != "expect"}
    return {**options, "headers": headers, "timeout": timeout}


def _bound(sock: socket.socket | None) -> None:
    """Let the next part of a request, such as 16 KB of an upload, be sent in the time that is left for all of it."""
    left = seconds_left()
    if left is not None and sock is not None:
        sock.settimeout(max(left, 0.001))


@contextmanager
def _sending(pool: HTTPConnectionPool, options: Mapping[str, Any]) -> Iterator[None]:
    """Tell a request that was not sent in time from a closed connection: urllib3 has one error for both."""
    try:
        yield
    except ProtocolError as error:
        if isinstance(error.args[-1], TimeoutError):
            raise ReadTimeoutError(pool, options["url"], "the request was not sent in time") from error
        raise
