"""The addresses of a host, looked up within a time.

getaddrinfo(3) waits for a resolver as long as that takes (resolv.conf(5): 5 seconds twice for each server), and nothing
can interrupt it. Whoever asks for the same host meanwhile waits for the same look-up.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from ipaddress import ip_address
from time import monotonic

from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import allowed_gai_family

from awsit.system.shared_work import SharedWork


class LookupTimeoutError(ConnectTimeoutError):
    """The host was not resolved in the time that there was to connect."""


_lookups = SharedWork[list[str]]("lookup")


def addresses(host: str, port: int, seconds: float | None) -> list[str]:
    """The addresses of a host, the best first. Raises TimeoutError after `seconds`; gaierror (an OSError)."""
    if _is_address(host):
        return [host]
    return _lookups.result(f"{host}:{port}", partial(_look_up, host, port), seconds)


def _look_up(host: str, port: int) -> list[str]:
    infos = socket.getaddrinfo(host, port, allowed_gai_family(), socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in infos))


def _is_address(host: str) -> bool:
    try:
        ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return True


def connect_in_time(
    connection: HTTPConnection,
    name: str,
    connect: Callable[[], socket.socket],
    check: Callable[[str], None] | None = None,
) -> socket.socket:
    """What `connect` makes of a connection, whose look-up of the host counts as part of the time to connect.

    `name` is the host with the dot that it may end in, which `connection.host` leaves out when it is read.

    As in urllib3, each address of the host has all of the time, and the error of the last one is raised. `check` is
    called with each address before any is connected to, and raises for one that is refused; the connection goes to
    these very addresses, so that a second answer of the resolver changes nothing.
    """
    seconds = connection.timeout
    if check is None and (seconds is None or _is_address(name)):
        return connect()
    started = monotonic()
    found = _found(connection, name, seconds)
    if check:
        for address in found:
            check(address)
    if seconds is not None:
        connection.timeout = max(seconds - (monotonic() - started), 0.001)
    try:
        return _first_that_connects(connection, connect, found)
    finally:
        connection.host, connection.timeout = name, seconds  # the Host header and TLS keep the name


def _found(connection: HTTPConnection, name: str, seconds: float | None) -> list[str]:
    try:
        return addresses(name, connection.port, seconds)
    except TimeoutError as error:
        raise LookupTimeoutError(connection, f"{name} was not resolved within {seconds:g} s") from error
    except socket.gaierror as error:
        raise NameResolutionError(name, connection, error) from error


def _first_that_connects(
    connection: HTTPConnection, connect: Callable[[], socket.socket], found: list[str]
) -> socket.socket:
    *others, last = found
    for address in others:
        connection.host = address
        with suppress(NewConnectionError, ConnectTimeoutError):
            return connect()
    connection.host = last
    return connect()
